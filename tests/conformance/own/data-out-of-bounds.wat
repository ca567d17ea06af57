;; An active data segment past the end: no instance.
(module
  (memory 1)
  (data (i32.const 65535) "ab")
  (func (export "never runs") (result i32) (i32.const 1)))
