;; Hints of the section metadata.code.branch_hint are weights of the branch. Turned off they
;; have no effect, and so has a section that is malformed.
;; RUN: %wasmc -O0 --prefix=m %s -o - --emit=llvm-ir | %FileCheck --check-prefixes=IR,ON %s
;; RUN: %wasmc -O0 --disable-branch-hinting --prefix=m %s -o - --emit=llvm-ir | %FileCheck --check-prefixes=IR,OFF %s
;; RUN: wat2wasm --enable-annotations --enable-code-metadata %s -o %t.wasm && %python %S/Inputs/break-hints.py %t.wasm %t.broken.wasm
;; RUN: %wasmc -O0 --prefix=m %t.broken.wasm -o - --emit=llvm-ir | %FileCheck --check-prefixes=IR,OFF %s
;; RUN: rm %t.wasm %t.broken.wasm
;; IR: define {{.*}} @m.likely.0(
;; ON: br i1 %{{[0-9]+}}, label %{{.*}}, label %{{.*}}, !dbg {{.*}}, !prof [[LIKELY:![0-9]+]]
;; OFF-NOT: !prof
;; IR: define {{.*}} @m.unlikely.1(
;; ON: br i1 %{{[0-9]+}}, label %{{.*}}, label %{{.*}}, !dbg {{.*}}, !prof [[UNLIKELY:![0-9]+]]
;; OFF-NOT: !prof
;; IR: define {{.*}} @m.if.2(
;; ON: br i1 %{{[0-9]+}}, label %{{.*}}, label %{{.*}}, !dbg {{.*}}
;; ON-NOT: !prof
;; ON: br i1 %{{[0-9]+}}, label %{{.*}}, label %{{.*}}, !dbg {{.*}}, !prof [[UNLIKELY]]
;; OFF-NOT: !prof
;; IR: define {{.*}} @m.none.3(
;; IR-NOT: !prof
;; IR: define
;; ON: [[LIKELY]] = !{!"branch_weights", i32 1048575, i32 1}
;; ON: [[UNLIKELY]] = !{!"branch_weights", i32 1, i32 1048575}
(module
  (func $likely (export "likely") (param i32) (result i32)
    (block (local.get 0) (@metadata.code.branch_hint "\01") br_if 0 (return (i32.const 1)))
    (i32.const 2))
  (func $unlikely (export "unlikely") (param i32) (result i32)
    (block (local.get 0) (@metadata.code.branch_hint "\00") br_if 0 (return (i32.const 1)))
    (i32.const 2))
  (func $if (export "if") (param i32 i32) (result i32)
    (local.get 1)
    if
      (return (i32.const 3))
    end
    (local.get 0)
    (@metadata.code.branch_hint "\00")
    if (result i32)
      (i32.const 1)
    else
      (i32.const 2)
    end)
  (func $none (export "none") (param i32) (result i32)
    (block (br_if 0 (local.get 0)) (return (i32.const 1)))
    (i32.const 2)))
