; Terms of a sum of integers that a loop carries come in the order of what they load. Sums of floats
; stay as they are.
; RUN: wasmc-opt "-passes=function(wasmc-order-sums)" %s | %FileCheck %s

; Only so is this one read as two copies of a body.
; RUN: wasmc-opt "-passes=function(wasmc-reroll-loops)" %s | %FileCheck %s --check-prefix=AS-IT-WAS
; RUN: wasmc-opt "-passes=function(wasmc-order-sums,wasmc-reroll-loops)" %s | %FileCheck %s --check-prefix=ROLLED
; AS-IT-WAS-LABEL: @integers(
; AS-IT-WAS: load i8, ptr %pb
; ROLLED-LABEL: @integers(
; ROLLED: load i8
; ROLLED-NOT: load i8
; ROLLED: ret i32

define i32 @integers(ptr %p) {
; CHECK-LABEL: @integers(
; CHECK: [[FIRST:%.*]] = add i32 %s, %wide.a
; CHECK-NEXT: [[LAST:%.*]] = add i32 [[FIRST]], %wide.b
; CHECK: ret i32 [[LAST]]
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %s = phi i32 [ 0, %entry ], [ %s2, %loop ]
  %i64 = zext i32 %i to i64
  %pa = getelementptr i8, ptr %p, i64 %i64
  %pb = getelementptr i8, ptr %pa, i64 1
  %a = load i8, ptr %pa
  %b = load i8, ptr %pb
  %wide.a = sext i8 %a to i32
  %wide.b = sext i8 %b to i32
  %s1 = add nsw i32 %s, %wide.b
  %s2 = add nsw i32 %s1, %wide.a
  %next = add i32 %i, 2
  %done = icmp eq i32 %next, 128
  br i1 %done, label %exit, label %loop
exit:
  ret i32 %s2
}

define float @floats(ptr %p) {
; CHECK-LABEL: @floats(
; CHECK: %s1 = fadd float %s, %b
; CHECK-NEXT: %s2 = fadd float %s1, %a
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %s = phi float [ 0.0, %entry ], [ %s2, %loop ]
  %i64 = zext i32 %i to i64
  %pa = getelementptr float, ptr %p, i64 %i64
  %pb = getelementptr float, ptr %pa, i64 1
  %a = load float, ptr %pa
  %b = load float, ptr %pb
  %s1 = fadd float %s, %b
  %s2 = fadd float %s1, %a
  %next = add i32 %i, 2
  %done = icmp eq i32 %next, 128
  br i1 %done, label %exit, label %loop
exit:
  ret float %s2
}
