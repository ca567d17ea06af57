//===- unwind.cpp - From a throw to its handler ---------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions of modules through which exceptions can pass have the tables of the
// Itanium C++ ABI, which cost nothing until something is thrown. A try is a range of
// calls with a landing pad; whether one of its clauses wants the exception is decided
// there, in the module's code. So a frame needs no cleanup, nothing has to be known
// before the stack is taken down, and one walk is enough: a "forced unwinding", which
// the system's unwinder (libgcc's, LLVM's) hands a frame at a time to `atFrame`.
//
// The walk never sees a frame of the host's. It ends at the innermost activation: all
// frames below are the runtime's or a module's, since code of the host runs there in
// an activation that it has left, or in a region (LTO), whose module code ends
// exceptions itself (EntryBuilder::runInOpenRegion). For exceptions of a host's own
// language, the trampoline's personality (enter_slow.cpp) ends the search.
//
// This file alone needs the unwinder. It is linked where a module throws or catches.
//
//===----------------------------------------------------------------------===//
#include "exception.h"

#if defined(__ARM_EABI_UNWINDER__) || (defined(__arm__) && !defined(__ARM_DWARF_EH__))
// Another unwinder, on targets without an entry trampoline: no module runs there yet,
// and one that throws finds nothing to link with.
#else

#include <unwind.h>

using namespace wasmc::rt;

namespace {

/// "WASMC\0\0\0": exceptions of languages are told apart by it.
constexpr uint64_t ourClass = uint64_t(0x5741534d43) << 24;

/// What a walk carries. It lies in the frame of `__wasmc_raise`, which is gone once a
/// handler runs; the exception itself is all that is handed over.
struct Walk {
  _Unwind_Exception header;
  wasmc_exception *exception;
  uintptr_t end; ///< Address of the activation.
};

/// Reads what LLVM writes into .gcc_except_table.
class TableReader {
public:
  explicit TableReader(const void *table) : next(static_cast<const uint8_t *>(table)) {}

  uint8_t byte() { return *next++; }

  uint64_t leb() {
    uint64_t value = 0;
    unsigned shift = 0;
    uint8_t read;
    do {
      read = *next++;
      value |= uint64_t(read & 0x7f) << shift;
      shift += 7;
    } while (read & 0x80);
    return value;
  }

  /// A number in one of the two encodings that LLVM chooses for call sites.
  uint64_t number(uint8_t encoding) {
    if (encoding == encodedLeb)
      return leb();
    uint32_t value;
    __builtin_memcpy(&value, next, sizeof(value));
    next += sizeof(value);
    return value;
  }

  const uint8_t *position() const { return next; }

  static constexpr uint8_t encodedLeb = 0x01, omitted = 0xff;

private:
  const uint8_t *next;
};

/// Where the exceptions of a call go on, or 0 where they pass its function. `call` is
/// an offset into the function, as are landing pads.
uintptr_t landingPad(const void *table, uintptr_t call) {
  TableReader reader(table);
  if (reader.byte() != TableReader::omitted)
    return 0; // Landing pads relative to something else: not LLVM's.
  if (reader.byte() != TableReader::omitted)
    reader.leb(); // Where the types are: no clause of ours has one.
  const uint8_t encoding = reader.byte();
  const uint64_t bytes = reader.leb();
  const uint8_t *end = reader.position() + bytes;
  while (reader.position() < end) {
    const uint64_t start = reader.number(encoding), length = reader.number(encoding);
    const uint64_t pad = reader.number(encoding);
    reader.leb(); // Action: each pad catches all.
    if (call - start < length)
      return static_cast<uintptr_t>(pad);
  }
  return 0;
}

/// Called at each frame, innermost first, before its personality is.
_Unwind_Reason_Code atFrame(int, _Unwind_Action actions, _Unwind_Exception_Class,
                            _Unwind_Exception *, _Unwind_Context *context, void *argument) {
  const Walk *walk = static_cast<const Walk *>(argument);
  // The stack pointer at the frame's call. The trampoline's is the activation.
  if ((actions & _UA_END_OF_STACK) || _Unwind_GetCFA(context) >= walk->end)
    endUncaught(walk->exception);
  return _URC_NO_REASON;
}

} // namespace

#pragma GCC visibility push(hidden)

/// The personality of functions that have a try.
extern "C" _Unwind_Reason_Code __wasmc_personality(int, _Unwind_Action actions,
                                                   _Unwind_Exception_Class kind,
                                                   _Unwind_Exception *header,
                                                   _Unwind_Context *context) {
  // Exceptions of the host's language, and threads that end, are none of a module's.
  if (kind != ourClass || !(actions & _UA_FORCE_UNWIND))
    return _URC_CONTINUE_UNWIND;
  const void *table = reinterpret_cast<const void *>(_Unwind_GetLanguageSpecificData(context));
  const uintptr_t function = _Unwind_GetRegionStart(context);
  // The return address may be the first of the next range.
  const uintptr_t pad =
      table != nullptr ? landingPad(table, _Unwind_GetIP(context) - 1 - function) : 0;
  if (pad == 0)
    return _URC_CONTINUE_UNWIND;
  wasmc_exception *exception = reinterpret_cast<Walk *>(header)->exception;
  _Unwind_SetGR(context, __builtin_eh_return_data_regno(0),
                reinterpret_cast<uintptr_t>(exception));
  _Unwind_SetGR(context, __builtin_eh_return_data_regno(1), 0);
  _Unwind_SetIP(context, function + pad);
  return _URC_INSTALL_CONTEXT;
}

#pragma GCC visibility pop

void __wasmc_raise(wasmc_exception *exception) {
  Walk walk = {};
  walk.header.exception_class = ourClass;
  walk.exception = exception;
  walk.end = reinterpret_cast<uintptr_t>(__wasmc_thread.top);
  _Unwind_ForcedUnwind(&walk.header, atFrame, &walk);
  // It returns where it cannot go on: a frame without tables.
  endUncaught(exception);
}

void __wasmc_throw_new_v_ppp(wasmc_instance *instance, const wasmc_tag *tag, const uint64_t *slots) {
  void *returnAddress = __builtin_return_address(0), *ownFrame = __builtin_frame_address(0);
  wasmc_exception *exception = makeException(instance, tag, slots);
  if (exception == nullptr)
    trapFrom(Trap_exception_memory, WASMC_OK, returnAddress, ownFrame);
  traceThrow(exception, returnAddress, ownFrame);
  __wasmc_raise(exception);
}

void __wasmc_throw_ref_v_l(wasmc_ref reference) {
  wasmc_exception *exception = exceptionOf(reference);
  traceThrow(exception, __builtin_return_address(0), __builtin_frame_address(0));
  __wasmc_raise(exception);
}

#endif
