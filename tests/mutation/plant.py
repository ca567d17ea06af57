# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Plants faults in a copy of the lowering and of the runtime.

All faults are compiled into one build. Each has a number, and the one whose number
is in the environment variable WASMC_MUTANT is awake: so that a build, which takes
minutes, serves for hundreds of faults. Where WASMC_MUTANT_SEEN names a folder, the
places that are come by leave their numbers there. A fault is a rewriting of one place
by one of the rules below; a rule is a kind of mistake that compilers and runtimes
really had.
"""
import dataclasses
import re

COMPILER = ["compiler/lower/*.cpp"]
CHECK_PASSES = ["compiler/passes/BoundsChecks.cpp", "compiler/passes/CheckMerging.cpp",
                "compiler/passes/IndexRange.cpp", "compiler/passes/RangeCheckVersioning.cpp"]
RUNTIME = ["runtime/core/*.cpp", "runtime/memory/*.cpp", "runtime/platform/linux/*.cpp"]
# Neither of them decides what a module computes: positions, names, limits on compile time.
NOT_SEMANTICS = {"DebugInfo.cpp", "SourceMap.cpp", "Budgets.cpp", "TargetTraits.cpp",
                 "symbolize.cpp", "text.cpp", "status.cpp"}

HEADER = """\
// Included before each file of a build with planted faults (tests/mutation).
#ifdef __cplusplus
#include <fcntl.h>
#include <unistd.h>
extern "C" char *getenv(const char *) noexcept;
#define WASMC_HIDDEN __attribute__((visibility("hidden")))
WASMC_HIDDEN inline int wasmcMutantOf() {
  const char *text = getenv("WASMC_MUTANT");
  int n = 0;
  while (text && *text >= '0' && *text <= '9')
    n = n * 10 + (*text++ - '0');
  return n;
}
WASMC_HIDDEN inline const int wasmcMutant = wasmcMutantOf();
WASMC_HIDDEN inline const char *const wasmcSeenIn = getenv("WASMC_MUTANT_SEEN");
WASMC_HIDDEN inline bool wasmcSeen[10000];
/// Leaves a file named by the number: the test came by the place of that fault.
/// Not inline: its frame is none of those in which references are looked for.
WASMC_HIDDEN __attribute__((noinline)) inline void wasmcSee(int n) {
  if (wasmcSeen[n])
    return;
  wasmcSeen[n] = true;
  char path[4096];
  unsigned length = 0;
  for (const char *p = wasmcSeenIn; *p && length < 4000; ++p)
    path[length++] = *p;
  path[length++] = '/';
  for (int power = 1000; power; power /= 10)
    path[length++] = char('0' + n / power % 10);
  path[length] = 0;
  int file = open(path, O_CREAT | O_WRONLY, 0666);
  if (file >= 0)
    close(file);
}
static inline bool wasmcAwake(int n) {
  if (wasmcSeenIn)
    wasmcSee(n);
  return wasmcMutant == n;
}
template <class T> static inline T wasmcPick(int n, T mutated, T original) {
  return wasmcAwake(n) ? mutated : original;
}
#endif
"""


@dataclasses.dataclass
class Fault:
    number: int
    kind: str
    path: str
    line: int
    before: str
    after: str
    text: str = "" # Of the line.

    def __str__(self):
        return f"{self.number:4} {self.kind}: {self.path}:{self.line}: {self.before} -> {self.after}"


# Functions of the IR builder, each with what it is mistaken for.
BUILDER_CALLS = {
    "sign for zero extension": {"CreateZExt": "CreateSExt", "CreateZExtOrTrunc": "CreateSExtOrTrunc"},
    "zero for sign extension": {"CreateSExt": "CreateZExt"},
    "off by one": {"CreateICmpUGT": "CreateICmpUGE", "CreateICmpUGE": "CreateICmpUGT",
                   "CreateICmpULT": "CreateICmpULE", "CreateICmpULE": "CreateICmpULT",
                   "CreateFCmpOGE": "CreateFCmpOGT", "CreateFCmpOLE": "CreateFCmpOLT",
                   "CreateFCmpOLT": "CreateFCmpOLE", "CreateFCmpOGT": "CreateFCmpOGE"},
    "condition turned round": {"CreateICmpEQ": "CreateICmpNE", "CreateICmpNE": "CreateICmpEQ",
                               "CreateIsNull": "CreateIsNotNull", "CreateIsNotNull": "CreateIsNull",
                               "CreateFCmpUNO": "CreateFCmpORD"},
    "another operation": {"CreateAdd": "CreateSub", "CreateSub": "CreateAdd", "CreateOr": "CreateAnd",
                          "CreateAnd": "CreateOr", "CreateLShr": "CreateAShr",
                          "CreateAShr": "CreateLShr", "CreateFAdd": "CreateFSub",
                          "CreateFPToSI": "CreateFPToUI", "CreateFPToUI": "CreateFPToSI",
                          "CreateSIToFP": "CreateUIToFP", "CreateUIToFP": "CreateSIToFP"},
}
# Values of enumerations, likewise.
ENUMERATORS = {
    "another operation": {
        "Instruction::Add": "Instruction::Sub", "Instruction::Sub": "Instruction::Add",
        "Instruction::And": "Instruction::Or", "Instruction::Or": "Instruction::Xor",
        "Instruction::Shl": "Instruction::LShr", "Instruction::AShr": "Instruction::LShr",
        "Instruction::LShr": "Instruction::AShr", "Instruction::UDiv": "Instruction::SDiv",
        "Instruction::URem": "Instruction::SRem", "Instruction::FAdd": "Instruction::FSub",
        "Instruction::FMul": "Instruction::FAdd", "Instruction::FDiv": "Instruction::FMul",
        "Intrinsic::fshl": "Intrinsic::fshr", "Intrinsic::fshr": "Intrinsic::fshl",
        "Intrinsic::ctlz": "Intrinsic::cttz", "Intrinsic::cttz": "Intrinsic::ctlz",
        "Intrinsic::minimum": "Intrinsic::maximum", "Intrinsic::maximum": "Intrinsic::minimum",
        "Intrinsic::minnum": "Intrinsic::maxnum", "Intrinsic::ceil": "Intrinsic::floor",
        "Intrinsic::floor": "Intrinsic::trunc", "Intrinsic::trunc": "Intrinsic::floor",
        "Intrinsic::roundeven": "Intrinsic::round", "Intrinsic::smin": "Intrinsic::umin",
        "Intrinsic::umin": "Intrinsic::smin", "Intrinsic::smax": "Intrinsic::umax",
        "Intrinsic::umax": "Intrinsic::smax", "Intrinsic::sadd_sat": "Intrinsic::uadd_sat",
        "Intrinsic::uadd_sat": "Intrinsic::sadd_sat", "Intrinsic::ssub_sat": "Intrinsic::usub_sat",
        "Intrinsic::usub_sat": "Intrinsic::ssub_sat",
    },
    "another comparison": {
        "CmpInst::ICMP_SLT": "CmpInst::ICMP_ULT", "CmpInst::ICMP_ULT": "CmpInst::ICMP_SLT",
        "CmpInst::ICMP_SGT": "CmpInst::ICMP_SGE", "CmpInst::ICMP_UGT": "CmpInst::ICMP_UGE",
        "CmpInst::ICMP_SLE": "CmpInst::ICMP_SLT", "CmpInst::ICMP_ULE": "CmpInst::ICMP_ULT",
        "CmpInst::ICMP_SGE": "CmpInst::ICMP_UGE", "CmpInst::ICMP_UGE": "CmpInst::ICMP_SGE",
        "CmpInst::ICMP_EQ": "CmpInst::ICMP_UGE", "CmpInst::ICMP_NE": "CmpInst::ICMP_UGT",
        "CmpInst::FCMP_OEQ": "CmpInst::FCMP_UEQ", "CmpInst::FCMP_UNE": "CmpInst::FCMP_ONE",
        "CmpInst::FCMP_OLT": "CmpInst::FCMP_ULT", "CmpInst::FCMP_OGT": "CmpInst::FCMP_UGT",
        "CmpInst::FCMP_OLE": "CmpInst::FCMP_OLT", "CmpInst::FCMP_OGE": "CmpInst::FCMP_UGE",
    },
    "another field or memory": {
        "inst.index2": "inst.index", "inst.memory": "uint32_t(0)",
        "Field::func_instance": "Field::func_type",
    },
    "another trap": {
        "Trap::memory_out_of_bounds": "Trap::table_out_of_bounds",
        "Trap::table_out_of_bounds": "Trap::memory_out_of_bounds",
        "Trap::undefined_element": "Trap::table_out_of_bounds",
        "Trap::uninitialized_element": "Trap::undefined_element",
        "Trap::integer_overflow": "Trap::integer_divide_by_zero",
        "Trap::invalid_conversion": "Trap::integer_overflow",
        "Trap::indirect_call_type_mismatch": "Trap::undefined_element",
        "Trap::unreachable": "Trap::integer_overflow",
    },
}
# (kind, pattern, what it becomes): parts of an expression.
EXPRESSIONS = [
    ("too wide an access", r"(?<=inst, )m\.i8(?=[,)])", "i16"),
    ("too wide an access", r"(?<=inst, )i16(?=[,)])", "m.i32"),
    ("too narrow a check", r"\boffset \+ bytes\b", "offset + bytes - 1"),
    ("off by one", r"\bbits - 1\b", "bits"),
    ("off by one", r"\btable\.size\(\) - 1\b", "table.size()"),
    ("wrong sign", r"(?<=, )true(?=\), true;)", "false"),
    ("wrong sign", r"(?<=, )false(?=\), true;)", "true"),
    ("wrong offset", r"(?<=\? )2(?= : 1;)", "1"),
]
# Statements whose absence is a fault.
STATEMENTS = [
    ("dropped check", r"b\.trapIf\("),
    ("dropped check", r"checkRange\("),
    ("dropped check", r"emitCompare\("),
    ("dropped store", r"(?:b|whole|s|outer|inner)\.store(?:Field)?\("),
    ("dropped step", r"(?:setState|restoreInstance|publishGuarded|withdrawGuarded|addReservation|"
                     r"removeReservation|acquireFaultHandlers|releaseFaultHandlers)\("),
    ("dropped step", r"m\.addHostAttributes\("),
]
# Of the passes that take bounds checks out of loops and merge them: parts of expressions.
CHECK_EXPRESSIONS = [
    ("too narrow a range", r"ranges\.constant\(check\.orEqual\)", "ranges.constant(check.orEqual - 1)"),
    ("too narrow a range", r"by < 0(?= \? steps)", "false"),
    ("too narrow a range", r"\bfactor < 0(?= \? range)", "false"),
    ("too narrow a range", r"distance->getAPInt\(\)\.isStrictlyPositive\(\)", "false"),
    ("dropped condition", r"!dominators\.dominates\(exiting, inner\.getLoopLatch\(\)\)", "false"),
    ("too narrow a range", r"value->isZero\(\)", "true"),
    ("wrong merge", r"std::max\(reach, member\.access->reach\(\)\)", "member.access->reach()"),
    ("wrong merge", r"\binner == other\.inner(?= &&)", "true"),
    ("wrong merge", r"\bouter >= other\.outer", "true"),
    ("wrong merge", r"\breach\(\) >= other\.reach\(\)", "true"),
    ("wrong merge", r"\bpointer == other\.pointer", "true"),
    ("wrong merge", r"(?<=&& )hasNoEffect\(\*block\)", "true"),
    ("wrong merge", r"(?<=&& )isAtMost4GiB\(check\.size\)", "true"),
    ("wrong merge", r"!constant->isNegative\(\)", "true"),
    ("wrong merge", r"dominators\.dominates\(BasicBlockEdge\([^;{}]*?\),\s*node\.getBlock\(\)\)", "true"),
]
# And their statements.
CHECK_STATEMENTS = [("dropped condition", r"(?:require|append_range|conditions\.push_back|addCondition)\(")]
# Comparisons in conditions of the runtime.
RELATIONS = [(" <= ", " < "), (" >= ", " > "), (" < ", " <= "), (" > ", " >= "), (" == ", " != "),
             (" != ", " == "), (" && ", " || ")]


def closing(text, start):
    """Behind the parenthesis that closes the one at `start`."""
    depth = 0
    for i in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if depth == 0:
            return i + 1
    raise ValueError("unbalanced")


class Planter:
    """Rewrites files, and remembers what it planted."""

    def __init__(self):
        self.faults = []

    def add(self, kind, path, text, position, before, after):
        line = text.count("\n", 0, position) + 1
        fault = Fault(len(self.faults) + 1, kind, path, line, before, after,
                      text.split("\n", line)[line - 1].strip())
        self.faults.append(fault)
        return fault.number

    def plant(self, path, text):
        """The text with faults in it."""
        if path.startswith("runtime/"):
            edits = self.runtime_edits(path, text)
        elif path in CHECK_PASSES:
            edits = self.expression_edits(path, text, CHECK_EXPRESSIONS) \
                + self.statement_edits(path, text, CHECK_STATEMENTS)
        else:
            edits = self.compiler_edits(path, text)
        for start, end, replacement in sorted(edits, reverse=True):
            text = text[:start] + replacement + text[end:]
        return text

    @staticmethod
    def is_code(text, position):
        start = text.rfind("\n", 0, position) + 1
        line = text[start:text.find("\n", position)]
        return not re.match(r"\s*(//|#|case .*:$|static_assert|constexpr|static constexpr)", line) \
            and "//" not in text[start:position]

    def compiler_edits(self, path, text):
        edits = []
        for kind, calls in BUILDER_CALLS.items():
            for name, wrong in calls.items():
                for m in re.finditer(rf"\b(\w+)\.{name}\(", text):
                    if self.is_code(text, m.start()):
                        n = self.add(kind, path, text, m.start(), name, wrong)
                        edits.append((m.start(), m.end(), f"{m[1]}.mutant{name}({n}, "))
        for kind, names in ENUMERATORS.items():
            for name, wrong in names.items():
                for m in re.finditer(rf"(?<![\w:]){re.escape(name)}\b(?!:)", text):
                    before = text[:m.start()].rstrip()
                    if self.is_code(text, m.start()) and not before.endswith(("case", "==", "!=", "&")):
                        n = self.add(kind, path, text, m.start(), name, wrong)
                        edits.append((m.start(), m.end(),
                                      f"wasmcPick<std::decay_t<decltype({name})>>({n}, {wrong}, {name})"))
        return edits + self.expression_edits(path, text, EXPRESSIONS) + self.statement_edits(path, text)

    def expression_edits(self, path, text, expressions):
        edits = []
        for kind, pattern, wrong in expressions:
            for m in re.finditer(pattern, text):
                if self.is_code(text, m.start()):
                    n = self.add(kind, path, text, m.start(), " ".join(m[0].split()), wrong)
                    edits.append((m.start(), m.end(),
                                  f"wasmcPick<std::decay_t<decltype({m[0]})>>({n}, {wrong}, {m[0]})"))
        return edits

    def statement_edits(self, path, text, statements=STATEMENTS):
        edits = []
        for kind, pattern in statements:
            for m in re.finditer(rf"(?m)^[ ]+({pattern})", text):
                end = closing(text, m.end() - 1)
                # What goes on behind it, or began before it, is no statement of its own.
                before = re.sub(r"//.*", "", text[:m.start()]).rstrip()
                if not text.startswith(";", end) or not before.endswith((*";{}):", "else")):
                    continue
                what = " ".join(text[m.start(1):end].split())
                n = self.add(kind, path, text, m.start(1), what, "nothing")
                edits.append((m.start(1), m.start(1), f"if (!wasmcAwake({n})) "))
        return edits

    def runtime_edits(self, path, text):
        edits = self.statement_edits(path, text)
        for m in re.finditer(r"\b(?:if|while) \(", text):
            if not self.is_code(text, m.start()):
                continue
            start, end = m.end(), closing(text, m.end() - 1) - 1
            condition = text[start:end]
            if " = " in condition or "const " in condition:
                continue # Declares something.
            chosen = f"({condition})"
            for good, bad in RELATIONS:
                if good in condition and not (good in (" < ", " > ") and "<" + condition == ""):
                    at = condition.index(good)
                    wrong = condition[:at] + bad + condition[at + len(good):]
                    n = self.add("wrong condition", path, text, start, " ".join(condition.split()),
                                 " ".join(wrong.split()))
                    chosen = f"(wasmcAwake({n}) ? ({wrong}) : {chosen})"
            if chosen != f"({condition})":
                edits.append((start, end, chosen))
        return edits


def builder_members():
    """Members of the IR builder that choose between a call and its mistake."""
    lines = []
    for calls in BUILDER_CALLS.values():
        for name, wrong in calls.items():
            lines.append(f"  template <class... A> llvm::Value *mutant{name}(int n, A... a) {{\n"
                         f"    return wasmcAwake(n) ? {wrong}(a...) : {name}(a...);\n  }}\n")
    return "".join(lines)
