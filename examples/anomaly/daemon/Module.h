//===- Module.h - An instance of the compiled module -----------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the ways of wasmc's have in common: how an instance is made, and how what it
// returns is counted.
//
//===----------------------------------------------------------------------===//
#ifndef DEMO_MODULE_H
#define DEMO_MODULE_H

#include "Ways.h"

#include <wasmc/wasmc.h>

namespace demo {

/// The import: the module's text is in its memory, checked, until this returns.
inline wasmc_status countAlarm(void *tally, int32_t level, const void *text, size_t length) {
  static_cast<Tally *>(tally)->alarm(level, text, length);
  return WASMC_OK;
}

/// A result or the module's own error are answers; all else ends the run.
inline bool countAnswer(Tally &tally, wasmc_status status, wasmc_instance *instance,
                        const void *result, size_t written) {
  if (status == WASMC_OK)
    tally.count(static_cast<int32_t>(written), result);
  else if (status == WASMC_MODULE_ERROR)
    tally.count(wasmc_instance_error(instance), nullptr);
  else
    return false;
  return true;
}

/// `Module` is the class of the module's header, `Imports` its imports.
template <typename Module, typename Imports> class Instance {
public:
  bool start(Run &run, std::string &error) {
    int64_t begin = now();
    char why[256] = "";
    wasmc_config config = {};
    config.error = why;
    config.error_capacity = sizeof why;
    imports = {};
    imports.context = &run.tally;
    imports.alarm = countAlarm;
    auto made = Module::create(&imports, &config);
    if (!made) {
      error = std::string("cannot make an instance: ") + why;
      return false;
    }
    module = std::move(*made);
    const Tuning &t = run.tuning;
    if (!module.tune(t.raise, t.clear, t.floor, t.persist, t.hold, t.stride)) {
      error = "the module cannot be tuned";
      return false;
    }
    run.start = now() - begin;
    return true;
  }
  /// Says why a run ended early.
  bool ended(bool ok, std::string &error) const {
    if (!ok)
      error = module.trap() ? std::string("the module trapped: ") + module.trap()->message
                            : "the module did not take a message";
    return ok;
  }
  auto *get() const { return module.get(); }
  wasmc_instance *raw() const { return module.raw(); }

private:
  Imports imports;
  Module module;
};

} // namespace demo

#endif
