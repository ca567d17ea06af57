;; What is used of an index behind its loop is computed there, from the next one, so that the
;; loop needs one register for both.
; RUN: %opt -passes=wasmc-exit-values %s | %FileCheck %s

; CHECK-LABEL: @search
; CHECK: loop:
; CHECK: end:
; CHECK-NEXT: %p.last = add i32 %next, -4
; CHECK-NEXT: %[[WIDE:.*]] = zext i32 %p.last to i64
; CHECK-NEXT: %[[AT:.*]] = getelementptr i8, ptr %base, i64 %[[WIDE]]
; CHECK-NEXT: store i32 0, ptr %[[AT]]
; CHECK-NEXT: ret i32 %p.last
define i32 @search(ptr %base, i32 %from, i32 %limit) {
entry:
  br label %loop
loop:
  %p = phi i32 [ %from, %entry ], [ %next, %loop ]
  %wide = zext i32 %p to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %value = load i32, ptr %at, align 1
  %next = add i32 %p, 4
  %less = icmp slt i32 %value, %limit
  br i1 %less, label %loop, label %end
end:
  store i32 0, ptr %at, align 1
  ret i32 %p
}

;; At an exit before the next value, and behind two exits, the index is taken as it is.
; CHECK-LABEL: @early
; CHECK-NOT: .last
; CHECK: ret i32 %p
; CHECK: ret i32 %either
define i32 @early(ptr %base, i32 %from, i32 %limit) {
entry:
  br label %loop
loop:
  %p = phi i32 [ %from, %entry ], [ %next, %more ]
  %wide = zext i32 %p to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %value = load i32, ptr %at, align 1
  %zero = icmp eq i32 %value, 0
  br i1 %zero, label %first, label %more
more:
  %next = add i32 %p, 4
  %less = icmp slt i32 %value, %limit
  br i1 %less, label %loop, label %second
first:
  %odd = and i32 %limit, 1
  %isOdd = icmp eq i32 %odd, 0
  br i1 %isOdd, label %leave, label %second
leave:
  ret i32 %p
second:
  %either = phi i32 [ %p, %more ], [ %from, %first ]
  ret i32 %either
}

;; A value that was computed in the loop from more than the index is not computed again.
; CHECK-LABEL: @loaded
; CHECK: end:
; CHECK-NEXT: ret i32 %value
define i32 @loaded(ptr %base, i32 %from) {
entry:
  br label %loop
loop:
  %p = phi i32 [ %from, %entry ], [ %next, %loop ]
  %wide = zext i32 %p to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %value = load i32, ptr %at, align 1
  %next = add i32 %p, 4
  %zero = icmp eq i32 %value, 0
  br i1 %zero, label %loop, label %end
end:
  ret i32 %value
}

;; The last next value may be poison.
; CHECK-LABEL: @flagged
; CHECK: end:
; CHECK-NEXT: ret i32 %p
define i32 @flagged(ptr %base, i32 %from, i32 %limit) {
entry:
  br label %loop
loop:
  %p = phi i32 [ %from, %entry ], [ %next, %loop ]
  %wide = zext i32 %p to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %value = load i32, ptr %at, align 1
  %next = add nuw i32 %p, 4
  %less = icmp slt i32 %value, %limit
  br i1 %less, label %loop, label %end
end:
  ret i32 %p
}
