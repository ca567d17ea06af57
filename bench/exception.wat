;; Throws `frames` calls deep and catches, again and again.
(module
  (tag $e (param i32))
  (func $deep (param $frames i32)
    (if (i32.eqz (local.get $frames)) (then (throw $e (local.get $frames))))
    (call $deep (i32.sub (local.get $frames) (i32.const 1)))
    ;; Nothing to see in tail position.
    (if (i32.eqz (local.get $frames)) (then (unreachable))))
  (func (export "throws") (param $times i32) (param $frames i32)
    (loop $again
      (try (do (call $deep (local.get $frames))) (catch $e (drop)))
      (br_if $again (local.tee $times (i32.sub (local.get $times) (i32.const 1)))))))
