;; An offset that wraps to the last bytes: one byte too many.
;; features: extended-const
(module
  (memory 1)
  (data (i32.sub (i32.mul (i32.const 0x10000) (i32.const 0x10001)) (i32.const 2)) "abc")
  (func (export "f") (result i32) (i32.const 1)))
