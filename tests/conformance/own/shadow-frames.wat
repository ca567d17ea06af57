;; A local array in linear memory, wherever the stack pointer is: apart from what else a
;; loop has, over it, across either end of the memory, in part past it. With the array
;; on the native stack instead, sums and memory come out the same.
(module
  (memory 1)
  ;; 64 bytes at 1024 that depend on the index, the rest of the page other bytes.
  (func $fill
    (local $i i32)
    (loop $next
      (i32.store (local.get $i)
        (i32.mul (i32.add (local.get $i) (i32.const 7)) (i32.const 0x9e3779b1)))
      (local.set $i (i32.add (local.get $i) (i32.const 4)))
      (br_if $next (i32.ne (local.get $i) (i32.const 65536)))))

  (func $memory (result i64)
    (local $i i32) (local $h i64)
    (loop $next
      (local.set $h (i64.xor (i64.mul (local.get $h) (i64.const 0x9e3779b97f4a7c15))
                             (i64.load (local.get $i))))
      (local.set $i (i32.add (local.get $i) (i32.const 8)))
      (br_if $next (i32.ne (local.get $i) (i32.const 65536))))
    (local.get $h))

  ;; total[8] at sp - 32; data of 24 words at 1024; what comes out at 2048.
  (func $sums (param $sp i32)
    (local $frame i32) (local $i i32) (local $k i32) (local $lane i32)
    (local.set $frame (i32.sub (local.get $sp) (i32.const 32)))
    (loop $outputs
      (i64.store offset=0 (local.get $frame) (i64.const 0))
      (i64.store offset=8 (local.get $frame) (i64.const 0))
      (i64.store offset=16 (local.get $frame) (i64.const 0))
      (i64.store offset=24 (local.get $frame) (i64.const 0))
      (local.set $k (i32.const 0))
      (loop $taps
        (local.set $lane (i32.const 0))
        (loop $lanes
          (i32.store (i32.add (local.get $frame) (i32.shl (local.get $lane) (i32.const 2)))
            (i32.add
              (i32.load (i32.add (local.get $frame) (i32.shl (local.get $lane) (i32.const 2))))
              (i32.load offset=1024
                (i32.shl (i32.add (local.get $k) (local.get $lane)) (i32.const 2)))))
          (br_if $lanes
            (i32.ne (local.tee $lane (i32.add (local.get $lane) (i32.const 1))) (i32.const 8))))
        (br_if $taps (i32.ne (local.tee $k (i32.add (local.get $k) (i32.const 1))) (i32.const 16))))
      (i64.store offset=2048 (i32.shl (local.get $i) (i32.const 5)) (i64.load offset=0 (local.get $frame)))
      (i64.store offset=2056 (i32.shl (local.get $i) (i32.const 5)) (i64.load offset=8 (local.get $frame)))
      (i64.store offset=2064 (i32.shl (local.get $i) (i32.const 5)) (i64.load offset=16 (local.get $frame)))
      (i64.store offset=2072 (i32.shl (local.get $i) (i32.const 5)) (i64.load offset=24 (local.get $frame)))
      (br_if $outputs (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 4)))))

  ;; The same words summed until one divides by zero: the loop is left by a trap.
  (func $trapping (param $sp i32)
    (local $i i32)
    (loop $next
      (i32.store offset=0 (i32.sub (local.get $sp) (i32.const 8))
        (i32.add (i32.load (i32.sub (local.get $sp) (i32.const 8)))
          (i32.div_u (i32.load offset=1024 (i32.shl (local.get $i) (i32.const 2)))
            (i32.sub (i32.const 9) (local.get $i)))))
      (br_if $next (i32.ne (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 20)))))

  ;; Called through a table, which keeps the stack pointer unknown.
  (type $of_place (func (param i32) (result i64)))
  (table funcref (elem $at $trapping_at))
  (func $at (type $of_place) (call $fill) (call $sums (local.get 0)) (call $memory))
  (func $trapping_at (type $of_place) (call $fill) (call $trapping (local.get 0)) (i64.const 0))

  (func (export "apart") (result i64) (call_indirect (type $of_place) (i32.const 4096) (i32.const 0)))
  (func (export "apart, unaligned") (result i64) (call_indirect (type $of_place) (i32.const 4099) (i32.const 0)))
  (func (export "below what is read") (result i64) (call_indirect (type $of_place) (i32.const 1024) (i32.const 0)))
  (func (export "one byte over it") (result i64) (call_indirect (type $of_place) (i32.const 1025) (i32.const 0)))
  (func (export "in it") (result i64) (call_indirect (type $of_place) (i32.const 1080) (i32.const 0)))
  (func (export "its last byte") (result i64) (call_indirect (type $of_place) (i32.const 1147) (i32.const 0)))
  (func (export "behind it") (result i64) (call_indirect (type $of_place) (i32.const 1148) (i32.const 0)))
  (func (export "over what is written") (result i64) (call_indirect (type $of_place) (i32.const 2049) (i32.const 0)))
  (func (export "in what is written") (result i64) (call_indirect (type $of_place) (i32.const 2100) (i32.const 0)))
  (func (export "behind what is written") (result i64) (call_indirect (type $of_place) (i32.const 2208) (i32.const 0)))
  (func (export "first of the memory") (result i64) (call_indirect (type $of_place) (i32.const 32) (i32.const 0)))
  (func (export "last of the memory") (result i64) (call_indirect (type $of_place) (i32.const 65536) (i32.const 0)))
  (func (export "past the end") (result i64) (call_indirect (type $of_place) (i32.const 65537) (i32.const 0)))
  (func (export "before the beginning") (result i64) (call_indirect (type $of_place) (i32.const 0) (i32.const 0)))
  (func (export "across the beginning") (result i64) (call_indirect (type $of_place) (i32.const 16) (i32.const 0)))
  (func (export "far past the end") (result i64) (call_indirect (type $of_place) (i32.const 0x80000010) (i32.const 0)))
  (func (export "left by a trap") (result i64)
    (call_indirect (type $of_place) (i32.const 4096) (i32.const 1)))
  (func (export "left by a trap, what is there") (result i64) (call $memory)))
