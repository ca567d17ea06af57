;; The bytes of a message from the last to the first.
(module
  (memory (export "memory") 1 1)
  (func (export "turned") (param $in i32) (param $length i32) (param $out i32) (param $room i32)
    (result i32)
    (local $i i32)
    (if (i32.gt_u (local.get $length) (local.get $room))
      (then (return (i32.const -1))))
    (block $done
      (loop $next
        (br_if $done (i32.eq (local.get $i) (local.get $length)))
        (i32.store8
          (i32.add (local.get $out) (local.get $i))
          (i32.load8_u (i32.sub
            (i32.add (local.get $in) (i32.sub (local.get $length) (i32.const 1)))
            (local.get $i))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $next)))
    (local.get $length)))
