;; An active element segment past the end: no instance.
(module
  (table 2 funcref)
  (func $f)
  (elem (i32.const 1) $f $f)
  (func (export "never runs") (result i32) (i32.const 1)))
