(module
  (import "env" "host" (func $host (param i32)))
  (memory (export "memory") 1)
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "call") (param i32) (call $host (local.get 0)))
  (func (export "spin") (loop (i32.store (i32.const 0) (i32.const 1)) (br 0)))
  (func $deep (export "deep") (param i32) (result i32)
    (i32.add (i32.const 1) (call $deep (i32.add (local.get 0) (i32.const 1))))))
