;; A memory without pages: everything is out of bounds until it grows.
(module
  (memory 0 1)
  (func (export "size") (result i32) (memory.size))
  (func (export "load") (result i32) (i32.load8_u (i32.const 0)))
  (func (export "store") (i32.store8 (i32.const 0) (i32.const 1)))
  (func (export "fill nothing") (memory.fill (i32.const 0) (i32.const 1) (i32.const 0)))
  (func (export "fill") (memory.fill (i32.const 0) (i32.const 1) (i32.const 1)))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "load after growing") (result i32) (i32.load8_u (i32.const 65535))))
