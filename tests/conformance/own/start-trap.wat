;; A start function that traps: no instance.
(module
  (func $start (drop (i32.div_u (i32.const 1) (i32.const 0))))
  (start $start)
  (func (export "never runs") (result i32) (i32.const 1)))
