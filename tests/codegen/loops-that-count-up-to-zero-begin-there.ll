;; A counter from a negative constant up to zero counts from zero instead. No flag says
;; that its arithmetic does not wrap, and all values and addresses are as they were.
; RUN: %opt -passes=wasmc-rebase-counted-loops %s | %FileCheck %s
; CHECK-LABEL: @up_to_zero
; CHECK: %i.from0 = phi i32 [ 0, %entry ], [ %i.from0.next, %loop ]
; CHECK: %i1 = add i32 %i.from0, -1984
; CHECK: zext i32 %i1 to i64
; CHECK: %i.from0.next = add i32 %i.from0, 8
; CHECK: %next2 = add i32 %i.from0.next, -1984
; CHECK: icmp eq i32 %next2, 0
define void @up_to_zero(ptr %base) {
entry:
  br label %loop
loop:
  %i = phi i32 [ -1984, %entry ], [ %next, %loop ]
  %wide = zext i32 %i to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  store i8 1, ptr %at, align 1
  %next = add i32 %i, 8
  %done = icmp eq i32 %next, 0
  br i1 %done, label %end, label %loop
end:
  ret void
}

;; All others stay: these do no harm.
; CHECK-LABEL: @others
; CHECK: %up = phi i32 [ 16, %entry ]
; CHECK: %down = phi i32 [ -4, %entry ]
; CHECK: %wide = phi i64 [ -8, %entry ]
; CHECK: %product = phi i32 [ -3, %entry ]
define void @others(i32 %n) {
entry:
  br label %loop
loop:
  %up = phi i32 [ 16, %entry ], [ %up.next, %loop ]
  %down = phi i32 [ -4, %entry ], [ %down.next, %loop ]
  %wide = phi i64 [ -8, %entry ], [ %wide.next, %loop ]
  %product = phi i32 [ -3, %entry ], [ %product.next, %loop ]
  %up.next = add i32 %up, 8
  %down.next = add i32 %down, -8
  %wide.next = add i64 %wide, 8
  %product.next = mul i32 %product, 8
  %done = icmp eq i32 %up.next, %n
  br i1 %done, label %end, label %loop
end:
  ret void
}
