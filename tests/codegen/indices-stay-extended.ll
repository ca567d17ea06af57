;; A phi whose value is zero-extended for addresses holds it extended, so that nothing is
;; left to be done where it is used.
; RUN: %opt -passes=wasmc-extend-phis %s | %FileCheck %s
; RUN: %opt -passes=wasmc-extend-phis %s | llc -mtriple=x86_64-linux-gnu | %FileCheck --check-prefix=ASM %s

; CHECK-LABEL: @skip
; CHECK: %[[FROM:.*]] = zext i32 %from to i64
; CHECK: %p.extended = phi i64 [ %[[FROM]], %entry ], [ %[[NEXT:.*]], %loop ]
; CHECK: %p1 = trunc i64 %p.extended to i32
; CHECK: getelementptr i8, ptr %base, i64 %p.extended
; CHECK: %next = add i32 %p1, 1
; CHECK: %[[NEXT]] = zext i32 %next to i64
; ASM-LABEL: skip:
; ASM: .LBB0_1:
; ASM-NOT: movl
; ASM: cmpb $32, (%rdi,%r{{[a-z0-9]+}})
; ASM-NOT: movl
define i32 @skip(ptr %base, i32 %from) {
entry:
  br label %loop
loop:
  %p = phi i32 [ %from, %entry ], [ %next, %loop ]
  %wide = zext i32 %p to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %byte = load i8, ptr %at, align 1
  %next = add i32 %p, 1
  %space = icmp eq i8 %byte, 32
  br i1 %space, label %loop, label %end
end:
  ret i32 %next
}

; ASM: .Lfunc_end0

;; Neither a phi that nobody extends, nor one of a call that may throw.
; CHECK-LABEL: @others
; CHECK-NOT: extended
define i32 @others(ptr %base, i1 %which) personality ptr null {
entry:
  br i1 %which, label %throwing, label %join
throwing:
  %called = invoke i32 @others(ptr %base, i1 false) to label %join unwind label %pad
pad:
  %caught = landingpad { ptr, i32 } cleanup
  ret i32 0
join:
  %result = phi i32 [ 1, %entry ], [ %called, %throwing ]
  %other = phi i32 [ 2, %entry ], [ 3, %throwing ]
  %wide = zext i32 %result to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  store i32 %other, ptr %at, align 1
  ret i32 %other
}
