;; With --strict-traps, what was written before an access that traps is there
;; afterwards, also where it would have been written over at once.
;; options: --strict-traps
(module
  (memory 1)
  (table 2 funcref)
  (elem declare func $f)
  (global $g (mut i64) (i64.const 0))
  (func $f)

  (func (export "global before a load") (global.set $g (i64.const 1))
    (global.set $g (i64.load (i32.const 0x10000))))
  (func (export "global then") (result i64) (global.get $g))
  (func (export "global before a store") (global.set $g (i64.const 2))
    (i32.store (i32.const 0xffff) (i32.const 7)) (global.set $g (i64.const 3)))
  (func (export "global and memory then") (result i64 i32)
    (global.get $g) (i32.load8_u (i32.const 0xffff)))
  (func (export "table before a load") (table.set 0 (i32.const 0) (ref.func $f))
    (drop (i32.load (i32.const -1))) (table.set 0 (i32.const 0) (ref.null func)))
  (func (export "table then") (result i32) (ref.is_null (table.get 0 (i32.const 0))))
  (func (export "memory before a load") (i32.store (i32.const 0) (i32.const 5))
    (i32.store (i32.const 0) (i32.load (i32.const 0x20000))))
  (func (export "memory then") (result i32) (i32.load (i32.const 0))))
