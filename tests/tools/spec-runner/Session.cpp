//===- Session.cpp - Executes the commands of a script -------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Session.h"
#include "TextFormat.h"

#include "wasm/Error.h"
#include "wasm/Validate.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace wasmc::spec {

bool sameMessage(StringRef expected, StringRef actual) {
  return !actual.empty() && (actual.starts_with(expected) || expected.starts_with(actual));
}

static Reasons reasonsOf(const Unit &unit) {
  Reasons reasons;
  for (wasm::Feature feature : unit.missing)
    reasons.set(unsigned(feature));
  return reasons;
}

static std::string textOf(const json::Object &command) {
  return command.getString("text").value_or("").str();
}

std::string Session::pathOf(const json::Object &command) const {
  SmallString<128> path(directory);
  sys::path::append(path, command.getString("filename").value_or(""));
  return path.str().str();
}

Error Session::prepare(const json::Array &commands) {
  bool isSpectestNeeded = false;
  bool isAnyCompiled = false;
  for (const json::Value &value : commands) {
    const json::Object *command = value.getAsObject();
    StringRef type = command ? command->getString("type").value_or("") : "";
    if (type != "module" && type != "module_definition" && type != "assert_unlinkable" &&
        type != "assert_uninstantiable")
      continue;
    const Unit &unit = program.add(pathOf(*command));
    isAnyCompiled |= !unit.object.empty();
    if (!unit.object.empty())
      for (const wasm::Import &import : unit.module.imports)
        isSpectestNeeded |= import.module == "spectest";
  }
  if (!isAnyCompiled)
    return Error::success();
  if (isSpectestNeeded)
    if (const Unit &unit = program.add(settings.spectest); !unit.error.empty())
      return createStringError("spectest: " + unit.error);
  if (Error error = program.load())
    return error;
  if (isSpectestNeeded) {
    Instantiation made = instantiate(*program.find(settings.spectest));
    if (made.kind != Instantiation::Done)
      return createStringError("spectest: " + made.message);
    registered["spectest"] = {made.instance, {}, ""};
  }
  return Error::success();
}

Session::~Session() {
  // Later instances may hold something of earlier ones.
  progress.set(0, "deleting the instances");
  for (auto it = instances.rbegin(); it != instances.rend(); ++it)
    program.runtime().wasmc_instance_delete(it->handle);
}

Outcome Session::run(const json::Object &command) {
  using Handler = Outcome (Session::*)(const json::Object &);
  StringRef type = command.getString("type").value_or("");
  Handler handler = StringSwitch<Handler>(type)
                        .Case("module", &Session::module)
                        .Case("module_definition", &Session::moduleDefinition)
                        .Case("module_instance", &Session::moduleInstance)
                        .Case("register", &Session::registerInstance)
                        .Case("action", &Session::action)
                        .Case("assert_return", &Session::assertReturn)
                        .Cases({"assert_trap", "assert_exhaustion"}, &Session::assertTrap)
                        .Case("assert_exception", &Session::assertException)
                        .Cases({"assert_malformed", "assert_invalid"}, &Session::assertRefused)
                        .Case("assert_unlinkable", &Session::assertUnlinkable)
                        .Case("assert_uninstantiable", &Session::assertUninstantiable)
                        .Default(nullptr);
  if (!handler)
    return Outcome::failed("a command that the runner knows", type.str());
  return (this->*handler)(command);
}

//===----------------------------------------------------------------------===//
// Instances
//===----------------------------------------------------------------------===//

/// Whether an instance can change the state of the one that it imports this from.
static bool isSharedState(const wasm::Module &module, const wasm::Import &import) {
  switch (import.kind) {
  case wasm::ExternKind::Memory:
  case wasm::ExternKind::Table: return true;
  case wasm::ExternKind::Global: return module.globals[import.index].type.isMutable;
  default: return false;
  }
}

void Session::markDependents(const Unit &unit, const Reasons &reasons) {
  for (const wasm::Import &import : unit.module.imports) {
    auto it = registered.find(std::string(import.module));
    // No script reads what others leave in spectest.
    if (it != registered.end() && it->second.instance && import.module != "spectest" &&
        isSharedState(unit.module, import))
      it->second.instance->missed |= reasons;
  }
}

Session::Instantiation Session::bindImports(const Unit &unit, std::vector<wasmc_extern> &externs) {
  Reasons reasons;
  std::string unknown;
  for (const wasm::Import &import : unit.module.imports) {
    std::string name = std::string(import.module) + "." + std::string(import.name);
    wasmc_extern found = {};
    auto it = registered.find(std::string(import.module));
    if (it == registered.end()) {
      unknown = name;
    } else if (const Binding &binding = it->second; !binding.instance) {
      if (binding.reasons.none())
        return {Instantiation::Broken, nullptr, name + ": " + binding.failure, {}};
      reasons |= binding.reasons;
    } else if (binding.instance->missed.any() && isSharedState(unit.module, import)) {
      reasons |= binding.instance->missed;
    } else if (!program.runtime().wasmc_instance_export(
                   binding.instance->handle, import.name.data(), import.name.size(), &found)) {
      unknown = name;
    }
    externs.push_back(found);
  }
  if (reasons.any())
    return {Instantiation::Skipped, nullptr, "", reasons};
  if (!unknown.empty())
    return {Instantiation::Unlinkable, nullptr, "unknown import: " + unknown, {}};
  return {Instantiation::Done, nullptr, "", {}};
}

Instance *Session::keep(const Unit &unit, const std::vector<wasmc_extern> &externs,
                        wasmc_instance *handle) {
  Instance *instance = &instances.emplace_back(Instance{&unit, handle, {}});
  for (const wasm::Export &exported : unit.module.exports) {
    if (exported.kind != wasm::ExternKind::Func)
      continue;
    wasmc_extern found;
    if (!program.runtime().wasmc_instance_export(handle, exported.name.data(), exported.name.size(),
                                                 &found))
      continue;
    std::optional<uint32_t> import = unit.module.functions[exported.index].import;
    auto owner = import ? owners.find(externs[*import].of.func) : owners.end();
    owners[found.of.func] = owner == owners.end() ? handle : owner->second;
  }
  return instance;
}

std::string Session::trapMessage(wasmc_instance *instance) const {
  const wasmc_trap *trap = program.runtime().wasmc_instance_trap(instance);
  return trap && trap->message ? trap->message : "";
}

Session::Instantiation Session::instantiate(const Unit &unit) {
  if (!unit.missing.empty()) {
    markDependents(unit, reasonsOf(unit));
    return {Instantiation::Skipped, nullptr, "", reasonsOf(unit)};
  }
  if (!unit.error.empty())
    return {Instantiation::Broken, nullptr, unit.error, {}};
  std::vector<wasmc_extern> externs;
  Instantiation bound = bindImports(unit, externs);
  if (bound.kind == Instantiation::Skipped)
    markDependents(unit, bound.reasons);
  if (bound.kind != Instantiation::Done)
    return bound;

  char reason[256] = "";
  wasmc_config config = {};
  config.memory_limit = uint64_t(4) << 30;
  config.table_limit = 10'000'000;
  config.error = reason;
  config.error_capacity = sizeof reason;
  wasmc_instance *handle = nullptr;
  const Runtime &runtime = program.runtime();
  wasmc_status status = runtime.wasmc_instance_link(unit.descriptor, externs.data(), externs.size(),
                                                    nullptr, &config, &handle);
  // Where a module defines a shared memory, nothing has changed.
  if (status == WASMC_OK && settings.reset)
    if (status = runtime.wasmc_instance_reset(handle); status == WASMC_UNSUPPORTED)
      status = WASMC_OK;
  // Kept even if it trapped: tables may hold functions of it.
  Instance *instance = handle ? keep(unit, externs, handle) : nullptr;
  switch (status) {
  case WASMC_OK: return {Instantiation::Done, instance, "", {}};
  case WASMC_TRAP:
  case WASMC_EXCEPTION:
    return {Instantiation::Trapped, nullptr, handle ? trapMessage(handle) : "", {}};
  case WASMC_UNLINKABLE:
    // All imports were found, so what does not match is a type.
    return {
        Instantiation::Unlinkable, nullptr, std::string("incompatible import type: ") + reason, {}};
  default:
    return {Instantiation::Broken,
            nullptr,
            std::string("instantiation: ") + runtime.wasmc_status_name(status) + ": " + reason,
            {}};
  }
}

Outcome Session::bind(const Unit *unit, std::optional<StringRef> name) {
  Instantiation made = instantiate(*unit);
  current = {made.instance, made.reasons, "instantiation failed: " + made.message};
  if (name)
    named[name->str()] = current;
  switch (made.kind) {
  case Instantiation::Done: return Outcome::passed();
  case Instantiation::Skipped: return Outcome::skipped(made.reasons);
  case Instantiation::Trapped: return Outcome::failed("an instance", "trap: " + made.message);
  case Instantiation::Unlinkable:
  case Instantiation::Broken: break;
  }
  return Outcome::failed("an instance", made.message);
}

Binding Session::lookUp(std::optional<StringRef> name) const {
  if (!name) {
    if (!current.instance && current.reasons.none() && current.failure.empty())
      return {nullptr, {}, "no module before this command"};
    return current;
  }
  auto it = named.find(name->str());
  if (it == named.end())
    return {nullptr, {}, "no instance is called " + name->str()};
  return it->second;
}

Outcome Session::module(const json::Object &command) {
  if (command.getString("definition") == "true")
    return moduleDefinition(command);
  return bind(program.find(pathOf(command)), command.getString("name"));
}

Outcome Session::moduleDefinition(const json::Object &command) {
  const Unit *unit = program.find(pathOf(command));
  lastDefinition = unit;
  if (std::optional<StringRef> name = command.getString("name"))
    definitions[name->str()] = unit;
  if (!unit->missing.empty())
    return Outcome::skipped(reasonsOf(*unit));
  if (!unit->error.empty())
    return Outcome::failed("a valid module", unit->error);
  return Outcome::passed();
}

Outcome Session::moduleInstance(const json::Object &command) {
  const Unit *unit = lastDefinition;
  if (std::optional<StringRef> name = command.getString("module")) {
    auto it = definitions.find(name->str());
    unit = it == definitions.end() ? nullptr : it->second;
  }
  if (!unit)
    return Outcome::failed("a module definition", "none of this name");
  return bind(unit, command.getString("instance"));
}

Outcome Session::registerInstance(const json::Object &command) {
  Binding binding = lookUp(command.getString("name"));
  registered[command.getString("as").value_or("").str()] = binding;
  if (binding.instance)
    return Outcome::passed();
  if (binding.reasons.any())
    return Outcome::skipped(binding.reasons);
  return Outcome::failed("an instance", binding.failure);
}

//===----------------------------------------------------------------------===//
// Actions
//===----------------------------------------------------------------------===//

Session::ActionResult Session::act(const json::Object &command) {
  const json::Object *action = command.getObject("action");
  StringRef type = action ? action->getString("type").value_or("") : "";
  if (type != "invoke" && type != "get")
    return {ActionResult::Broken, {}, "action not known to the runner: " + type.str(), {}};
  Binding binding = lookUp(action->getString("module"));
  if (binding.reasons.any())
    return {ActionResult::Skipped, {}, "", binding.reasons};
  if (!binding.instance)
    return {ActionResult::Broken, {}, "no instance: " + binding.failure, {}};
  if (binding.instance->missed.any())
    return {ActionResult::Skipped, {}, "", binding.instance->missed};
  return type == "invoke" ? invoke(*binding.instance, *action) : get(*binding.instance, *action);
}

/// The index in Module::exports, or nothing.
static std::optional<size_t> findExport(const Unit &unit, const json::Object &action,
                                        wasm::ExternKind kind) {
  StringRef field = action.getString("field").value_or("");
  for (size_t i = 0; i < unit.module.exports.size(); ++i)
    if (unit.module.exports[i].kind == kind && StringRef(unit.module.exports[i].name) == field)
      return i;
  return std::nullopt;
}

Session::ActionResult Session::invoke(Instance &instance, const json::Object &action) {
  const Unit &unit = *instance.unit;
  std::optional<size_t> index = findExport(unit, action, wasm::ExternKind::Func);
  if (!index)
    return {ActionResult::Broken, {}, "no such exported function", {}};
  const wasm::FuncType &type = unit.module.funcType(unit.module.exports[*index].index);
  const json::Array *given = action.getArray("args");
  if (!given || given->size() != type.params.size())
    return {ActionResult::Broken, {}, "wrong number of arguments for " + toString(type), {}};
  std::vector<Value> args;
  for (size_t i = 0; i < given->size(); ++i) {
    Expected<Value> arg = parseArgument((*given)[i], type.params[i]);
    if (!arg)
      return {ActionResult::Broken, {}, llvm::toString(arg.takeError()), {}};
    args.push_back(*arg);
  }
  return invokeFunction(instance, *index, args);
}

Session::ActionResult Session::invokeFunction(Instance &instance, size_t exportIndex,
                                              const std::vector<Value> &args) {
  const Unit &unit = *instance.unit;
  const wasm::Export &exported = unit.module.exports[exportIndex];
  const wasm::FuncType &type = unit.module.funcType(exported.index);
  wasmc_instance *trapped = instance.handle;
  Expected<CallResult> called = CallResult();
  if (settings.byReference) {
    wasmc_extern found;
    if (!program.runtime().wasmc_instance_export(instance.handle, exported.name.data(),
                                                 exported.name.size(), &found) ||
        found.kind != WASMC_EXTERN_FUNC)
      return {ActionResult::Broken, {}, "wasmc_instance_export does not find it", {}};
    called = callReference(program.runtime(), found.of.func, type, args);
    if (auto it = owners.find(found.of.func); it != owners.end())
      trapped = it->second;
  } else {
    std::string symbol = unit.prefix + "_" + unit.names.exports[exportIndex];
    void *entry = program.symbol(symbol);
    if (!entry)
      return {ActionResult::Broken, {}, "the object has no symbol " + symbol, {}};
    called = callEntry(entry, instance.handle, type, args);
  }
  if (!called)
    return {ActionResult::Broken, {}, llvm::toString(called.takeError()), {}};
  if (called->status == WASMC_OK)
    return {ActionResult::Returned, std::move(called->results), "", {}};
  if (called->status == WASMC_TRAP)
    return {ActionResult::Trapped, {}, trapMessage(trapped), {}};
  if (called->status == WASMC_EXCEPTION)
    return {ActionResult::Threw, {}, trapMessage(trapped), {}};
  return {ActionResult::Broken,
          {},
          std::string("status: ") + program.runtime().wasmc_status_name(called->status),
          {}};
}

Session::ActionResult Session::get(Instance &instance, const json::Object &action) {
  const Unit &unit = *instance.unit;
  std::optional<size_t> index = findExport(unit, action, wasm::ExternKind::Global);
  wasmc_extern found;
  if (!index || !program.runtime().wasmc_instance_export(
                    instance.handle, unit.module.exports[*index].name.data(),
                    unit.module.exports[*index].name.size(), &found))
    return {ActionResult::Broken, {}, "no such exported global", {}};
  wasm::ValType type = unit.module.globals[unit.module.exports[*index].index].type.type;
  Value value{type, 0};
  bool isHalf = type.kind == wasm::ValKind::I32 || type.kind == wasm::ValKind::F32;
  if (isHalf)
    value.bits = *static_cast<const uint32_t *>(found.of.global.cell);
  else
    value.bits = *static_cast<const uint64_t *>(found.of.global.cell);
  if (type.kind == wasm::ValKind::V128)
    value.high = static_cast<const uint64_t *>(found.of.global.cell)[1];
  return {ActionResult::Returned, {value}, "", {}};
}

Outcome Session::action(const json::Object &command) {
  ActionResult result = act(command);
  switch (result.kind) {
  case ActionResult::Returned: return Outcome::passed();
  case ActionResult::Skipped: return Outcome::skipped(result.reasons);
  case ActionResult::Trapped: return Outcome::failed("a return", "trap: " + result.message);
  case ActionResult::Threw:
  case ActionResult::Broken: break;
  }
  return Outcome::failed("a return", result.message);
}

//===----------------------------------------------------------------------===//
// Assertions
//===----------------------------------------------------------------------===//

static std::string describe(const json::Array &expected) {
  std::string text;
  raw_string_ostream os(text);
  for (const json::Value &value : expected)
    os << (text.empty() ? "" : ", ") << value;
  return text.empty() ? "no results" : text;
}

Outcome Session::assertReturn(const json::Object &command) {
  const json::Array *expected = command.getArray("expected");
  if (!expected)
    return Outcome::failed("a list of results", "none in the command");
  ActionResult result = act(command);
  if (result.kind == ActionResult::Skipped)
    return Outcome::skipped(result.reasons);
  if (result.kind == ActionResult::Trapped)
    return Outcome::failed(describe(*expected), "trap: " + result.message);
  if (result.kind == ActionResult::Broken || result.kind == ActionResult::Threw)
    return Outcome::failed(describe(*expected), result.message);
  bool isEqual = result.values.size() == expected->size();
  for (size_t i = 0; isEqual && i < expected->size(); ++i) {
    Expected<bool> matched = matches(result.values[i], (*expected)[i]);
    if (!matched)
      return Outcome::failed(describe(*expected), llvm::toString(matched.takeError()));
    isEqual = *matched;
  }
  if (isEqual)
    return Outcome::passed();
  return Outcome::failed(describe(*expected), toString(result.values));
}

Outcome Session::assertTrap(const json::Object &command) {
  std::string expected = "trap: " + textOf(command);
  ActionResult result = act(command);
  switch (result.kind) {
  case ActionResult::Skipped: return Outcome::skipped(result.reasons);
  case ActionResult::Returned: return Outcome::failed(expected, toString(result.values));
  case ActionResult::Trapped:
    if (sameMessage(textOf(command), result.message))
      return Outcome::passed();
    return Outcome::failed(expected, "trap: " + result.message);
  case ActionResult::Threw:
  case ActionResult::Broken: break;
  }
  return Outcome::failed(expected, result.message);
}

Outcome Session::assertException(const json::Object &command) {
  ActionResult result = act(command);
  switch (result.kind) {
  case ActionResult::Skipped: return Outcome::skipped(result.reasons);
  case ActionResult::Threw: return Outcome::passed();
  case ActionResult::Returned: return Outcome::failed("an exception", toString(result.values));
  case ActionResult::Trapped: return Outcome::failed("an exception", "trap: " + result.message);
  case ActionResult::Broken: break;
  }
  return Outcome::failed("an exception", result.message);
}

static StringRef kindName(wasm::ErrorKind kind) {
  switch (kind) {
  case wasm::ErrorKind::Malformed: return "malformed";
  case wasm::ErrorKind::Invalid: return "invalid";
  case wasm::ErrorKind::Unsupported: return "in need of a proposal that is off";
  case wasm::ErrorKind::Limit: return "past an implementation limit";
  }
  return "refused";
}

Outcome Session::assertRefused(const json::Object &command) {
  if (command.getString("module_type") == "text")
    return assertTextRefused(command);
  bool isMalformed = command.getString("type") == "assert_malformed";
  std::string expected =
      std::string(isMalformed ? "malformed" : "invalid") + ": " + textOf(command);
  ErrorOr<std::unique_ptr<MemoryBuffer>> buffer =
      MemoryBuffer::getFile(pathOf(command), /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return Outcome::failed(expected, "cannot read " + pathOf(command));
  Expected<wasm::Module> module = readModule(**buffer, settings.compile.features);
  if (module)
    return Outcome::failed(expected, "a valid module");
  std::optional<Outcome> outcome;
  Error rest = handleErrors(module.takeError(), [&](const wasm::WasmError &error) {
    // What a proposal would allow is malformed or invalid where it is off.
    bool isOff = error.kind == wasm::ErrorKind::Unsupported && error.feature &&
                 !settings.compile.features.has(*error.feature);
    bool isExpected = isOff || error.kind == (isMalformed ? wasm::ErrorKind::Malformed
                                                          : wasm::ErrorKind::Invalid);
    outcome = isExpected
                  ? Outcome::passed()
                  : Outcome::failed(expected, kindName(error.kind).str() + ": " + error.message);
  });
  if (rest)
    return Outcome::failed(expected, llvm::toString(std::move(rest)));
  return *outcome;
}

Outcome Session::assertTextRefused(const json::Object &command) {
  std::string expected = "refused: " + textOf(command);
  Expected<bool> known = textIsKnown(settings);
  if (!known)
    return Outcome::failed(expected, llvm::toString(known.takeError()));
  if (!*known) {
    Reasons reasons;
    reasons.set(Totals::TextFormat);
    return Outcome::skipped(reasons);
  }
  Expected<bool> accepted = acceptsText(pathOf(command), settings);
  if (!accepted)
    return Outcome::failed(expected, llvm::toString(accepted.takeError()));
  return *accepted ? Outcome::failed(expected, "a valid module") : Outcome::passed();
}

Outcome Session::assertUnlinkable(const json::Object &command) {
  std::string expected = "unlinkable: " + textOf(command);
  Instantiation made = instantiate(*program.find(pathOf(command)));
  switch (made.kind) {
  case Instantiation::Skipped: return Outcome::skipped(made.reasons);
  case Instantiation::Unlinkable:
    if (sameMessage(textOf(command), made.message))
      return Outcome::passed();
    return Outcome::failed(expected, "unlinkable: " + made.message);
  case Instantiation::Done: return Outcome::failed(expected, "an instance");
  case Instantiation::Trapped: return Outcome::failed(expected, "trap: " + made.message);
  case Instantiation::Broken: break;
  }
  return Outcome::failed(expected, made.message);
}

Outcome Session::assertUninstantiable(const json::Object &command) {
  std::string expected = "trap: " + textOf(command);
  Instantiation made = instantiate(*program.find(pathOf(command)));
  switch (made.kind) {
  case Instantiation::Skipped: return Outcome::skipped(made.reasons);
  case Instantiation::Trapped:
    if (sameMessage(textOf(command), made.message))
      return Outcome::passed();
    return Outcome::failed(expected, "trap: " + made.message);
  case Instantiation::Done: return Outcome::failed(expected, "an instance");
  case Instantiation::Unlinkable:
  case Instantiation::Broken: break;
  }
  return Outcome::failed(expected, made.message);
}

} // namespace wasmc::spec
