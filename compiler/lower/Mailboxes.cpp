//===- Mailboxes.cpp - Where messages lie in linear memory --------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The addresses are kept in the instance record, out of the module's reach, and
// compared with the memory's size before they are stored. A memory never moves, and
// shrinks only where an instance is reset, which finds them anew, so that what was
// stored stays right. Where instantiation failed before, the address is 0, and the
// mailbox may reach past the memory: in a guarded memory that is a fault of the
// module's, elsewhere bodies compare.
//
//===----------------------------------------------------------------------===//
#include "lower/BufferFunctions.h"

#include "llvm/IR/MDBuilder.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::lower;
using abi::Mailbox;

static Value *cell(Builder &b, Value *self, uint32_t mailbox) {
  return b.at(self, b.m.instance.mailboxes + uint64_t(mailbox) * 4);
}

/// Where pages were added, the address is known: behind the module's own.
static Value *addedAddress(Builder &b, const Mailbox &box) {
  const wasm::MemoryType &type = b.m.module.memories[0].type;
  uint64_t own = (type.limits.min - b.m.interface->addedPages) << type.pageSizeLog2;
  return b.getInt32(own + box.addedOffset);
}

Value *lower::mailboxAddress(Builder &b, Value *self, uint32_t mailbox) {
  const Mailbox &box = b.m.interface->mailboxes[mailbox];
  if (box.placement == Mailbox::Placement::AddedPages)
    return addedAddress(b, box);
  LoadInst *address = b.load(Access::Instance, b.m.i32, cell(b, self, mailbox), 4);
  // initializeMailboxes() has compared its end with the memory's, below 2^32.
  // A mailbox of one byte may lie anywhere: the end wraps around to 0, which is no
  // range at all.
  APInt last(32, (uint64_t(1) << 32) - box.capacity);
  address->setMetadata(LLVMContext::MD_range,
                       MDBuilder(b.m.context).createRange(APInt(32, 0), last + 1));
  return address;
}

static Value *isPastEnd(Builder &b, Value *self, Value *address, uint64_t capacity) {
  // 33 bits at most: the sum does not wrap around.
  Value *end = b.CreateAdd(b.CreateZExt(address, b.m.i64), b.getInt64(capacity));
  return b.CreateICmpUGT(end, b.memorySize(self, 0));
}

Value *lower::isMailboxMissing(Builder &b, Value *self, uint32_t mailbox) {
  const Mailbox &box = b.m.interface->mailboxes[mailbox];
  if (box.placement == Mailbox::Placement::AddedPages)
    return b.getFalse();
  return isPastEnd(b, self, mailboxAddress(b, self, mailbox), box.capacity);
}

static Value *exportedAddress(Builder &b, Value *self, const Mailbox &box) {
  const wasm::Export &e = b.m.module.exports[box.exportIndex];
  if (e.kind == wasm::ExternKind::Global)
    return b.load(Access::Instance, b.m.i32, b.globalCell(self, e.index), 4);
  return b.callFunction(e.index, self, {})[0];
}

static Value *allocate(Builder &b, Value *self, const Mailbox &box) {
  const abi::Allocator &allocator = *b.m.interface->allocator;
  // A window may begin anywhere in what an allocator returns.
  uint64_t bytes = box.capacity + (box.window ? abi::windowPage - 1 : 0);
  Value *size = b.getInt32(bytes), *zero = b.getInt32(0);
  Value *address = nullptr;
  switch (allocator.kind) {
  case abi::Allocator::Kind::Malloc:
    address = b.callFunction(allocator.function, self, {size})[0];
    break;
  case abi::Allocator::Kind::CabiRealloc:
    address = b.callFunction(allocator.function, self, {zero, zero, b.getInt32(16), size})[0];
    break;
  case abi::Allocator::Kind::AssemblyScript:
    address = b.callFunction(allocator.function, self, {size, zero})[0];
    if (allocator.pin)
      address = b.callFunction(*allocator.pin, self, {address})[0];
    break;
  }
  // How allocators say that there is no memory left.
  b.trapIf(b.CreateIsNull(address), Trap::buffer_out_of_range);
  if (!box.window)
    return address;
  return b.CreateAnd(b.CreateAdd(address, b.getInt32(abi::windowPage - 1)),
                     ~uint32_t(abi::windowPage - 1));
}

void lower::forgetMailboxes(Builder &b, Value *self) {
  const uint64_t bytes = uint64_t(b.m.interface->mailboxes.size()) * 4;
  if (bytes == 0)
    return;
  CallInst *clear = b.CreateMemSet(cell(b, self, 0), b.getInt8(0), bytes, Align(4));
  clear->setMetadata(LLVMContext::MD_tbaa, b.m.tbaa(Access::Instance));
}

void lower::initializeMailboxes(Builder &b, Value *self) {
  const abi::Interface &interface = *b.m.interface;
  if (interface.initialize)
    b.callFunction(*interface.initialize, self, {});
  for (uint32_t i = 0; i != interface.mailboxes.size(); ++i) {
    const Mailbox &box = interface.mailboxes[i];
    if (box.placement == Mailbox::Placement::AddedPages)
      continue;
    Value *address = box.placement == Mailbox::Placement::Export ? exportedAddress(b, self, box)
                                                                 : allocate(b, self, box);
    b.trapIf(isPastEnd(b, self, address, box.capacity), Trap::buffer_out_of_range);
    b.store(Access::Instance, address, cell(b, self, i), 4);
  }
}
