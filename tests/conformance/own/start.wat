;; The start function runs once, after the segments and before any export.
(module
  (memory 1)
  (data (i32.const 4) "\2a")
  (table funcref (elem $twice))
  (type $ii (func (param i32) (result i32)))
  (global $seen (mut i32) (i32.const 0))
  (global $runs (mut i32) (i32.const 0))
  (func $twice (type $ii) (i32.mul (local.get 0) (i32.const 2)))
  (func $start
    (global.set $runs (i32.add (global.get $runs) (i32.const 1)))
    (global.set $seen (call_indirect (type $ii) (i32.load (i32.const 4)) (i32.const 0))))
  (start $start)
  (func (export "seen") (result i32) (global.get $seen))
  (func (export "runs") (result i32) (global.get $runs)))
