;; Well-formed, not valid: an f64 where an i32 must be.
(module
  (func $decode (export "decode") (result i32)
    f64.const 1))
