;; An `or` whose constant sets what an `and` had cleared is a sum with a factor, and both are
;; part of the address.
; RUN: %opt -passes=wasmc-sum-indices %s | %FileCheck %s
; RUN: %opt -passes=wasmc-sum-indices %s | llc -mtriple=x86_64-linux-gnu | %FileCheck --check-prefix=ASM %s

; CHECK-LABEL: @chosen
; CHECK: %[[WIDE:.*]] = zext i8 %byte to i64
; CHECK: %[[BITS:.*]] = and i64 %[[WIDE]], 15
; CHECK: %[[SCALED:.*]] = shl i64 %[[BITS]], 2
; CHECK: %[[SUM:.*]] = add i64 %[[SCALED]], 65472
; CHECK: getelementptr i8, ptr %base, i64 %[[SUM]]
; ASM-LABEL: chosen:
; ASM: andl $15, %e[[BITS:[a-z]+]]
; ASM-NEXT: movl 65472(%rdi,%r[[BITS]],4), %eax
define i32 @chosen(ptr %base, i8 %byte) {
  %shifted = shl i8 %byte, 2
  %wide = zext i8 %shifted to i64
  %index = or i64 %wide, 65472
  %at = getelementptr i8, ptr %base, i64 %index
  %value = load i32, ptr %at, align 1
  ret i32 %value
}

;; Likewise where the shift is of 64 bits.
; CHECK-LABEL: @shifted
; CHECK: %[[BITS:.*]] = and i64 %wide, 4611686018427387663
; CHECK: %[[SCALED:.*]] = shl i64 %[[BITS]], 2
; CHECK: add i64 %[[SCALED]], 960
; ASM-LABEL: shifted:
; ASM: andl $15, %e[[BITS:[a-z]+]]
; ASM-NEXT: movl 960(%rdi,%r[[BITS]],4), %eax
define i32 @shifted(ptr %base, i8 %byte) {
  %wide = zext i8 %byte to i64
  %scaled = shl i64 %wide, 2
  %index = or i64 %scaled, 960
  %at = getelementptr i8, ptr %base, i64 %index
  %value = load i32, ptr %at, align 1
  ret i32 %value
}

;; What is no factor of an address, or is needed as it is, stays.
; CHECK-LABEL: @others
; CHECK: or i64 %wide, 65280
; CHECK: or i64 %used, 65472
; CHECK-NOT: and
; CHECK: ret i64
define i64 @others(ptr %base, i8 %a, i8 %b) {
  %shifted = shl i8 %a, 4
  %wide = zext i8 %shifted to i64
  %first = or i64 %wide, 65280
  %there = getelementptr i8, ptr %base, i64 %first
  store i8 1, ptr %there, align 1
  %narrow = shl i8 %b, 2
  %used = zext i8 %narrow to i64
  %second = or i64 %used, 65472
  %at = getelementptr i8, ptr %base, i64 %second
  store i8 2, ptr %at, align 1
  ret i64 %used
}
