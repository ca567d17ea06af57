;; Addresses above 2^31 in a memory that reaches there, and address arithmetic that
;; would be negative if it were signed.
(module
  (memory 1 1024)
  (func $load (param i32 i32) (result i32) (i32.load8_u (i32.add (local.get 0) (local.get 1))))
  (func (export "grow to the default limit") (result i32) (memory.grow (i32.const 1023)))
  (func (export "last byte") (result i32)
    (i32.store8 (i32.const 67108863) (i32.const 200)) (i32.load8_s (i32.const 67108863)))
  (func (export "one past") (result i32) (i32.load8_u (i32.const 67108864)))
  (func (export "offset to the last byte") (result i32) (i32.load8_u offset=67108863 (i32.const 0)))
  (func (export "offset one past") (result i32) (i32.load8_u offset=67108863 (i32.const 1)))
  (func (export "index wraps to the last byte") (result i32)
    (call $load (i32.const 0x84000000) (i32.const 0x7fffffff)))
  (func (export "index is above 2^31") (result i32) (call $load (i32.const 0x7fffffff) (i32.const 5)))
  (func (export "2^31 and an offset of 2^31") (result i32)
    (i32.load8_u offset=0x80000000 (i32.const 0x80000000))))
