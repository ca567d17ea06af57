//===- ValidateModule.cpp - Validation of modules (3.5) --------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "wasm/ModuleValidator.h"

#include "llvm/ADT/StringSet.h"

namespace wasmc::wasm {

llvm::Error validateModule(Module &module, const FeatureSet &features) {
  return ModuleValidator(module, features).run();
}

llvm::Error ModuleValidator::run() {
  if (llvm::Error error = validateTypes(module))
    return error;
  if (checkAll())
    return llvm::Error::success();
  return llvm::Error(std::move(failure));
}

bool ModuleValidator::checkAll() {
  return checkFunctions() && checkTags() && checkExports() && checkTables() && checkMemories() &&
         checkGlobals() && checkStart() && checkElements() && checkData();
}

bool ModuleValidator::functionType(uint32_t index, size_t at, const FuncType *&out) {
  if (index >= module.types.size())
    return fail(at, "unknown type " + llvm::Twine(index));
  if (module.types[index].kind != CompositeKind::Func)
    return fail(at, "expected a function type, type " + llvm::Twine(index) + " is none");
  out = &module.types[index].func;
  return true;
}

bool ModuleValidator::declare(uint32_t function, size_t at) {
  if (function >= module.functions.size())
    return fail(at, "unknown function " + llvm::Twine(function));
  module.functions[function].isDeclared = true;
  return true;
}

bool ModuleValidator::checkFunctions() {
  for (const Function &function : module.functions) {
    const FuncType *type;
    size_t at = function.import ? module.imports[*function.import].offset : function.body.offset;
    if (!functionType(function.type, at, type))
      return false;
  }
  return true;
}

bool ModuleValidator::checkTags() {
  for (const Tag &tag : module.tags) {
    const FuncType *type;
    if (!functionType(tag.type, tag.offset, type))
      return false;
    if (!type->results.empty())
      return fail(tag.offset, "non-empty tag result type " + toString(type->results));
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Tables, memories, globals
//===----------------------------------------------------------------------===//

bool ModuleValidator::checkLimits(const Limits &limits, uint64_t range, size_t at,
                                  const llvm::Twine &message) {
  if (limits.min > range || (limits.hasMax && limits.max > range))
    return fail(at, message);
  if (limits.hasMax && limits.min > limits.max)
    return fail(at, "size minimum must not be greater than maximum: " + llvm::Twine(limits.min) +
                        " and " + llvm::Twine(limits.max));
  return true;
}

bool ModuleValidator::checkTables() {
  for (const Table &table : module.tables) {
    if (!isInRange(ValType::reference(table.type.element), module.types.size()))
      return fail(table.offset, "unknown type " + llvm::Twine(table.type.element.heap.index));
    bool is64 = table.type.limits.is64;
    if (!checkLimits(table.type.limits, is64 ? UINT64_MAX : UINT32_MAX, table.offset,
                     "table size must be at most 2^32-1"))
      return false;
    if (!checkTableInit(table))
      return false;
  }
  return true;
}

/// Tables come before the globals that the module defines, and see none of
/// them.
bool ModuleValidator::checkTableInit(const Table &table) {
  if (table.import)
    return true;
  if (!table.init)
    return table.type.element.nullable ||
           fail(table.offset, "type mismatch: a table of " + toString(table.type.element) +
                                  " needs an initializer");
  auto imported = std::partition_point(module.globals.begin(), module.globals.end(),
                                       [](const Global &g) { return g.import.has_value(); });
  return constExpr(*table.init, ValType::reference(table.type.element),
                   imported - module.globals.begin());
}

bool ModuleValidator::checkMemories() {
  for (const Memory &memory : module.memories) {
    const MemoryType &type = memory.type;
    if (type.pageSizeLog2 != 16 && type.pageSizeLog2 != 0)
      return fail(memory.offset, "invalid custom page size 2^" +
                                     llvm::Twine(unsigned(type.pageSizeLog2)) +
                                     ": expected 1 or 65536");
    bool isBytes = type.pageSizeLog2 == 0, is64 = type.limits.is64;
    uint64_t range = is64      ? (isBytes ? UINT64_MAX : uint64_t(1) << 48)
                     : isBytes ? UINT32_MAX
                               : 65536;
    const char *message = is64      ? "memory size must be at most 2^64 bytes"
                          : isBytes ? "memory size must be at most 4294967295 pages"
                                    : "memory size must be at most 65536 pages (4GiB)";
    if (!checkLimits(type.limits, range, memory.offset, message))
      return false;
    if (type.shared && !type.limits.hasMax)
      return fail(memory.offset, "shared memory must have maximum");
  }
  return true;
}

bool ModuleValidator::checkGlobals() {
  for (size_t i = 0; i < module.globals.size(); ++i) {
    const Global &global = module.globals[i];
    if (!isInRange(global.type.type, module.types.size()))
      return fail(global.offset, "unknown type " + llvm::Twine(global.type.type.ref.heap.index));
    if (!global.import && !constExpr(global.init, global.type.type, i))
      return false;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Exports and start
//===----------------------------------------------------------------------===//

size_t ModuleValidator::spaceSize(ExternKind kind) const {
  switch (kind) {
  case ExternKind::Func: return module.functions.size();
  case ExternKind::Table: return module.tables.size();
  case ExternKind::Memory: return module.memories.size();
  case ExternKind::Global: return module.globals.size();
  case ExternKind::Tag: return module.tags.size();
  }
  return 0;
}

bool ModuleValidator::checkExports() {
  static constexpr const char *names[] = {"function", "table", "memory", "global", "tag"};
  llvm::StringSet<> seen;
  for (const Export &e : module.exports) {
    if (e.index >= spaceSize(e.kind))
      return fail(e.offset, "unknown " + llvm::Twine(names[static_cast<size_t>(e.kind)]) + " " +
                                llvm::Twine(e.index));
    if (!seen.insert(e.name).second)
      return fail(e.offset, "duplicate export name '" + std::string(e.name) + "'");
    if (e.kind == ExternKind::Func)
      module.functions[e.index].isDeclared = true;
    if (e.kind == ExternKind::Global && module.globals[e.index].type.isMutable &&
        !need(Feature::MutableGlobals, e.offset, "an exported mutable global"))
      return false;
  }
  return true;
}

bool ModuleValidator::checkStart() {
  if (!module.start)
    return true;
  if (*module.start >= module.functions.size())
    return fail(module.startOffset, "unknown function " + llvm::Twine(*module.start));
  const FuncType &type = module.funcType(*module.start);
  if (!type.params.empty() || !type.results.empty())
    return fail(module.startOffset, "start function: expected [] -> [], found " + toString(type));
  return true;
}

//===----------------------------------------------------------------------===//
// Segments
//===----------------------------------------------------------------------===//

static ValType addressType(const Limits &limits) {
  return limits.is64 ? ValType::i64() : ValType::i32();
}

bool ModuleValidator::checkElements() {
  for (const ElementSegment &segment : module.elements)
    if (!checkElementSegment(segment))
      return false;
  return true;
}

bool ModuleValidator::checkElementSegment(const ElementSegment &segment) {
  if (!isInRange(ValType::reference(segment.type), module.types.size()))
    return fail(segment.offset, "unknown type " + llvm::Twine(segment.type.heap.index));
  for (uint32_t function : segment.functions)
    if (!declare(function, segment.offset))
      return false;
  for (const ConstExpr &expr : segment.exprs)
    if (!constExpr(expr, ValType::reference(segment.type), module.globals.size()))
      return false;
  if (segment.mode != SegmentMode::Active)
    return true;
  if (segment.table >= module.tables.size())
    return fail(segment.offset, "unknown table " + llvm::Twine(segment.table));
  const TableType &table = module.tables[segment.table].type;
  if (!matches(module, segment.type, table.element))
    return fail(segment.offset, "type mismatch: expected a segment of " + toString(table.element) +
                                    ", found one of " + toString(segment.type));
  return constExpr(segment.offsetExpr, addressType(table.limits), module.globals.size());
}

bool ModuleValidator::checkData() {
  for (const DataSegment &segment : module.data) {
    if (segment.mode != SegmentMode::Active)
      continue;
    if (segment.memory >= module.memories.size())
      return fail(segment.offset, "unknown memory " + llvm::Twine(segment.memory));
    if (!constExpr(segment.offsetExpr, addressType(module.memories[segment.memory].type.limits),
                   module.globals.size()))
      return false;
  }
  return true;
}

} // namespace wasmc::wasm
