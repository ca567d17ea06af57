;; What a table has that nothing writes to is known. A call of a type that few elements
;; have is a switch; of one that more have, an index into an array of code. All else
;; traps, as the table itself says.
;; RUN: %lower %s | %FileCheck %s
;; RUN: %wasmc -O2 --prefix=m --target=x86_64-linux-gnu %s --emit=asm -o - | %FileCheck --check-prefix=ASM %s

;; Sparse: elements 3 and 7 to 15 have the type; that of `long` is another.
;; CHECK: @m.code.0 = internal constant [13 x ptr] [ptr @m.inc.0, ptr null, ptr null, ptr null, ptr @m.inc.0, ptr @m.inc.0, ptr @m.inc.0, ptr @m.inc.0, ptr @m.inc.0, ptr @m.dec.1, ptr @m.inc.0, ptr @m.dec.1, ptr @m.inc.0]

(module
  (table 20 funcref)
  (type $i (func (param i32) (result i32)))
  (type $l (func (param i64) (result i64)))
  (type $none (func (param f64)))
  (elem (i32.const 7) $inc $inc $inc $inc $inc $dec $inc $dec $inc)
  (elem (i32.const 2) $long $inc $huge)
  (elem (table 1) (i32.const 0) func $huge $long)
  (table 4 funcref)
  (func $inc (param i32) (result i32) (i32.add (local.get 0) (i32.const 1)))
  (func $dec (param i32) (result i32) (i32.sub (local.get 0) (i32.const 1)))
  (func $long (param i64) (result i64) (i64.add (local.get 0) (i64.const 1)))
  (func $huge (param i64) (result i64) (i64.add (local.get 0) (i64.const 77)))

;; CHECK-LABEL: define internal i32 @m.array.4
;; CHECK: %[[PLACE:.*]] = sub i32 %[[INDEX:.*]], 3
;; CHECK: icmp ult i32 %[[PLACE]], 13
;; CHECK: %[[WIDE:.*]] = zext i32 %[[PLACE]] to i64
;; CHECK: %[[SLOT:.*]] = getelementptr ptr, ptr @m.code.0, i64 %[[WIDE]]
;; CHECK: %[[CODE:.*]] = load ptr, ptr %[[SLOT]]
;; CHECK: icmp ne ptr %[[CODE]], null
;; CHECK: call i32 %[[CODE]](ptr %0, i32
;; CHECK: call void @__wasmc_trap_undefined_element
;; CHECK: call void @__wasmc_trap_uninitialized_element
;; CHECK: call void @__wasmc_trap_indirect_call_type_mismatch
;; ASM-LABEL: m.array.4:
;; ASM-NOT: call{{.*}}type_matches
;; ASM: callq *
  (func $array (export "array") (param i32) (result i32)
    (call_indirect (type $i) (i32.const 1) (local.get 0)))

;; CHECK-LABEL: define internal i64 @m.cases.5
;; CHECK: switch i32 %{{.*}}, label %[[COLD:.*]] [
;; CHECK-NEXT: i32 2, label
;; CHECK-NEXT: i32 4, label
;; CHECK-NEXT: ]
;; CHECK: call i64 @m.long.2(ptr %0,
;; CHECK: call i64 @m.huge.3(ptr %0,
;; ASM-LABEL: m.cases.5:
;; ASM: movl $78, %eax
  (func $cases (export "cases") (param i32) (result i64)
    (call_indirect (type $l) (i64.const 1) (local.get 0)))

;; A second table of its own.
;; CHECK-LABEL: define internal i64 @m.second.6
;; CHECK: switch i32
;; CHECK-NEXT: i32 0, label
;; CHECK-NEXT: i32 1, label
  (func $second (export "second") (param i32) (result i64)
    (call_indirect 1 (type $l) (i64.const 1) (local.get 0)))

;; No element has the type: it traps in one of three ways.
;; CHECK-LABEL: define internal void @m.no.7
;; CHECK: call i32 @__wasmc_type_matches
  (func $no (export "no") (param i32)
    (call_indirect (type $none) (f64.const 1) (local.get 0))))
