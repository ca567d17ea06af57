;; A loop that its producer has unrolled becomes one of one copy that runs more often.
; RUN: %opt -passes=wasmc-reroll-loops %s | %FileCheck %s
; RUN: %opt -passes=wasmc-reroll-loops %s | %FileCheck --check-prefix=FLAGS %s
; FLAGS-NOT: {{nuw|nsw|inbounds|alias.scope}}

;; 10 times two words from constant places: an index that cannot wrap around.
; CHECK-LABEL: @constant_places
; CHECK: %count = phi i64 [ 0, %entry ], [ %[[COUNTED:.*]], %loop ]
; CHECK: load i32
; CHECK-NOT: load i32
; CHECK: store i32
; CHECK-NOT: store i32
; CHECK: add i32 %i, 4
; CHECK: %[[COUNTED]] = add i64 %count, 1
; CHECK: icmp ne i64 %[[COUNTED]], 20
define void @constant_places(ptr %base) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %wide = zext i32 %i to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %from0 = getelementptr i8, ptr %at, i64 1024
  %word0 = load i32, ptr %from0, align 1
  %double0 = shl i32 %word0, 1
  %to0 = getelementptr i8, ptr %at, i64 2048
  store i32 %double0, ptr %to0, align 1, !alias.scope !1
  %from1 = getelementptr i8, ptr %at, i64 1028
  %word1 = load i32, ptr %from1, align 1
  %double1 = shl nuw i32 %word1, 1
  %to1 = getelementptr i8, ptr %at, i64 2052
  store i32 %double1, ptr %to1, align 1
  %next = add nuw i32 %i, 8
  %done = icmp eq i32 %next, 80
  br i1 %done, label %end, label %loop
end:
  ret void
}

;; From any place on: where the index wraps around between two copies, the loop is as
;; it was. Both chains go through all copies: a sum, and the word before.
; CHECK-LABEL: @any_place
; CHECK: %[[TIMES:.*]] = add i64 %{{.*}}, 1
; CHECK: %[[LENGTH:.*]] = mul i64 %[[TIMES]], 8
; CHECK: %[[START:.*]] = zext i32 %place to i64
; CHECK: %[[END:.*]] = add i64 %[[START]], %[[LENGTH]]
; CHECK: %[[FITS:.*]] = icmp ule i64 %[[END]], 4294967296
; CHECK: br i1 %{{.*}}, label %[[ROLLED:.*]], label %[[AS:.*]], !prof
; CHECK: [[AS]]:
; CHECK-COUNT-2: load i32
; CHECK: [[ROLLED]]:
; CHECK: %[[BEFORE:.*]] = phi i32 [ 0, %{{.*}} ], [ %word0, %loop ]
; CHECK: %sum = phi i32 [ 0, %{{.*}} ], [ %sum0, %loop ]
; CHECK: %word0 = load i32
; CHECK: %changed0 = xor i32 %word0, %[[BEFORE]]
; CHECK: %sum0 = add i32 %sum, %changed0
; CHECK-NOT: load i32
; CHECK: phi i32 [ %sum0, %loop ]
define i32 @any_place(ptr %base, i32 %place, i32 %n) {
entry:
  br label %loop
loop:
  %i = phi i32 [ %place, %entry ], [ %next, %loop ]
  %left = phi i32 [ %n, %entry ], [ %left.next, %loop ]
  %before = phi i32 [ 0, %entry ], [ %word1, %loop ]
  %sum = phi i32 [ 0, %entry ], [ %sum1, %loop ]
  %wide = zext i32 %i to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %word0 = load i32, ptr %at, align 1
  %changed0 = xor i32 %word0, %before
  %sum0 = add i32 %sum, %changed0
  %at1 = getelementptr i8, ptr %at, i64 4
  %word1 = load i32, ptr %at1, align 1
  %changed1 = xor i32 %word0, %word1
  %sum1 = add i32 %changed1, %sum0
  %next = add i32 %i, 8
  %left.next = add i32 %left, -1
  %done = icmp eq i32 %left.next, 0
  br i1 %done, label %done.block, label %loop
done.block:
  ret i32 %sum1
}

;; Not copies of one body: the second loads before the first stores, and they may overlap.
; CHECK-LABEL: @other_order
; CHECK-NOT: %count
define void @other_order(ptr %base, i32 %to, i32 %from) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %wide = zext i32 %i to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %word0 = load i32, ptr %at, align 1
  %from1 = getelementptr i8, ptr %at, i64 4
  %word1 = load i32, ptr %from1, align 1
  %to0 = getelementptr i8, ptr %at, i64 2048
  store i32 %word0, ptr %to0, align 1
  %to1 = getelementptr i8, ptr %at, i64 2052
  store i32 %word1, ptr %to1, align 1
  %next = add i32 %i, 8
  %done = icmp eq i32 %next, 80
  br i1 %done, label %end, label %loop
end:
  ret void
}

;; Neither: another operation, another distance, a quotient of the counter.
; CHECK-LABEL: @other_operation
; CHECK-NOT: %count
define void @other_operation(ptr %base) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %wide = zext i32 %i to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %word0 = load i32, ptr %at, align 1
  %double0 = shl i32 %word0, 1
  store i32 %double0, ptr %at, align 1
  %at1 = getelementptr i8, ptr %at, i64 4
  %word1 = load i32, ptr %at1, align 1
  %double1 = lshr i32 %word1, 1
  store i32 %double1, ptr %at1, align 1
  %next = add i32 %i, 8
  %done = icmp eq i32 %next, 80
  br i1 %done, label %end, label %loop
end:
  ret void
}

; CHECK-LABEL: @other_distance
; CHECK-NOT: %count
define void @other_distance(ptr %base) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %wide = zext i32 %i to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  store i32 5, ptr %at, align 1
  %at1 = getelementptr i8, ptr %at, i64 6
  store i32 5, ptr %at1, align 1
  %next = add i32 %i, 8
  %done = icmp eq i32 %next, 80
  br i1 %done, label %end, label %loop
end:
  ret void
}

; CHECK-LABEL: @quotient
; CHECK-NOT: %count
define void @quotient(ptr %base) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %half = lshr i32 %i, 1
  %wide = zext i32 %half to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  store i16 5, ptr %at, align 1
  %at1 = getelementptr i8, ptr %at, i64 2
  store i16 5, ptr %at1, align 1
  %next = add i32 %i, 8
  %done = icmp eq i32 %next, 80
  br i1 %done, label %end, label %loop
end:
  ret void
}

;; Neighbours: the second word is the last for one copy and the first for the next.
; CHECK-LABEL: @neighbours(
; CHECK: %count = phi i64
; CHECK-COUNT-2: load i16
; CHECK-NOT: load i16
; CHECK: icmp ne i64 %{{.*}}, 40
define i16 @neighbours(ptr %base) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %sum = phi i16 [ 0, %entry ], [ %sum1, %loop ]
  %wide = zext i32 %i to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %word0 = load i16, ptr %at, align 1
  %at1 = getelementptr i8, ptr %at, i64 2
  %word1 = load i16, ptr %at1, align 1
  %at2 = getelementptr i8, ptr %at, i64 4
  %word2 = load i16, ptr %at2, align 1
  %differ0 = xor i16 %word0, %word1
  %differ1 = xor i16 %word1, %word2
  %sum0 = add i16 %sum, %differ0
  %sum1 = add i16 %sum0, %differ1
  %next = add i32 %i, 4
  %done = icmp eq i32 %next, 80
  br i1 %done, label %end, label %loop
end:
  ret i16 %sum1
}

;; Not where the first copy stores over what the second has from before.
; CHECK-LABEL: @neighbours_that_are_stored(
; CHECK-NOT: %count
; CHECK-COUNT-3: load i16
define void @neighbours_that_are_stored(ptr %base) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %wide = zext i32 %i to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %word0 = load i16, ptr %at, align 1
  %at1 = getelementptr i8, ptr %at, i64 2
  %word1 = load i16, ptr %at1, align 1
  %differ0 = sub i16 %word1, %word0
  store i16 %differ0, ptr %at1, align 1
  %at2 = getelementptr i8, ptr %at, i64 4
  %word2 = load i16, ptr %at2, align 1
  %differ1 = sub i16 %word2, %word1
  store i16 %differ1, ptr %at2, align 1
  %next = add i32 %i, 4
  %done = icmp eq i32 %next, 80
  br i1 %done, label %end, label %loop
end:
  ret void
}

!0 = distinct !{!0}
!1 = !{!2}
!2 = distinct !{!2, !0}
