;; Active data segments: order, overlap, empty ones, the last byte.
(module
  (memory 1)
  (global $base i32 (i32.const 8))
  (data (i32.const 0) "first")
  (data (i32.const 3) "SECOND")
  (data (i32.const 65535) "z")
  (data (i32.const 65536) "")
  (data (i32.const 100) "\00\ff\80" "joined")
  (func (export "overlap") (result i64) (i64.load (i32.const 0)))
  (func (export "last byte") (result i32) (i32.load8_u (i32.const 65535)))
  (func (export "joined") (result i64 i32) (i64.load (i32.const 100)) (i32.load8_u (i32.const 108)))
  (func (export "the rest is zero") (result i64) (i64.load (i32.const 109))))
