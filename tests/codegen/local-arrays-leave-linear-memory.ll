;; Where a loop's accesses are all of known places, a local array is moved from linear
;; memory to the native stack, where LLVM sees through it. A condition before the loop
;; proves that nothing else of the loop lies in the array; else the loop is as it was.
; RUN: %opt -passes=wasmc-promote-shadow-frames %s | %FileCheck %s
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"

; CHECK-LABEL: @sums
; CHECK: %[[ARRAY:.*]] = alloca [32 x i8], align 16
; CHECK: %[[WIDE:.*]] = zext i32 %sp to i64
; CHECK: %[[START:.*]] = add i64 %[[WIDE]], -32
; Within the memory of 65536 bytes:
; CHECK: %[[LEAST:.*]] = add i64 %[[START]], 0
; CHECK: icmp ule i64 %[[LEAST]], 65504
; Before, or behind the data that is read:
; CHECK: %[[END:.*]] = add i64 %[[START]], 32
; CHECK: icmp ule i64 %[[END]], 1024
; CHECK: icmp uge i64 %[[START]], 1056
; CHECK: br i1 %{{.*}}, label %[[FAST:.*]], label %[[SLOW:.*]], !prof
; CHECK: [[SLOW]]:
; CHECK: store i32 %{{.*}}, ptr %slot.as.written
; CHECK: [[FAST]]:
; CHECK: call void @llvm.memcpy{{.*}}(ptr align 16 %[[ARRAY]], ptr align 1 %{{.*}}, i64 32
; CHECK: getelementptr i8, ptr %[[ARRAY]]
; CHECK: call void @llvm.memcpy{{.*}}(ptr align 1 %{{.*}}, ptr align 16 %[[ARRAY]], i64 32
define void @sums(ptr "wasmc-memory"="64,65536" %self, i32 %sp) {
entry:
  %base = getelementptr i8, ptr %self, i64 64
  %frame = add i32 %sp, -32
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %wide = zext i32 %i to i64
  %from = getelementptr i8, ptr %base, i64 %wide
  %data = getelementptr i8, ptr %from, i64 1024
  %word = load i32, ptr %data, align 1
  %index = add i32 %frame, %i
  %index.wide = zext i32 %index to i64
  %slot = getelementptr i8, ptr %base, i64 %index.wide
  %old = load i32, ptr %slot, align 1
  %sum = add i32 %old, %word
  store i32 %sum, ptr %slot, align 1
  %next = add i32 %i, 4
  %done = icmp eq i32 %next, 32
  br i1 %done, label %end, label %loop
end:
  ret void
}

;; Each of these has what is not known: a call, a place that anything could be, an array
;; without an end, an access that has to be made.
; CHECK-LABEL: @calls
; CHECK-NOT: alloca
define void @calls(ptr "wasmc-memory"="64,65536" %self, i32 %sp) {
entry:
  %wide = zext i32 %sp to i64
  %base = getelementptr i8, ptr %self, i64 64
  %slot = getelementptr i8, ptr %base, i64 %wide
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %old = load i32, ptr %slot, align 1
  %sum = add i32 %old, %i
  store i32 %sum, ptr %slot, align 1
  call void @sums(ptr %self, i32 %i)
  %next = add i32 %i, 1
  %done = icmp eq i32 %next, 32
  br i1 %done, label %end, label %loop
end:
  ret void
}

; CHECK-LABEL: @unknown
; CHECK-NOT: alloca
define void @unknown(ptr "wasmc-memory"="64,65536" %self, i32 %sp, i32 %n) {
entry:
  %wide = zext i32 %sp to i64
  %base = getelementptr i8, ptr %self, i64 64
  %slot = getelementptr i8, ptr %base, i64 %wide
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %old = load i32, ptr %slot, align 1
  %sum = add i32 %old, %i
  store i32 %sum, ptr %slot, align 1
  %i.wide = zext i32 %i to i64
  %other = getelementptr i8, ptr %base, i64 %i.wide
  store i32 %sum, ptr %other, align 1
  %next = add i32 %i, 4
  %done = icmp eq i32 %next, %n
  br i1 %done, label %end, label %loop
end:
  ret void
}

; CHECK-LABEL: @endless
; CHECK-NOT: alloca
define void @endless(ptr "wasmc-memory"="64,65536" %self, i32 %sp, i32 %n) {
entry:
  %base = getelementptr i8, ptr %self, i64 64
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %index = add i32 %sp, %i
  %wide = zext i32 %index to i64
  %slot = getelementptr i8, ptr %base, i64 %wide
  %old = load i32, ptr %slot, align 1
  %sum = add i32 %old, %i
  store i32 %sum, ptr %slot, align 1
  %next = add i32 %i, 4
  %done = icmp eq i32 %next, %n
  br i1 %done, label %end, label %loop
end:
  ret void
}

; CHECK-LABEL: @volatile
; CHECK-NOT: alloca
define void @volatile(ptr "wasmc-memory"="64,65536" %self, i32 %sp) {
entry:
  %wide = zext i32 %sp to i64
  %base = getelementptr i8, ptr %self, i64 64
  %slot = getelementptr i8, ptr %base, i64 %wide
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %old = load volatile i32, ptr %slot, align 1
  %sum = add i32 %old, %i
  store volatile i32 %sum, ptr %slot, align 1
  %next = add i32 %i, 1
  %done = icmp eq i32 %next, 32
  br i1 %done, label %end, label %loop
end:
  ret void
}

;; What a host's pointer leads to may be linear memory, also where its alias type is
;; another one. An instance's own state is not.
; CHECK-LABEL: @host_pointer
; CHECK-NOT: alloca
define void @host_pointer(ptr "wasmc-memory"="64,65536" %self, i32 %sp, ptr %host) {
entry:
  %wide = zext i32 %sp to i64
  %base = getelementptr i8, ptr %self, i64 64
  %slot = getelementptr i8, ptr %base, i64 %wide
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %old = load i32, ptr %slot, align 1
  %sum = add i32 %old, %i
  store i32 %sum, ptr %slot, align 1
  store i32 %sum, ptr %host, align 4, !tbaa !3
  %next = add i32 %i, 1
  %done = icmp eq i32 %next, 32
  br i1 %done, label %end, label %loop
end:
  ret void
}

; CHECK-LABEL: @instance_state
; CHECK: alloca
define void @instance_state(ptr "wasmc-memory"="64,65536" %self, i32 %sp) {
entry:
  %wide = zext i32 %sp to i64
  %base = getelementptr i8, ptr %self, i64 64
  %slot = getelementptr i8, ptr %base, i64 %wide
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %old = load i32, ptr %slot, align 1
  %sum = add i32 %old, %i
  store i32 %sum, ptr %slot, align 1
  store i32 %sum, ptr %self, align 4, !tbaa !4
  %next = add i32 %i, 1
  %done = icmp eq i32 %next, 32
  br i1 %done, label %end, label %loop
end:
  ret void
}

!0 = !{!"wasmc"}
!1 = !{!"host", !0, i64 0}
!2 = !{!"instance", !0, i64 0}
!3 = !{!1, !1, i64 0}
!4 = !{!2, !2, i64 0}
