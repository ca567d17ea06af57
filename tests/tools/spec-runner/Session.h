//===- Session.h - Executes the commands of a script ---------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_TESTS_SPEC_RUNNER_SESSION_H
#define WASMC_TESTS_SPEC_RUNNER_SESSION_H

#include "Call.h"

#include <bitset>
#include <list>
#include <map>

namespace wasmc::spec {

/// Why a command is skipped: indices of Totals::skipped.
using Reasons = std::bitset<Totals::NumReasons>;

/// What became of a command, or of what it asks for.
struct Outcome {
  enum Kind { Passed, Failed, Skipped } kind = Passed;
  std::string expected; ///< `Failed`.
  std::string got;      ///< `Failed`.
  Reasons reasons;      ///< `Skipped`.

  static Outcome passed() { return {}; }
  static Outcome skipped(Reasons reasons) { return {Skipped, "", "", reasons}; }
  static Outcome failed(std::string expected, std::string got) {
    return {Failed, std::move(expected), std::move(got), {}};
  }
};

struct Instance {
  const Unit *unit;
  wasmc_instance *handle;
  /// Set once a module was skipped that might have changed its memory, tables
  /// or globals: what it would return from then on says nothing.
  Reasons missed;
};

/// Where a name leads: to an instance, or to why there is none.
struct Binding {
  Instance *instance = nullptr;
  Reasons reasons;     ///< Set: its module is skipped.
  std::string failure; ///< Else, without an instance: what went wrong.
};

class Session {
public:
  Session(const Settings &settings, Progress &progress, std::string directory)
      : settings(settings), progress(progress), directory(std::move(directory)),
        program(settings, progress) {}
  ~Session();

  /// Compiles, links and loads all modules that the commands will use.
  llvm::Error prepare(const llvm::json::Array &commands);
  Outcome run(const llvm::json::Object &command);

private:
  /// An attempt to make an instance.
  struct Instantiation {
    enum Kind { Done, Trapped, Unlinkable, Skipped, Broken } kind;
    Instance *instance = nullptr; ///< `Done`.
    std::string message;          ///< Why not, otherwise.
    Reasons reasons;              ///< `Skipped`.
  };
  /// What an action led to.
  struct ActionResult {
    enum Kind { Returned, Trapped, Threw, Skipped, Broken } kind;
    std::vector<Value> values; ///< `Returned`.
    std::string message;       ///< `Trapped`, `Threw`: the trap's; `Broken`: what is wrong.
    Reasons reasons;           ///< `Skipped`.
  };

  std::string pathOf(const llvm::json::Object &command) const;
  Instantiation instantiate(const Unit &unit);
  /// Collects what the imports of `unit` are bound to.
  Instantiation bindImports(const Unit &unit, std::vector<wasmc_extern> &externs);
  /// Notes for the instances whose state `unit` imports that it is skipped.
  void markDependents(const Unit &unit, const Reasons &reasons);
  Instance *keep(const Unit &unit, const std::vector<wasmc_extern> &externs,
                 wasmc_instance *handle);
  std::string trapMessage(wasmc_instance *instance) const;

  Outcome bind(const Unit *unit, std::optional<llvm::StringRef> name);
  Binding lookUp(std::optional<llvm::StringRef> name) const;

  ActionResult act(const llvm::json::Object &command);
  ActionResult invoke(Instance &instance, const llvm::json::Object &action);
  ActionResult invokeFunction(Instance &instance, size_t exportIndex,
                              const std::vector<Value> &args);
  ActionResult get(Instance &instance, const llvm::json::Object &action);

  Outcome module(const llvm::json::Object &command);
  Outcome moduleDefinition(const llvm::json::Object &command);
  Outcome moduleInstance(const llvm::json::Object &command);
  Outcome registerInstance(const llvm::json::Object &command);
  Outcome action(const llvm::json::Object &command);
  Outcome assertReturn(const llvm::json::Object &command);
  Outcome assertTrap(const llvm::json::Object &command);
  Outcome assertException(const llvm::json::Object &command);
  Outcome assertRefused(const llvm::json::Object &command);
  Outcome assertTextRefused(const llvm::json::Object &command);
  Outcome assertUnlinkable(const llvm::json::Object &command);
  Outcome assertUninstantiable(const llvm::json::Object &command);

  const Settings &settings;
  Progress &progress;
  std::string directory; ///< Of the script and its modules.
  Program program;
  std::list<Instance> instances;             ///< In the order in which they were made.
  std::map<std::string, Binding> named;      ///< By the script's `$names`.
  std::map<std::string, Binding> registered; ///< By what imports call them.
  std::map<std::string, const Unit *> definitions;
  /// The instance whose function a reference calls: traps are kept there.
  std::map<const wasmc_func *, wasmc_instance *> owners;
  Binding current;
  const Unit *lastDefinition = nullptr;
};

/// Whether a trap's message is the one that a script expects. As in the
/// reference interpreter, either may be the beginning of the other.
bool sameMessage(llvm::StringRef expected, llvm::StringRef actual);

} // namespace wasmc::spec

#endif
