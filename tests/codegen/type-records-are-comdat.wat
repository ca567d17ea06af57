;; A type's record has the type in its name: the linker keeps one of each.
;; RUN: %lower %s | %FileCheck %s
;; CHECK-DAG: $[[T:__wasmc_type_Lfunc_Lparam_i32JJ]] = comdat any
;; CHECK-DAG: $[[T]]_call = comdat any
;; CHECK-DAG: @[[T]] = linkonce_odr hidden constant {{.*}}comdat
;; CHECK-DAG: define linkonce_odr hidden i32 @[[T]]_call({{.*}} comdat
(module (table 1 funcref) (type $t (func (param i32)))
  (func (export "f") (call_indirect (type $t) (i32.const 0) (i32.const 0))))
