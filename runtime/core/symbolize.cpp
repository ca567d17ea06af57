//===- symbolize.cpp - Traps as text, from site records -------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the records of abi/sites.h, which the compiler wrote: format and bounds
// are trusted. Nothing is allocated; each line is built on the stack.
//
//===----------------------------------------------------------------------===//
#include "runtime.h"
#include "text.h"

using namespace wasmc::rt;

namespace {

struct SiteHeader {
  uint32_t size;
  int32_t function; ///< Relative to this field.
  uint32_t codeSize;
  uint32_t strings; ///< From the start of the record.
  uint32_t numEntries;
};
static_assert(sizeof(SiteHeader) == 20);

uintptr_t codeStart(const SiteHeader *record) {
  return reinterpret_cast<uintptr_t>(&record->function) + static_cast<intptr_t>(record->function);
}

/// Steps through a link unit's records.
class RecordCursor {
public:
  explicit RecordCursor(const wasmc_module *from)
      : position(static_cast<const char *>(from->sites)),
        end(static_cast<const char *>(from->sites_end)) {}

  /// Null after the last one.
  const SiteHeader *next() {
    while (position != nullptr && end - position >= static_cast<ptrdiff_t>(sizeof(SiteHeader))) {
      const SiteHeader *record = reinterpret_cast<const SiteHeader *>(position);
      // Zeros are what a linker puts between the records of two objects.
      position += record->size != 0 ? record->size : 8;
      if (record->size != 0)
        return record;
    }
    return nullptr;
  }

private:
  const char *position, *end;
};

/// The record of the function that holds `pc`, or null.
const SiteHeader *findRecord(const wasmc_module *from, uintptr_t pc) {
  for (RecordCursor cursor(from); const SiteHeader *record = cursor.next();)
    if (pc - codeStart(record) < record->codeSize)
      return record;
  return nullptr;
}

} // namespace

void wasmc::rt::findCodeRange(const wasmc_module *from, uintptr_t &low, uintptr_t &high) {
  low = ~uintptr_t(0);
  high = 0;
  for (RecordCursor cursor(from); const SiteHeader *record = cursor.next();) {
    const uintptr_t start = codeStart(record), end = start + record->codeSize;
    low = start < low ? start : low;
    high = end > high ? end : high;
  }
  if (high == 0)
    low = high = 1; // No functions: an empty range, but known.
}

namespace {

uint32_t readLeb(const uint8_t *&next) {
  uint32_t value = 0;
  unsigned shift = 0;
  uint8_t byte;
  do {
    byte = *next++;
    if (shift < 32)
      value |= uint32_t(byte & 0x7f) << shift;
    shift += 7;
  } while (byte & 0x80);
  return value;
}

/// One function of an entry, of which inlining makes several.
struct Frame {
  uint32_t name, file, line, column, wasmOffset, function;
};

Frame readFrame(const uint8_t *&next) {
  Frame frame;
  frame.name = readLeb(next);
  frame.file = readLeb(next);
  frame.line = readLeb(next);
  frame.column = readLeb(next);
  frame.wasmOffset = readLeb(next);
  frame.function = readLeb(next);
  return frame;
}

/// The frames that hold at `codeOffset`: sets `count` and returns the position
/// of the first; null before the first entry.
const uint8_t *findEntry(const SiteHeader *record, uintptr_t codeOffset, uint32_t &count) {
  const uint8_t *next = reinterpret_cast<const uint8_t *>(record + 1);
  const uint8_t *found = nullptr;
  uintptr_t offset = 0;
  for (uint32_t entry = 0; entry != record->numEntries; ++entry) {
    offset += readLeb(next);
    if (offset > codeOffset)
      break;
    uint32_t frames = readLeb(next);
    count = frames;
    found = next;
    while (frames-- != 0)
      readFrame(next);
  }
  return found;
}

/// Writes a trap line by line.
class Writer {
public:
  Writer(const wasmc_trap &trap, void (*write)(void *, const char *, size_t), void *context)
      : trap(trap), write(write), context(context) {}

  void writeAll() {
    line << "wasmc: trap in '";
    putName(trap.module->name);
    line << "': " << trap.message;
    if (trap.host_status != WASMC_OK) {
      line << " (status ";
      if (trap.host_status < 0)
        line << "-" << uint64_t(-static_cast<int64_t>(trap.host_status));
      else
        line << uint64_t(trap.host_status);
      line << ": " << wasmc_status_name(trap.host_status) << ")";
    }
    if (trap.exception != 0)
      writeException(reinterpret_cast<const wasmc_exception *>(
          static_cast<uintptr_t>(trap.exception)));
    endLine();
    // Glue of the compiler's has no record: what calls a host function, and the
    // body of an entry. It says nothing beside frames that have one.
    uint32_t first = 0, last = trap.num_frames;
    if (trap.host_status != WASMC_OK && last > 1 && !recordOf(0) && recordOf(1))
      first = 1;
    if (trap.omitted_frames == 0 && last > first + 1 && !recordOf(last - 1) && recordOf(last - 2))
      --last;
    for (uint32_t i = first; i < last; ++i)
      writeFrames(i);
    if (trap.omitted_frames != 0) {
      line << "  ... " << uint64_t(trap.omitted_frames) << " more frames";
      endLine();
    }
  }

private:
  void putSigned(int64_t value) {
    line << (value < 0 ? "-" : "") << (value < 0 ? -uint64_t(value) : uint64_t(value));
  }

  /// Its tag, and as much of its payload as a line has room for.
  void writeException(const wasmc_exception *exception) {
    const wasmc_tag_type *type = static_cast<const wasmc_tag_type *>(exception->type);
    line << " with tag '";
    putName(type->name);
    line << "' (";
    const uint64_t *slot = reinterpret_cast<const uint64_t *>(exception + 1);
    for (uint32_t i = 0; i != type->num_params; ++i) {
      if (i == mostValues) {
        line << " ...";
        break;
      }
      line << (i != 0 ? " " : "");
      const uint8_t kind = arrayOf<uint8_t>(type->params)[i];
      switch (kind) {
      case WASMC_VAL_I32: putSigned(static_cast<int32_t>(*slot)); break;
      case WASMC_VAL_I64: putSigned(static_cast<int64_t>(*slot)); break;
      case WASMC_VAL_F32: (line << "f32 ").hex(static_cast<uint32_t>(*slot)); break;
      case WASMC_VAL_F64: (line << "f64 ").hex(*slot); break;
      case WASMC_VAL_V128: (line << "v128 ").hex(slot[1]) << " "; line.hex(slot[0]); break;
      default: line << (*slot != 0 ? "reference" : "null"); break;
      }
      slot += kind == WASMC_VAL_V128 ? 2 : 1;
    }
    line << ")";
  }

  /// Where the code of a frame stands: a return address may lie past its
  /// function's end, the call before it does not.
  uintptr_t positionOf(uint32_t index) const {
    return index == 0 ? trap.pcs[0] : trap.pcs[index] - 1;
  }

  const SiteHeader *recordOf(uint32_t index) const {
    return findRecord(trap.module, positionOf(index));
  }

  void beginFrame() { line << "  #" << uint64_t(number++) << " "; }

  void writeFrames(uint32_t index) {
    const SiteHeader *record = recordOf(index);
    uint32_t count = 0;
    const uint8_t *next =
        record ? findEntry(record, positionOf(index) - codeStart(record), count) : nullptr;
    if (next == nullptr) {
      beginFrame();
      line.hex(trap.pcs[index]) << " (no record)";
      endLine();
      return;
    }
    const char *strings = reinterpret_cast<const char *>(record) + record->strings;
    for (; count != 0; --count) {
      const Frame frame = readFrame(next);
      beginFrame();
      putName(strings + frame.name);
      if (frame.file != 0) {
        line << " at ";
        putName(strings + frame.file);
        line << ":" << uint64_t(frame.line) << ":" << uint64_t(frame.column);
      }
      line << (count > 1 ? " [inlined]" : "") << " (wasm function " << uint64_t(frame.function)
           << ", offset ";
      line.hex(frame.wasmOffset) << ")";
      endLine();
    }
  }

  /// A name as the module has it, which may be of any length: the rest of the
  /// line must still fit.
  void putName(const void *text) {
    const char *name = static_cast<const char *>(text);
    size_t length = 0;
    while (name[length] != 0 && length != longestName)
      ++length;
    line.put(name, length) << (name[length] != 0 ? "..." : "");
  }

  void endLine() {
    buffer[line.size()] = '\n';
    write(context, buffer, line.size() + 1);
    line.clear();
  }

  const wasmc_trap &trap;
  void (*write)(void *, const char *, size_t);
  void *context;
  uint32_t number = 0;
  static constexpr uint32_t mostValues = 8;  ///< Of a payload.
  static constexpr size_t longestName = 400; ///< Two of them and numbers fit a line.
  char buffer[1024];
  Text line{buffer, sizeof(buffer) - 1}; ///< Leaves room for the line's end.
};

} // namespace

void wasmc_trap_write(const wasmc_trap *trap,
                      void (*write)(void *context, const char *text, size_t length),
                      void *context) {
  if (trap != nullptr)
    Writer(*trap, write, context).writeAll();
}
