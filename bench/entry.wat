;; What bench/entry.c calls: little, but not nothing.
(module
  (memory 1)
  (func (export "add") (param i32) (result i32)
    (i32.store (i32.const 16) (i32.add (i32.load (i32.const 16)) (local.get 0)))
    (i32.load (i32.const 16)))
  (func (export "fadd") (param f64) (result f64)
    (f64.store (i32.const 24) (f64.add (f64.load (i32.const 24)) (local.get 0)))
    (f64.load (i32.const 24)))
  (func (export "fail") unreachable))
