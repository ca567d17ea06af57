//===- Options.td - The command line ---------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names are clang's where clang has them. A new option goes here and in
// docs/cli.md; Options.cpp gives it its meaning.
//
//===----------------------------------------------------------------------===//

include "llvm/Option/OptParser.td"

class F<string name> : Flag<["-"], name>;
class FF<string name> : Flag<["--"], name>;
class JJ<string name> : Joined<["--"], name>;
/// Clang takes these with one dash, LLVM's tools with two as well.
class JEither<string name> : Joined<["-", "--"], name>;

def grpOutput : OptionGroup<"output">, HelpText<"Output options">;
def grpCode : OptionGroup<"code">, HelpText<"Code generation options">;
def grpModule : OptionGroup<"module">, HelpText<"Module and interface options">;
def grpDiag : OptionGroup<"diag">, HelpText<"Diagnostic options">;
def grpGeneral : OptionGroup<"general">, HelpText<"General options">;

// Output.
def o : JoinedOrSeparate<["-"], "o">, Group<grpOutput>, MetaVarName<"<file>">,
  HelpText<"Write to <file>; its ending tells what: .o .s .ll .bc .so .h ('-' for standard output)">;
def emit_EQ : JJ<"emit=">, Group<grpOutput>, MetaVarName<"<kind>">,
  HelpText<"Write obj, asm, llvm-ir, llvm-bc, shared or header, whatever the ending">,
  Values<"obj,asm,llvm-ir,llvm-bc,shared,header,exe">;
def header_EQ : JJ<"header=">, Group<grpOutput>, MetaVarName<"<file>">,
  HelpText<"Also write the typed C and C++ header">;
def header : Separate<["--"], "header">, Alias<header_EQ>, Group<grpOutput>;
def MD : F<"MD">, Group<grpOutput>, HelpText<"Also write a depfile for make and ninja">;
def MF : JoinedOrSeparate<["-"], "MF">, Group<grpOutput>, MetaVarName<"<file>">,
  HelpText<"Name of the depfile; default: the output's with .d">;
def MT : JoinedOrSeparate<["-"], "MT">, Group<grpOutput>, MetaVarName<"<target>">,
  HelpText<"Target in the depfile; default: the output">;
def runtime_EQ : JJ<"runtime=">, Group<grpOutput>, MetaVarName<"<file>">,
  HelpText<"Runtime archive to link into a shared library">;
def save_temps : FF<"save-temps">, Group<grpOutput>,
  HelpText<"Keep what lies between input and output, in the current folder">;

// Code generation.
def O : Joined<["-"], "O">, Group<grpCode>, MetaVarName<"<level>">,
  HelpText<"Optimise: 0, 1, 2 (default), 3, s or z; the last one counts">;
def g : F<"g">, Group<grpCode>, HelpText<"Write debug information">;
def target_EQ : JJ<"target=">, Group<grpCode>, MetaVarName<"<triple>">,
  HelpText<"Compile for another machine; see --print-targets">;
def target : Separate<["--"], "target">, Alias<target_EQ>, Group<grpCode>;
def mcpu_EQ : JEither<"mcpu=">, Group<grpCode>, MetaVarName<"<cpu>">,
  HelpText<"Use what this processor has; 'native' for the one at hand">;
def march_EQ : JEither<"march=">, Group<grpCode>, MetaVarName<"<cpu>">,
  HelpText<"The same as -mcpu= on x86">;
def mattr_EQ : JEither<"mattr=">, Group<grpCode>, MetaVarName<"<+a,-b>">,
  HelpText<"Turn target features on and off">;
def bounds_EQ : JJ<"bounds=">, Group<grpCode>, MetaVarName<"<mode>">,
  HelpText<"Check memory accesses by guard pages (guard), by compares (check), or as fits (auto)">,
  Values<"auto,guard,check">;
def strict_traps : FF<"strict-traps">, Group<grpCode>,
  HelpText<"Keep every access that could trap, in the order of the module">;
def pgo_generate : FF<"pgo-generate">, Group<grpCode>,
  HelpText<"Count what runs, for --pgo-use; the host links LLVM's profile runtime">;
def pgo_generate_EQ : JJ<"pgo-generate=">, Group<grpCode>, MetaVarName<"<file>">,
  HelpText<"The same, and name the file that it writes (default: default_%m.profraw)">;
def pgo_use_EQ : JJ<"pgo-use=">, Group<grpCode>, MetaVarName<"<file>">,
  HelpText<"Optimise for what a merged profile counted">;

def threads_EQ : JJ<"threads=">, Group<grpCode>, MetaVarName<"<n>">,
  HelpText<"Compile large modules on <n> threads; default: one a processor">;
def j : JoinedOrSeparate<["-"], "j">, Alias<threads_EQ>, Group<grpCode>, MetaVarName<"<n>">,
  HelpText<"The same as --threads=">;

// The module and its interface.
def prefix_EQ : JJ<"prefix=">, Group<grpModule>, MetaVarName<"<name>">,
  HelpText<"Begin all symbols with <name>, default: the input's; of several modules: <module>=<name>">;
def abi_EQ : JJ<"abi=">, Group<grpModule>, MetaVarName<"<file>">,
  HelpText<"Interface description, default: the module's own; of several modules: <module>=<file>">;
def abi : Separate<["--"], "abi">, Alias<abi_EQ>, Group<grpModule>;
def imports_EQ : JJ<"imports=">, Group<grpModule>, MetaVarName<"<how>">,
  HelpText<"Bind imports through a structure (table, default) or by the linker (symbols)">,
  Values<"table,symbols">;
def exports_EQ : JJ<"exports=">, Group<grpModule>, MetaVarName<"<how>">,
  HelpText<"Let functions be found by name (table, default) or by the linker alone (symbols)">,
  Values<"table,symbols">;
def wasm_opt : FF<"wasm-opt">, Group<grpModule>,
  HelpText<"Run Binaryen's wasm-opt before, at the same -O level">;
def wasm_opt_EQ : JJ<"wasm-opt=">, Group<grpModule>, MetaVarName<"<args>">,
  HelpText<"Run Binaryen's wasm-opt before, with these arguments">;
def enable : JJ<"enable-">, Group<grpModule>, MetaVarName<"<feature>">,
  HelpText<"Accept modules that need this proposal">;
def disable : JJ<"disable-">, Group<grpModule>, MetaVarName<"<feature>">,
  HelpText<"Refuse modules that need this proposal">;

// Diagnostics.
def Werror : F<"Werror">, Group<grpDiag>, HelpText<"Make errors of warnings, and of remarks but those on loops">;
def remarks : FF<"remarks">, Group<grpDiag>, HelpText<"Say what may be worth knowing, and what became of loops">;
def fcolor_diagnostics : F<"fcolor-diagnostics">, Group<grpDiag>,
  HelpText<"Colour diagnostics even if they go to a file">;
def fno_color_diagnostics : F<"fno-color-diagnostics">, Group<grpDiag>,
  HelpText<"Never colour diagnostics">;
def time_report : FF<"time-report">, Group<grpDiag>,
  HelpText<"Print how long each stage and each pass took">;

// General.
def help : FF<"help">, Group<grpGeneral>, HelpText<"Print this">;
def h : F<"h">, Alias<help>, Flags<[HelpHidden]>;
def version : FF<"version">, Group<grpGeneral>, HelpText<"Print the versions of wasmc and LLVM">;
def print_targets : FF<"print-targets">, Group<grpGeneral>,
  HelpText<"Print the targets that can be compiled for">;
def v : F<"v">, Group<grpGeneral>, HelpText<"Print versions, and commands as they are run">;
def _HASH_HASH_HASH : F<"###">, Group<grpGeneral>,
  HelpText<"Print the stages and commands, and run none">;
def json : FF<"json">, Group<grpGeneral>, HelpText<"For 'wasmc inspect': print JSON">;

// With one dash, as clang takes some of these too.
def target1_EQ : Joined<["-"], "target=">, Alias<target_EQ>, Flags<[HelpHidden]>;
def save_temps1 : F<"save-temps">, Alias<save_temps>, Flags<[HelpHidden]>;
def help1 : F<"help">, Alias<help>, Flags<[HelpHidden]>;
def print_targets1 : F<"print-targets">, Alias<print_targets>, Flags<[HelpHidden]>;

// For tests.
def lint_ir : FF<"lint-ir">, Flags<[HelpHidden]>,
  HelpText<"Check the rules that wasmc's own IR follows">;
def debug_shard_size_EQ : JJ<"debug-shard-size=">, Flags<[HelpHidden]>, MetaVarName<"<n>">,
  HelpText<"Compile shards of <n> instructions side by side">;
def debug_crash_EQ : JJ<"debug-crash=">, Flags<[HelpHidden]>, MetaVarName<"<how>">,
  HelpText<"Crash while compiling: segv, abort, fatal, overflow; thread-segv and so on: on a shard's thread">;
