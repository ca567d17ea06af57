//===- wasmc.hpp - What the classes of generated headers stand on ----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// C++17, nothing but inline functions: needs no library besides the runtime.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_WASMC_HPP
#define WASMC_WASMC_HPP

#include "wasmc.h"

#include <cstddef>
#if __cplusplus >= 202002L
#include <span>
#endif
#include <tuple>
#include <utility>

namespace wasmc {

/// The outcome of a call: true if it went well, and then its value.
template <typename T> struct [[nodiscard]] result {
  wasmc_status status;
  T value;
  explicit operator bool() const { return status == WASMC_OK; }
  T &operator*() { return value; }
  T *operator->() { return &value; }
};

template <> struct [[nodiscard]] result<void> {
  wasmc_status status;
  explicit operator bool() const { return status == WASMC_OK; }
};

/// Bytes in a module's memory, where std::span is not there yet.
struct bytes {
  const void *data;
  size_t size;
};

/// Owns an instance of the module whose C type is `C`.
template <typename C> class owner {
public:
  owner() = default;
  explicit owner(C *instance) : self(instance) {}
  owner(owner &&other) noexcept : self(std::exchange(other.self, nullptr)) {}
  owner &operator=(owner &&other) noexcept {
    std::swap(self, other.self);
    return *this;
  }
  ~owner() { wasmc_instance_delete(raw()); }

  explicit operator bool() const { return self != nullptr; }
  C *get() const { return self; }
  wasmc_instance *raw() const { return reinterpret_cast<wasmc_instance *>(self); }
  const wasmc_trap *trap() const { return wasmc_instance_trap(raw()); }
  /// As it was when it was new: wasmc_instance_reset().
  result<void> reset() { return {wasmc_instance_reset(raw())}; }
  int32_t error() const { return wasmc_instance_error(raw()); }

protected:
  C *self = nullptr;
};

} // namespace wasmc

#endif
