//===- WayInlined.cpp - The module inlined into the daemon ---------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// This file and the module's bitcode meet in the linker: what the module does becomes
// a part of the loop below, in one region for a group of messages. A trap ends the
// region, the loop in it and all of the loop's locals: what must outlast it is outside.
//
//===----------------------------------------------------------------------===//
#include "Module.h"

#include <anomaly_inlined.h>

namespace demo {
namespace {

using Inlined = Instance<wasmc::modules::anomaly_inlined, anomaly_inlined_imports>;

/// What a region works on.
struct Region {
  anomaly_inlined *module;
  wasmc_instance *instance;
  void *mailbox;
  Tally *tally;
  Messages group;
};

wasmc_status runGroup(void *context) {
  const Region &region = *static_cast<Region *>(context);
  for (const anomaly_message &message : region.group) {
    const void *out = nullptr;
    size_t length = 0;
    receive(region.mailbox, message);
    wasmc_status status =
        anomaly_inlined_process_inplace(region.module, sizeof message, &out, &length);
    if (!countAnswer(*region.tally, status, region.instance, out, length))
      return status;
  }
  return WASMC_OK;
}

} // namespace

bool runInlined(Run &run, std::string &error) {
  Inlined instance;
  if (!instance.start(run, error))
    return false;
  Region region = {
      instance.get(), instance.raw(), anomaly_inlined_process_in(instance.get()), &run.tally, {}};
  bool ok = inGroups(run.messages, groupSize, run.samples, [&](Messages group) {
    region.group = group;
    return wasmc_protect(instance.raw(), runGroup, &region) == WASMC_OK;
  });
  return instance.ended(ok, error);
}

} // namespace demo
