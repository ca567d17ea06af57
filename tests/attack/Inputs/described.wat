;; Neither memory.size nor memory.grow: pages can be added for mailboxes.
(module
  (import "env" "log" (func (param i32 i32)))
  (import "a b" "\c3\a4\22" (func (param i64 i32 i32) (result i32)))
  (memory (export "memory") 1 4)
  (global (export "set") (mut i32) (i32.const 0))
  (global (export "\"\\") i32 (i32.const 64))
  (func $f (export "f") (param i32 i32 i32 i32 f32) (result i32) (i32.load (local.get 0)))
  (func (export "f_batch") (param i32 i32) (result f64) (f64.const 0))
  (func (export "") (param i32 i32))
  (func (export "here") (result i32) (i32.const 4096)))
