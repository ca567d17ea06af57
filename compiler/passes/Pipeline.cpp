//===- Pipeline.cpp - The optimisation pipeline -------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "passes/Pipeline.h"

#include "passes/BoundsChecks.h"
#include "passes/Passes.h"
#include "passes/Profile.h"

#include "llvm/IR/Verifier.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Passes/StandardInstrumentations.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include "llvm/Transforms/Vectorize/SLPVectorizer.h"

#include <mutex>

using namespace llvm;
using namespace wasmc;

void passes::setGlobalOptions() {
  static std::once_flag once;
  std::call_once(once, [] {
    // Induction variables stay i32. Widened to 64 bits, a loop that the wasm
    // producer made count up to zero gets an exit test that the vectoriser cannot
    // read (jacobi-2d: 2.9 against 0.95 of native).
    // Loads stay loads where the iteration before has loaded or stored the same: as a
    // value that is handed on, an element of an array is lost for a vector (fir_f32 from
    // -fno-unroll-loops: 1.34 against 1.01).
    // LLVM has these as options of the process only; none of its pipeline is copied here
    // for them.
    const char *args[] = {"wasmc", "-indvars-widen-indvars=false",
                          "-enable-load-in-loop-pre=false"};
    cl::ParseCommandLineOptions(std::size(args), args, "", nullptr);
  });
}

void passes::registerPasses(PassBuilder &builder) {
  builder.registerPipelineParsingCallback([](StringRef name, FunctionPassManager &functionPasses,
                                             ArrayRef<PassBuilder::PipelineElement>) {
#define FUNCTION_PASS(NAME, CLASS)                                                                 \
  if (name == NAME) {                                                                              \
    functionPasses.addPass(passes::CLASS());                                                       \
    return true;                                                                                   \
  }
#include "passes/Passes.def"
    return false;
  });
}

static OptimizationLevel levelOf(char level) {
  switch (level) {
  case '0': return OptimizationLevel::O0;
  case '1': return OptimizationLevel::O1;
  case '3': return OptimizationLevel::O3;
  case 's': return OptimizationLevel::Os;
  case 'z': return OptimizationLevel::Oz;
  default: return OptimizationLevel::O2;
  }
}

static Error verify(Module &ir, const char *when) {
  std::string message;
  raw_string_ostream stream(message);
  if (!verifyModule(ir, &stream))
    return Error::success();
  return createStringError(inconvertibleErrorCode(),
                           "internal error: invalid IR %s: %s", when, message.c_str());
}

static void addOwnPasses(PassBuilder &builder, Module &ir) {
  // As soon as locals are values and their arithmetic is simple, before the loop passes.
  builder.registerPeepholeEPCallback([](FunctionPassManager &functionPasses, OptimizationLevel) {
    functionPasses.addPass(LoopSimplifyPass());
    functionPasses.addPass(passes::RebaseCountedLoops());
    functionPasses.addPass(passes::RebaseChasedIndices());
    functionPasses.addPass(passes::RerollLoops());
    functionPasses.addPass(passes::PromoteShadowFrames());
    functionPasses.addPass(passes::AnnotatePlaces());
  });
  // Before passes that want loops without checks.
  passes::addBoundsCheckPasses(builder, ir);
  // Where loops are rotated, and what they do not change stands before them.
  builder.registerVectorizerStartEPCallback([](FunctionPassManager &functionPasses, OptimizationLevel) {
    functionPasses.addPass(passes::PlainBases());
    functionPasses.addPass(passes::WidenVectorLoops());
  });
  builder.registerOptimizerLastEPCallback([](ModulePassManager &modulePasses, OptimizationLevel,
                                             ThinOrFullLTOPhase) {
    FunctionPassManager functionPasses;
    functionPasses.addPass(passes::SumIndices());
    functionPasses.addPass(passes::ExitValues());
    functionPasses.addPass(passes::ExtendIndices());
    modulePasses.addPass(createModuleToFunctionPassAdaptor(std::move(functionPasses)));
  });
}

/// Whether LLVM's vectoriser of straight-line code is to look at a function. A sixth of the time
/// that compiling took was its, most of it in state machines and interpreters: large functions of
/// integers, in blocks so short that lanes do not repay being inserted and extracted.
static bool mayHaveStraightLineVectors(const Function &f) {
  constexpr size_t large = 1000, shortBlock = 64; // In instructions.
  auto isForVectors = [](const Instruction &inst) {
    return inst.getType()->isVectorTy() || inst.getType()->isFloatingPointTy();
  };
  return f.getInstructionCount() <= large || any_of(f, [&](const BasicBlock &block) {
           return block.size() > shortBlock || any_of(block, isForVectors);
         });
}

using Build = function_ref<ModulePassManager(PassBuilder &, OptimizationLevel)>;

/// Runs what `build` makes of LLVM's pipeline with our passes in it.
static Error run(Module &ir, TargetMachine &target, const CompileOptions &options,
                 TimePassesHandler &times, Build build) {
  const char level = options.optLevel;
  auto profile = passes::profileOptions(options);
  if (!profile)
    return profile.takeError();
  PipelineTuningOptions tuning;
  tuning.LoopVectorization = tuning.SLPVectorization = level == '2' || level == '3' || level == 's';
  // Without it, passes run on functions that are over budget (optnone), too.
  PassInstrumentationCallbacks callbacks;
  OptNoneInstrumentation skipOverBudget(/*DebugLogging=*/false);
  skipOverBudget.registerCallbacks(callbacks);
  callbacks.registerShouldRunOptionalPassCallback([slp = SLPVectorizerPass::name()](StringRef pass,
                                                                                    Any unit) {
    if (pass != slp)
      return true;
    const auto *f = any_cast<const Function *>(&unit);
    return !f || mayHaveStraightLineVectors(**f);
  });
  times.registerCallbacks(callbacks);
  PassBuilder builder(&target, tuning, *profile, &callbacks);
  addOwnPasses(builder, ir);
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  build(builder, levelOf(level)).run(ir, modules);
  return Error::success();
}

Error passes::prepare(Module &ir, const CompileOptions &options) {
  if (Error e = verify(ir, "after lowering"))
    return e;
  if (options.lint)
    if (Error e = lint(ir))
      return e;
  markBoundsChecks(ir);
  return Error::success();
}

Error passes::simplify(Module &ir, TargetMachine &target, const CompileOptions &options,
                       TimePassesHandler &times) {
  return run(ir, target, options, times, [](PassBuilder &builder, OptimizationLevel level) {
    return level == OptimizationLevel::O0
               ? builder.buildO0DefaultPipeline(level)
               : builder.buildModuleSimplificationPipeline(level, ThinOrFullLTOPhase::None);
  });
}

Error passes::finish(Module &ir, TargetMachine &target, const CompileOptions &options,
                     TimePassesHandler &times) {
  if (options.optLevel != '0')
    if (Error e = run(ir, target, options, times, [](PassBuilder &builder, OptimizationLevel level) {
          return builder.buildModuleOptimizationPipeline(level, ThinOrFullLTOPhase::None);
        }))
      return e;
  unmarkBoundsChecks(ir);
  return verify(ir, "after optimisation");
}
