;; Where what is loaded beside an index leads to the next one, the loop counts the place
;; that is loaded at: no addition is left between one load and the next.
; RUN: %opt '-passes=wasmc-rebase-chased-indices,instcombine' %s | %FileCheck %s
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"

; CHECK-LABEL: @search
; CHECK: %[[START:.*]] = add i32 %last, 1024
; CHECK: loop:
; CHECK-NEXT: %[[PLACE:.*]] = phi i32 [ %[[START]], %entry ], [ %[[NEXT:.*]], %loop ]
; CHECK-NEXT: %[[WIDE:.*]] = zext i32 %[[PLACE]] to i64
; CHECK-NEXT: %[[AT:.*]] = getelementptr i8, ptr %base, i64 %[[WIDE]]
; CHECK-NEXT: %[[BYTE:.*]] = load i8, ptr %[[AT]]
; CHECK-NEXT: %[[SKIP:.*]] = zext i8 %[[BYTE]] to i32
; CHECK-NEXT: %[[NEXT]] = add i32 %[[PLACE]], %[[SKIP]]
define i32 @search(ptr %base, i32 %last, i32 %end) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %beside = add i32 %i, %last
  %place = add i32 %beside, 1024
  %wide = zext i32 %place to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %byte = load i8, ptr %at, align 1
  %skip = zext i8 %byte to i32
  %next = add i32 %i, %skip
  %more = icmp ult i32 %next, %end
  br i1 %more, label %loop, label %exit
exit:
  ret i32 %next
}

;; Nothing waits for this sum; the step is a constant.
; CHECK-LABEL: @steady
; CHECK: phi i32 [ 0, %entry ]
define i32 @steady(ptr %base, i32 %last, i32 %end) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %sum = phi i32 [ 0, %entry ], [ %total, %loop ]
  %place = add i32 %i, %last
  %wide = zext i32 %place to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %byte = load i8, ptr %at, align 1
  %value = zext i8 %byte to i32
  %total = add i32 %sum, %value
  %next = add i32 %i, 3
  %more = icmp ult i32 %next, %end
  br i1 %more, label %loop, label %exit
exit:
  ret i32 %total
}

;; What is added changes in the loop.
; CHECK-LABEL: @moving
; CHECK: %i = phi i32 [ 0, %entry ]
define i32 @moving(ptr %base, i32 %end) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %k = phi i32 [ 5, %entry ], [ %other, %loop ]
  %place = add i32 %i, %k
  %wide = zext i32 %place to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %byte = load i8, ptr %at, align 1
  %skip = zext i8 %byte to i32
  %next = add i32 %i, %skip
  %other = mul i32 %k, 3
  %more = icmp ult i32 %next, %end
  br i1 %more, label %loop, label %exit
exit:
  ret i32 %next
}

;; One of the loads is at the index as it is.
; CHECK-LABEL: @both
; CHECK: %i = phi i32 [ 0, %entry ]
define i32 @both(ptr %base, i32 %last, i32 %end) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %place = add i32 %i, %last
  %wide = zext i32 %place to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %byte = load i8, ptr %at, align 1
  %wide.i = zext i32 %i to i64
  %at.i = getelementptr i8, ptr %base, i64 %wide.i
  %byte.i = load i8, ptr %at.i, align 1
  %both = add i8 %byte, %byte.i
  %skip = zext i8 %both to i32
  %next = add i32 %i, %skip
  %more = icmp ult i32 %next, %end
  br i1 %more, label %loop, label %exit
exit:
  ret i32 %next
}
