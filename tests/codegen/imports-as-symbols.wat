;; --imports=symbols calls the host's function directly, by a symbol with its type.
;; RUN: %lower --imports=symbols %s | %FileCheck %s
;; CHECK: call i32 @m_import_env__host__if_l(ptr {{%.*}}, i32 {{%.*}}, float {{%.*}}, ptr {{%.*}})
;; CHECK: declare i32 @m_import_env__host__if_l(ptr, i32, float, ptr)
(module (import "env" "host" (func $host (param i32 f32) (result i64)))
  (func (export "f") (result i64) (call $host (i32.const 1) (f32.const 2))))
