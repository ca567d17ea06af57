;; The module of docs/buffers.md.
(module
  (import "env" "alarm" (func (param i32 i32 i32)))
  (import "host" "write" (func (param i32 i32)))
  (memory (export "memory") 2 64)
  (global (mut i32) (i32.const 1024))
  (func (export "process") (param i32 i32 i32 i32) (result i32) (local.get 1))
  (func (export "score") (param i32 i32) (result f64) (f64.const 0))
  (func (export "flush") (param i32 i32) (result i32) (i32.const 0))
  (func (export "tune") (param f32))
  (func (export "filter compress") (param i32 i32) (result i32) (local.get 1))
  (func (export "malloc") (param i32) (result i32) (i32.const 65536)))
