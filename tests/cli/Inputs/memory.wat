;; Imports, a memory, a table, a start function.
(module $sensor
  (import "env" "log" (func $log (param i32)))
  (import "env" "scale" (global $scale i32))
  (memory (export "memory") 1 16)
  (table (export "table") 2 funcref)
  (global $count (export "count") (mut i64) (i64.const 0))
  (func $setup)
  (func $peek (export "peek") (param i32) (result i32 i64)
    local.get 0
    i32.load
    global.get $count)
  (start $setup))
