# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The lit test format of the conformance suites."""
import glob
import os
import shutil

import lit.Test
import lit.formats
import lit.util

import interpreter
import models
import operators

COMBINATIONS = {f"O{level}-{bounds}": [f"--opt={level}", f"--bounds={bounds}"]
                for level in (0, 2, 3) for bounds in ("guard", "check")}
COMBINATIONS["O3-strict"] = ["--opt=3", "--bounds=guard", "--strict-traps"]
# Unless `--param conformance=all` asks for all of them. These two have least in common:
# nothing that LLVM's optimiser would hide, every access compared; all that it does, and
# accesses left to the guard region.
USUAL = ["O0-check", "O3-guard"]
# Where exact traps and NaNs show.
STRICT_SCRIPTS = {"address", "address64", "conversions", "float_exprs", "float_misc", "load", "memory_trap",
                  "memory_trap64", "nop", "store", "traps", "traps0", "unreachable"}
# Calls through wasmc_func_call instead of the exports' C functions: no other
# code is compiled, so that the scripts about linking and calls are enough.
COMBINATIONS["O3-guard-references"] = ["--opt=3", "--bounds=guard", "--by-reference"]
REFERENCE_SCRIPTS = {"call", "exports", "fac", "func", "func_ptrs", "imports", "linking",
                     "linking0", "linking1", "linking2", "linking3", "ref_func", "stack", "traps"}
# All that these scripts see is of instances that were reset once: what a module has.
COMBINATIONS["O3-guard-reset"] = ["--opt=3", "--bounds=guard", "--reset"]
COMBINATIONS["O3-check-reset"] = ["--opt=3", "--bounds=check", "--reset"]
RESET_SCRIPTS = {"bulk", "bulk64", "call_indirect", "data", "data0", "data1", "elem", "exports", "func_ptrs",
                 "global", "globals", "imports", "linking", "linking0", "linking1", "linking2", "linking3",
                 "memory", "memory64", "memory_grow", "memory_init", "memory_size", "memory_trap",
                 "ref_func", "start", "start0", "table", "table64", "table_get", "table_grow",
                 "table_init", "table_set", "throw_ref", "traps", "try_table"}
# Vectors and rounding have other code where the CPU has more than the baseline.
COMBINATIONS["O3-guard-native"] = ["--opt=3", "--bounds=guard", "--cpu=native"]
NATIVE_SCRIPTS = {"f32", "f64", "conversions", "float_exprs", "float_misc"}
# Each function in a shard of its own: what one of them names is in another.
COMBINATIONS["O3-guard-shards"] = ["--opt=3", "--bounds=guard", "--shard-size=1"]
COMBINATIONS["O3-check-shards"] = ["--opt=3", "--bounds=check", "--shard-size=1"]
SHARDS_SCRIPTS = {"br_table", "call", "call_indirect", "call_ref", "data", "elem", "exports", "float_memory",
                  "func_ptrs", "globals", "imports", "linking", "memory_trap", "return_call",
                  "return_call_indirect", "start", "table", "throw_ref", "traps", "try_table"}
NO_SUITE = "no official suite in '{}': get https://github.com/WebAssembly/testsuite, convert " \
           "each NAME.wast with wast2json to DIR/NAME/NAME.json and set WASMC_SPEC_DIR=DIR"


def spec_directory(root):
    given = os.environ.get("WASMC_SPEC_DIR")
    return given or os.path.join(os.path.dirname(root), "shared", "spec")


def read_totals(path):
    """Scripts, commands, passed, and skipped by reason, as counts.txt has them."""
    scripts, commands, passed, skipped = 0, 0, 0, {}
    with open(path) as file:
        for line in file:
            if line.startswith("#") or ": " not in line:
                continue
            scripts += 1
            for item in line.strip().split(": ", 1)[1].replace("skipped ", "").split(", "):
                first, second = item.split(" ")
                if second == "commands":
                    commands += int(first)
                elif second == "passed":
                    passed += int(first)
                else:
                    skipped[first] = skipped.get(first, 0) + int(second)
    return scripts, commands, passed, skipped


class ConformanceFormat(lit.formats.TestFormat):
    def __init__(self, directory):
        self.directory = directory
        self.root = os.path.dirname(os.path.dirname(directory))
        self.spec = spec_directory(self.root)
        self.counts = os.path.join(directory, "counts.txt")
        self.generated = None

    def getTestsInDirectory(self, suite, path_in_suite, lit_config, config):
        if suite.getSourcePath(path_in_suite) != self.directory:
            return
        scripts = sorted(os.path.basename(os.path.dirname(p))
                         for p in glob.glob(os.path.join(self.spec, "*", "*.json")))
        if not scripts:
            lit_config.note("conformance: " + NO_SUITE.format(self.spec))
            yield lit.Test.Test(suite, path_in_suite + ("official-suite",), config)
        else:
            self.announce(lit_config)
        own = [os.path.basename(p)[:-len(".wat")]
               for p in sorted(glob.glob(os.path.join(self.directory, "own", "*.wat")))]
        generated = [name for name, _ in self.operator_modules()]
        runs_all = lit_config.params.get("conformance") == "all"
        for name in COMBINATIONS:
            chosen = self.chosen(name, scripts, runs_all)
            whole = name in USUAL or (runs_all and len(name.split("-")) == 2)
            # Multiply-add is another one where the CPU has it.
            modelled = ["relaxed-simd"] if name.endswith("-native") else \
                models.MODELS if whole else []
            for group, tests in ((), chosen), (("own",), own if whole else []), \
                    (("operators",), generated if whole else []), \
                    (("models",), modelled):
                for test in tests:
                    yield lit.Test.Test(suite, path_in_suite + (name,) + group + (test,), config)

    @staticmethod
    def chosen(combination, scripts, runs_all):
        """The official scripts that run in a combination."""
        if combination.endswith("-references"):
            return [s for s in scripts if s in REFERENCE_SCRIPTS]
        if combination.endswith("-shards"):
            return [s for s in scripts if s in SHARDS_SCRIPTS]
        if combination.endswith("-reset"):
            return [s for s in scripts if s in RESET_SCRIPTS]
        if combination.endswith("-native"):
            return [s for s in scripts if s in NATIVE_SCRIPTS or "simd_" in s or "relaxed" in s]
        if runs_all or combination in USUAL:
            return scripts
        return [s for s in scripts if combination.endswith("-strict") and s in STRICT_SCRIPTS]

    def announce(self, lit_config):
        scripts, commands, passed, skipped = read_totals(self.counts)
        reasons = ", ".join(f"{reason} {n}" for reason, n in skipped.items())
        lit_config.note(f"conformance: {scripts} scripts of {commands} commands, of which "
                        f"{passed} have to pass in each combination; skipped: {reasons}")

    def operator_modules(self):
        if self.generated is None:
            table = os.path.join(self.root, "compiler", "wasm", "Opcodes.def")
            self.generated = operators.modules(table)
        return self.generated

    def execute(self, test, lit_config):
        if test.path_in_suite[-1] == "official-suite":
            return lit.Test.Result(lit.Test.UNSUPPORTED, NO_SUITE.format(self.spec))
        runner = lit.util.which("wasmc-spec-runner", test.config.environment.get("PATH", ""))
        if not runner:
            return lit.Test.Result(lit.Test.UNRESOLVED, "wasmc-spec-runner is not on the PATH")
        parts = test.path_in_suite[len(test.path_in_suite) - 3:]
        if parts[1] == "models":
            return self.run_model(test, runner, lit_config, parts[0], parts[2])
        if parts[1] in ("own", "operators"):
            return self.compare(test, runner, COMBINATIONS[parts[0]], parts[1], parts[2])
        combination, script = parts[1:]
        command = [runner, *COMBINATIONS[combination], f"--spec-dir={self.spec}", f"--counts={self.counts}", script]
        return self.result(lit_config, command)

    def run_model(self, test, runner, lit_config, combination, name):
        directory = test.getExecPath() + ".tmp"
        os.makedirs(directory, exist_ok=True)
        table = os.path.join(self.root, "compiler", "wasm", "Opcodes.def")
        fused = combination.endswith("-native") and models.cpu_fuses()
        script = models.MODELS[name](table, directory, fused)
        return self.result(lit_config, [runner, *COMBINATIONS[combination], script])

    def result(self, lit_config, command):
        timeout = lit_config.maxIndividualTestTime
        out, err, status = lit.util.executeCommand(command, timeout=timeout)
        code = lit.Test.PASS if status == 0 else lit.Test.FAIL
        return lit.Test.Result(code, " ".join(command) + "\n" + out + err)

    def compare(self, test, runner, flags, group, name):
        directory = test.getExecPath() + ".tmp"
        shutil.rmtree(directory, ignore_errors=True)
        os.makedirs(directory)
        wat = os.path.join(self.directory, "own", name + ".wat")
        if group == "operators":
            wat = os.path.join(directory, name + ".wat")
            with open(wat, "w") as file:
                file.write(dict(self.operator_modules())[name])
        expected = os.path.join(self.directory, "expected", group, name + ".txt")
        differences = interpreter.compare(runner, flags, wat, directory, expected)
        if differences:
            return lit.Test.Result(lit.Test.FAIL, differences)
        shutil.rmtree(directory)
        return lit.Test.Result(lit.Test.PASS, "")
