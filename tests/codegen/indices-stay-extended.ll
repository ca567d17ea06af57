;; A phi whose value is zero-extended for addresses holds it extended, so that nothing is
;; left to be done where it is used.
; RUN: %opt -passes=wasmc-extend-indices %s | %FileCheck %s
; RUN: %opt -passes=wasmc-extend-indices %s | llc -mtriple=x86_64-linux-gnu | %FileCheck --check-prefix=ASM %s

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

;; A counter that does not wrap around is one of 64 bits, and its factor and offset are part of
;; the address.
; CHECK-LABEL: @exact
; CHECK: %i.extended = phi i64 [ 0, %entry ], [ %[[NEXT:.*]], %loop ]
; CHECK: %[[SCALED:.*]] = shl i64 %i.extended, 2
; CHECK: %[[PLUS:.*]] = add i64 %[[SCALED]], 4
; CHECK: getelementptr i8, ptr %base, i64 %[[PLUS]]
; CHECK: %[[NEXT]] = add i64 %i.extended, 1
; ASM-LABEL: exact:
; ASM: .LBB1_1:
; ASM: incl (%rdi,%[[INDEX:r[a-z]+]],4)
; ASM-NEXT: incq %[[INDEX]]
; ASM-NEXT: cmpl
define void @exact(ptr %base) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %scaled = shl i32 %i, 2
  %plus = add i32 %scaled, 4
  %wide = zext i32 %plus to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %old = load i32, ptr %at, align 1
  %new = add i32 %old, 1
  store i32 %new, ptr %at, align 1
  %next = add i32 %i, 1
  %more = icmp ne i32 %next, 1000
  br i1 %more, label %loop, label %end
end:
  ret void
}

;; What may wrap around does so in 32 bits: a start that is not known, and a count that is too high.
; CHECK-LABEL: @wrapping
; CHECK: add i32 %{{.*}}, 4
; CHECK-NOT: add i64
; CHECK: shl i32
; CHECK-NOT: shl i64
; CHECK: ret void
define void @wrapping(ptr %base, i32 %from) {
entry:
  br label %loop
loop:
  %p = phi i32 [ %from, %entry ], [ %next, %loop ]
  %i = phi i32 [ 0, %entry ], [ %count, %loop ]
  %plus = add i32 %p, 4
  %wide = zext i32 %plus to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  store i8 1, ptr %at, align 1
  %scaled = shl i32 %i, 2
  %other = zext i32 %scaled to i64
  %there = getelementptr i8, ptr %base, i64 %other
  store i8 2, ptr %there, align 1
  %next = add i32 %p, 1
  %count = add i32 %i, 1
  %more = icmp ne i32 %count, 1073741826
  br i1 %more, label %loop, label %end
end:
  ret void
}

;; A phi that is extended only behind its loop stays; one that hands on its value is extended, too.
; CHECK-LABEL: @parts
; CHECK: %kept = phi i32
; CHECK: %p.extended = phi i64
; CHECK: %merged.extended = phi i64 [ %p.extended, %loop ],
; CHECK: zext i32 %kept to i64
define i64 @parts(ptr %base, i32 %from) {
entry:
  br label %loop
loop:
  %kept = phi i32 [ 0, %entry ], [ %byte, %tail ]
  %p = phi i32 [ %from, %entry ], [ %merged, %tail ]
  %more = icmp ugt i32 %kept, 7
  br i1 %more, label %tail, label %skip
skip:
  %next = add i32 %p, 1
  br label %tail
tail:
  %merged = phi i32 [ %p, %loop ], [ %next, %skip ]
  %wide = zext i32 %merged to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %byte = load i32, ptr %at, align 1
  %ends = icmp eq i32 %byte, 0
  br i1 %ends, label %end, label %loop
end:
  %result = zext i32 %kept to i64
  ret i64 %result
}

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

;; What a call that may throw returns is extended where it returns to, here a loop.
; CHECK-LABEL: @returned
; CHECK: loop:
; CHECK-NEXT: %j = phi i32
; CHECK-NEXT: %[[SMALL:.*]] = zext i32 %small to i64
; CHECK-NEXT: %[[SCALED:.*]] = shl i64 %[[SMALL]], 2
; CHECK-NEXT: getelementptr i8, ptr %base, i64 %[[SCALED]]
define i32 @returned(ptr %base) personality ptr null {
entry:
  %small = invoke range(i32 0, 1000) i32 @others(ptr %base, i1 false) to label %loop unwind label %pad
pad:
  %caught = landingpad { ptr, i32 } cleanup
  ret i32 0
loop:
  %j = phi i32 [ 0, %entry ], [ %next, %loop ]
  %scaled = shl i32 %small, 2
  %wide = zext i32 %scaled to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  store i32 %j, ptr %at, align 1
  %next = add i32 %j, 1
  %more = icmp ne i32 %next, 100
  br i1 %more, label %loop, label %end
end:
  ret i32 1
}

;; An index that is the next value of a phi is extended with it, whether it wraps around or not.
; CHECK-LABEL: @next
; CHECK: %p.extended = phi i64 [ %{{.*}}, %entry ], [ %[[NEXT:.*]], %loop ]
; CHECK: %next = add i32 %{{.*}}, 4
; CHECK: %[[NEXT]] = zext i32 %next to i64
; CHECK: getelementptr i8, ptr %base, i64 %[[NEXT]]
define i32 @next(ptr %base, i32 %from) {
entry:
  br label %loop
loop:
  %p = phi i32 [ %from, %entry ], [ %next, %loop ]
  %next = add i32 %p, 4
  %wide = zext i32 %next to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  %value = load i32, ptr %at, align 1
  %less = icmp slt i32 %value, 7
  br i1 %less, label %loop, label %end
end:
  ret i32 %next
}

;; An `or` is a sum where the bits that it sets were clear, which is known of a phi, too.
; CHECK-LABEL: @or
; CHECK: %[[SUM:.*]] = add i64 %i.extended, 1
; CHECK: getelementptr i8, ptr %base, i64 %[[SUM]]
; CHECK: %[[OTHER:.*]] = or i32 %{{.*}}, 2
; CHECK: zext i32 %[[OTHER]] to i64
define void @or(ptr %base) {
entry:
  br label %loop
loop:
  %i = phi i32 [ 0, %entry ], [ %next, %loop ]
  %odd = or i32 %i, 1
  %wide = zext i32 %odd to i64
  %at = getelementptr i8, ptr %base, i64 %wide
  store i8 1, ptr %at, align 1
  %other = or i32 %i, 2
  %second = zext i32 %other to i64
  %there = getelementptr i8, ptr %base, i64 %second
  store i8 2, ptr %there, align 1
  %next = add i32 %i, 2
  %more = icmp ne i32 %next, 1000
  br i1 %more, label %loop, label %end
end:
  ret void
}
