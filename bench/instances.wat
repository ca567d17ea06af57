;; Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
;; SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
;;
;; A memory of 1 MiB, of which 16 pages of the host's are written to: 8 hold data from the
;; beginning, all are changed by `touch`.
(module
  (memory (export "memory") 16 16)
  (data (i32.const 0x00000) "configuration of a filter")
  (data (i32.const 0x20000) "and its tables")
  (data (i32.const 0x40000) "which are far from each other")
  (data (i32.const 0x60000) "as those of larger modules are")
  (data (i32.const 0x80000) "of which each page")
  (data (i32.const 0xa0000) "is a page that")
  (data (i32.const 0xc0000) "an instance needs")
  (data (i32.const 0xe0000) "for itself")
  (global $calls (mut i32) (i32.const 0))
  ;; How often it was called on this instance; a reset begins anew.
  (func (export "touch") (result i32)
    (local $page i32)
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (loop $next
      (i32.store offset=64 (local.get $page)
        (i32.add (i32.load offset=64 (local.get $page)) (i32.const 1)))
      (br_if $next
        (i32.lt_u (local.tee $page (i32.add (local.get $page) (i32.const 0x10000)))
                  (i32.const 0x100000))))
    (i32.load offset=64 (i32.const 0xf0000))))
