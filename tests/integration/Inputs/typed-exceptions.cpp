// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A guest that catches by type, with the standard library's exceptions and type
// information. What libc++abi and libunwind would add is here, as small as it can be, since
// Debian builds the first without exceptions, and has no package of the second.
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <stdexcept>
#include <string>
#include <typeinfo>

// The tag of C++, which libunwind defines in programs.
__asm__(".globl __cpp_exception\n.tagtype __cpp_exception i32\n__cpp_exception:\n");

namespace __cxxabiv1 {
// As libc++abi lays it out (private_typeinfo.h): what decides whether a handler is for
// an object that was thrown, and where in it the part is that the handler sees.
struct __shim_type_info : std::type_info {
  virtual ~__shim_type_info();
  virtual void noop1() const;
  virtual void noop2() const;
  virtual bool can_catch(const __shim_type_info *thrown, void *&object) const = 0;
};
} // namespace __cxxabiv1
using __cxxabiv1::__shim_type_info;

namespace {
struct Header {
  const __shim_type_info *type;
  void *(*destroy)(void *); // In wasm, destructors return what they were given.
  void *adjusted; // What the handler sees.
  int handlers;   // That are running.
  Header *below;  // In the stack of exceptions that are being handled.
};
Header *caught;

Header *headerOf(void *object) { return static_cast<Header *>(object) - 1; }

uint32_t uleb(const uint8_t *&at) {
  uint32_t value = 0, shift = 0;
  for (;; shift += 7) {
    uint8_t byte = *at++;
    value |= uint32_t(byte & 0x7f) << shift;
    if (!(byte & 0x80))
      return value;
  }
}
int32_t sleb(const uint8_t *&at) {
  const uint8_t *start = at;
  uint32_t value = uleb(at), bits = 7 * (at - start);
  return bits < 32 && at[-1] & 0x40 ? int32_t(value | ~0u << bits) : int32_t(value);
}
} // namespace

extern "C" {
struct LandingPad {
  size_t index;
  const uint8_t *table;
  size_t selector;
};
LandingPad __wasm_lpad_context;

/// Which handler of the landing pad takes it, by the language-specific data.
int _Unwind_CallPersonality(void *object) {
  Header *header = headerOf(object);
  const uint8_t *at = __wasm_lpad_context.table;
  ++at; // No base of landing pads.
  ++at; // Types are addresses.
  uint32_t offset = uleb(at);
  const uint32_t *types = reinterpret_cast<const uint32_t *>(at + offset);
  ++at; // Call sites are ULEB128.
  uint32_t length = uleb(at);
  const uint8_t *actions = at + length;
  uint32_t action = 0;
  for (size_t i = 0; i <= __wasm_lpad_context.index; ++i) {
    uleb(at);
    action = uleb(at);
  }
  __wasm_lpad_context.selector = 0;
  for (const uint8_t *next = actions + action - 1; action != 0;) {
    int32_t number = sleb(next);
    const uint8_t *from = next;
    int32_t further = sleb(next);
    if (number > 0) {
      auto *wanted = reinterpret_cast<const __shim_type_info *>(types[-number]);
      void *part = object;
      if (wanted == nullptr || wanted->can_catch(header->type, part)) {
        header->adjusted = part;
        __wasm_lpad_context.selector = number;
        return 0;
      }
    }
    if (further == 0)
      break;
    next = from + further;
  }
  return 0;
}

void *__cxa_allocate_exception(size_t size) noexcept {
  Header *header = static_cast<Header *>(calloc(1, sizeof(Header) + size));
  return header + 1;
}
void __cxa_free_exception(void *object) noexcept { free(headerOf(object)); }
[[noreturn]] void __cxa_throw(void *object, std::type_info *type, void *(*destroy)(void *)) {
  Header *header = headerOf(object);
  header->type = static_cast<const __shim_type_info *>(type);
  header->destroy = destroy;
  __builtin_wasm_throw(0, object);
}
void *__cxa_begin_catch(void *object) noexcept {
  Header *header = headerOf(object);
  header->handlers = (header->handlers < 0 ? -header->handlers : header->handlers) + 1;
  if (caught != header) {
    header->below = caught;
    caught = header;
  }
  return header->adjusted;
}
void __cxa_end_catch() {
  Header *header = caught;
  if (header->handlers < 0) { // Thrown on: whoever catches it next ends it.
    if (++header->handlers == 0)
      caught = header->below;
    return;
  }
  if (--header->handlers != 0)
    return;
  caught = header->below;
  if (header->destroy)
    header->destroy(header + 1);
  free(header);
}
[[noreturn]] void __cxa_rethrow() {
  Header *header = caught;
  header->handlers = -header->handlers;
  __builtin_wasm_throw(0, header + 1);
}
}

#define EXPORT(name) __attribute__((export_name(#name))) extern "C"

namespace {
int destroyed, looked;

struct Guard {
  ~Guard() { ++destroyed; }
};
struct ParseError : std::runtime_error {
  int line;
  ParseError(int line, const std::string &what) : std::runtime_error(what), line(line) {}
};
// The part that handlers look for is not the first.
struct Numbered {
  int number = 42;
  virtual ~Numbered() { ++destroyed; }
};
struct Both : Numbered, ParseError {
  Both() : ParseError(7, "both") {}
};

enum Kind { Nothing, Runtime, Parse, Logic, Number, Pointer, Several, Unknown };
struct Other {};

__attribute__((noinline)) void fail(int kind) {
  Guard guard;
  switch (kind) {
  case Nothing: return;
  case Runtime: throw std::runtime_error("runtime");
  case Parse: throw ParseError(3, std::string("parse error in line ") + char('0' + 3));
  case Logic: throw std::out_of_range("logic");
  case Number: throw 4711;
  case Pointer: throw "pointer";
  case Several: throw Both();
  default: throw Other();
  }
}
__attribute__((noinline)) void between(int kind) {
  std::string kept = "longer than what fits into a string itself, so that it is allocated";
  Guard guard;
  fail(kind);
  looked += kept.size() == 0;
}
// Looks at errors of one kind alone, and throws them on; others it does not see.
__attribute__((noinline)) void looks(int kind) {
  Guard guard;
  try {
    between(kind);
  } catch (const std::logic_error &e) {
    looked += 1;
    throw;
  } catch (const ParseError &e) {
    looked += 10 * e.line;
    throw;
  }
}
int length(const char *text) { return int(std::string(text).size()); }
} // namespace

EXPORT(which) int which(int kind) {
  destroyed = looked = 0;
  try {
    looks(kind);
    return 1000;
  } catch (const Numbered &n) {
    return 2000 + n.number;
  } catch (const ParseError &e) {
    return 3000 + e.line * 100 + length(e.what());
  } catch (const std::runtime_error &e) {
    return 4000 + length(e.what());
  } catch (const std::exception &e) {
    return 5000 + length(e.what());
  } catch (int number) {
    return 6000 + number;
  } catch (const char *text) {
    return 20000 + length(text);
  } catch (...) {
    return 30000;
  }
}
// The part of an object that has several.
EXPORT(part) int part(int kind) {
  try {
    looks(kind);
    return -1;
  } catch (const std::runtime_error &e) {
    return length(e.what());
  }
}
EXPORT(counts) int counts() { return destroyed * 1000 + looked; }
// Another is thrown and caught while one is handled, which then goes on.
EXPORT(nested) int nested(int first, int second) {
  try {
    try {
      fail(first);
    } catch (const std::exception &outer) {
      int inner = which(second);
      if (inner != which(second))
        return -1;
      throw;
    }
  } catch (const std::exception &e) {
    return length(e.what());
  } catch (...) {
    return -2;
  }
  return 0;
}
EXPORT(lets_pass) int lets_pass(int kind) {
  Guard guard;
  try {
    fail(kind);
  } catch (const std::logic_error &) {
    return 1;
  }
  return 0;
}
