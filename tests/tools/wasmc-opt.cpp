//===- wasmc-opt.cpp - Runs passes by name ------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   wasmc-opt -passes=PIPELINE [FILE]
//
// Reads IR, runs passes of wasmc and of LLVM by the names that opt takes, and
// prints what became of it. Status 1 where the IR is invalid, before or after.
//
//===----------------------------------------------------------------------===//
#include "passes/Passes.h"
#include "passes/Pipeline.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Verifier.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/SourceMgr.h"

using namespace llvm;

int main(int argc, char **argv) {
  StringRef pipeline, input = "-";
  for (StringRef argument : ArrayRef(argv, argc).drop_front())
    if (!argument.consume_front("-passes="))
      input = argument;
    else
      pipeline = argument;
  wasmc::passes::setGlobalOptions();
  LLVMContext context;
  SMDiagnostic diagnostic;
  std::unique_ptr<Module> ir = parseIRFile(input, diagnostic, context);
  if (!ir) {
    diagnostic.print(argv[0], errs());
    return 1;
  }
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;
  PassBuilder builder;
  wasmc::passes::registerPasses(builder);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  ModulePassManager passes;
  if (Error error = builder.parsePassPipeline(passes, pipeline)) {
    errs() << argv[0] << ": " << toString(std::move(error)) << '\n';
    return 1;
  }
  passes.run(*ir, modules);
  ir->print(outs(), nullptr);
  return verifyModule(*ir, &errs());
}
