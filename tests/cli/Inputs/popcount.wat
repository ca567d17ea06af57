(module
  (func (export "count") (param i32) (result i32)
    local.get 0
    i32.popcnt))
