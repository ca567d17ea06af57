;; Accesses whose places are bounded to ranges that are apart get alias scopes. Those of
;; any place, and those that could reach into another range, get none or the same.
; RUN: %opt -passes=wasmc-annotate-places %s | %FileCheck %s
; RUN: %opt '-passes=wasmc-annotate-places,function(loop-mssa(licm))' %s | %FileCheck --check-prefix=LICM %s
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"

;; The table lies behind what the loop writes: its element is read once.
; CHECK-LABEL: @table
; CHECK: load i32, ptr %table, align 1, !alias.scope ![[TABLE:[0-9]+]], !noalias ![[DATA:[0-9]+]]
; CHECK: store i32 %factor, ptr %at, align 1, !alias.scope ![[DATA]], !noalias ![[TABLE]]
; LICM-LABEL: @table
; LICM: load i32, ptr %table
; LICM: loop:
; LICM-NOT: load
; LICM: ret void
define void @table(ptr "wasmc-memory"="64,65536" %self) {
entry:
  %base = getelementptr i8, ptr %self, i64 64
  %table = getelementptr i8, ptr %base, i64 2048
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %factor = load i32, ptr %table, align 1
  %wide = zext i32 %i to i64
  %from = getelementptr i8, ptr %base, i64 %wide
  %at = getelementptr i8, ptr %from, i64 1024
  store i32 %factor, ptr %at, align 1
  %next = add i32 %i, 4
  %done = icmp eq i32 %next, 1024
  br i1 %done, label %end, label %loop
end:
  ret void
}

;; One more iteration, and the last store is one of the table.
; CHECK-LABEL: @overlapping
; CHECK: load i32, ptr %table, align 1{{$}}
; CHECK: store i32 %factor, ptr %at, align 1{{$}}
define void @overlapping(ptr "wasmc-memory"="64,65536" %self) {
entry:
  %base = getelementptr i8, ptr %self, i64 64
  %table = getelementptr i8, ptr %base, i64 2048
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %factor = load i32, ptr %table, align 1
  %wide = zext i32 %i to i64
  %from = getelementptr i8, ptr %base, i64 %wide
  %at = getelementptr i8, ptr %from, i64 1021
  store i32 %factor, ptr %at, align 1
  %next = add i32 %i, 4
  %done = icmp eq i32 %next, 1028
  br i1 %done, label %end, label %loop
end:
  ret void
}

; CHECK-LABEL: @any_place
; CHECK: load i32, ptr %table, align 1{{$}}
; CHECK: store i32 %factor, ptr %from, align 1{{$}}
define void @any_place(ptr "wasmc-memory"="64,65536" %self, i32 %i) {
  %base = getelementptr i8, ptr %self, i64 64
  %table = getelementptr i8, ptr %base, i64 2048
  %factor = load i32, ptr %table, align 1
  %wide = zext i32 %i to i64
  %from = getelementptr i8, ptr %base, i64 %wide
  store i32 %factor, ptr %from, align 1
  ret void
}

;; Of another memory, nothing is known.
; CHECK-LABEL: @other_memory
; CHECK-NOT: alias.scope
define void @other_memory(ptr %self) {
  %table = getelementptr i8, ptr %self, i64 2048
  %factor = load i32, ptr %table, align 1
  %at = getelementptr i8, ptr %self, i64 1024
  store i32 %factor, ptr %at, align 1
  ret void
}

; CHECK-DAG: ![[TABLE]] = !{![[S:[0-9]+]]}
; CHECK-DAG: ![[DATA]] = !{![[T:[0-9]+]]}
