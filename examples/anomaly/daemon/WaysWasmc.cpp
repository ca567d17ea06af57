//===- WaysWasmc.cpp - The module as an object in the daemon -------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Module.h"
#include "System.h"

#include <anomaly.h>

#include <sys/mman.h>
#include <unistd.h>

namespace demo {
namespace {

using Anomaly = Instance<wasmc::modules::anomaly, anomaly_imports>;
using Buffer = uint8_t[sizeof(anomaly_message)];
using Result = uint8_t[sizeof(anomaly_result)];

/// Pages that the daemon writes and the module reads.
class SharedRing {
public:
  static constexpr size_t size = anomaly_watch_in_capacity;
  SharedRing() : file(memfd_create("anomaly ring", MFD_CLOEXEC)) {
    if (file >= 0 && ftruncate(file, size) == 0)
      pages = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  }
  SharedRing(const SharedRing &) = delete;
  ~SharedRing() {
    if (pages != MAP_FAILED)
      munmap(pages, size);
    if (file >= 0)
      close(file);
  }
  explicit operator bool() const { return pages != MAP_FAILED; }
  uint8_t *at(size_t offset) const { return static_cast<uint8_t *>(pages) + offset; }
  int file;

private:
  void *pages = MAP_FAILED;
};

} // namespace

bool runCopying(Run &run, std::string &error) {
  Anomaly instance;
  if (!instance.start(run, error))
    return false;
  alignas(64) Buffer in;
  alignas(64) Result out;
  bool ok = inGroups(run.messages, groupSize, run.samples, [&](Messages group) {
    for (const anomaly_message &message : group) {
      size_t written = 0;
      receive(in, message);
      wasmc_status status =
          anomaly_process(instance.get(), in, sizeof in, out, sizeof out, &written);
      if (!countAnswer(run.tally, status, instance.raw(), out, written))
        return false;
    }
    return true;
  });
  return instance.ended(ok, error);
}

bool runInPlace(Run &run, std::string &error) {
  Anomaly instance;
  if (!instance.start(run, error))
    return false;
  void *mailbox = anomaly_process_in(instance.get());
  bool ok = inGroups(run.messages, groupSize, run.samples, [&](Messages group) {
    for (const anomaly_message &message : group) {
      const void *out = nullptr;
      size_t length = 0;
      receive(mailbox, message);
      wasmc_status status = anomaly_process_inplace(instance.get(), sizeof message, &out, &length);
      if (!countAnswer(run.tally, status, instance.raw(), out, length))
        return false;
    }
    return true;
  });
  return instance.ended(ok, error);
}

bool runBatches(Run &run, std::string &error) {
  Anomaly instance;
  if (!instance.start(run, error))
    return false;
  alignas(64) Buffer in[groupSize];
  alignas(64) Result out[groupSize];
  anomaly_process_message batch[groupSize];
  anomaly_process_result results[groupSize];
  for (size_t i = 0; i != groupSize; ++i)
    batch[i] = {in[i], sizeof in[i], out[i], sizeof out[i]};
  bool ok = inGroups(run.messages, groupSize, run.samples, [&](Messages group) {
    size_t done = 0;
    for (size_t i = 0; i != group.size(); ++i)
      receive(in[i], group[i]);
    if (anomaly_process_batch(instance.get(), batch, group.size(), results, &done) != WASMC_OK)
      return false;
    for (size_t i = 0; i != done; ++i) {
      bool answered = results[i].status == WASMC_OK || results[i].status == WASMC_MODULE_ERROR;
      if (!answered)
        return false;
      run.tally.count(results[i].status == WASMC_OK ? static_cast<int32_t>(results[i].written)
                                                    : results[i].error,
                      out[i]);
    }
    return done == group.size();
  });
  return instance.ended(ok, error);
}

bool runWindow(Run &run, std::string &error) {
  Anomaly instance;
  SharedRing ring;
  if (!instance.start(run, error))
    return false;
  if (!ring || anomaly_watch_in_map(instance.get(), ring.file, 0) != WASMC_OK) {
    error = systemError("cannot share pages with the module");
    return false;
  }
  size_t at = 0;
  bool ok = inGroups(run.messages, groupSize, run.samples, [&](Messages group) {
    // Who fills a ring is ahead of who reads it.
    for (size_t i = 0; i != group.size(); ++i)
      receive(ring.at((at + i * sizeof(anomaly_message)) % SharedRing::size), group[i]);
    for (size_t i = 0; i != group.size(); ++i) {
      const void *out = nullptr;
      size_t length = 0;
      wasmc_status status =
          anomaly_watch_window(instance.get(), at, sizeof(anomaly_message), &out, &length);
      if (!countAnswer(run.tally, status, instance.raw(), out, length))
        return false;
      at = (at + sizeof(anomaly_message)) % SharedRing::size;
    }
    return true;
  });
  return instance.ended(ok, error);
}

} // namespace demo
