//===- FrameSizes.cpp - How large the frames of functions became --------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "object/FrameSizes.h"

#include "lower/Program.h"

#include "llvm/CodeGen/MachineFrameInfo.h"
#include "llvm/CodeGen/MachineFunction.h"
#include "llvm/CodeGen/TargetFrameLowering.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::object;

/// Multiples of what a scalable object's size counts that any processor has.
static constexpr uint64_t mostScale = 16;

static uint64_t bytesOf(const MachineFunction &mf) {
  const MachineFrameInfo &frame = mf.getFrameInfo();
  uint64_t bytes = frame.getStackSize();
  // Pushed for each call, where the frame has no room for it.
  if (!mf.getSubtarget().getFrameLowering()->hasReservedCallFrame(mf))
    bytes += frame.getMaxCallFrameSize();
  for (int i = 0; i != frame.getObjectIndexEnd(); ++i)
    if (!frame.isDeadObjectIndex(i) && frame.getStackID(i) == TargetStackID::ScalableVector)
      bytes += mostScale * frame.getObjectSize(i);
  // The return address and the caller's frame pointer.
  return bytes + 2 * mf.getDataLayout().getPointerSize();
}

void FrameSizes::beginFunction(const MachineFunction *mf) {
  uint32_t node;
  if (mf->getFunction().getFnAttribute(lower::nodeAttribute).getValueAsString().getAsInteger(10, node) ||
      node >= sizes.size())
    return;
  // LLVM may have made several functions of one.
  sizes[node] = std::max(sizes[node], bytesOf(*mf));
}
