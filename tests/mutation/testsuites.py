# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The tests of a build folder, run one by one: lit's, in this process, and GoogleTest's.

lit finds all tests once; the run of planted faults then asks single ones thousands of
times, which as commands would each take as long as finding them all again.
"""
import os
import re
import signal
import subprocess
import sys
import time

# Those that do not ask whether what is compiled is right, or cannot: without a C library
# there is no environment that would wake a fault; a project that compiles the runtime
# itself does not know its header; the oracle's take a time, not modules.
EXCLUDED = re.compile(r"oracle/|examples/|cross-bare|runtime-from-source")
UNIT = ["wasmc_runtime_tests", "wasmc_no_threads_tests", "wasmc_abi_tests"]
NAMES = "WASMC_MUTANT", "WASMC_MUTANT_SEEN"


class Suites:
    """What is written goes to `scratch`, so that several processes can run the same tests."""

    def __init__(self, tree, scratch):
        cache = (tree / "CMakeCache.txt").read_text()
        lit_script = os.path.realpath(re.search(r"^WASMC_LIT:[A-Z]*=(.*)$", cache, re.M)[1])
        # Beside the module, or where Debian has the script, below it.
        place = os.path.dirname(lit_script)
        sys.path[1:1] = [place, os.path.join(place, "..", "utils", "lit")]
        import lit.discovery
        import lit.LitConfig
        import lit.Test
        self.lit_test = lit.Test
        self.config = lit.LitConfig.LitConfig(
            progname="lit", path=[], diagnostic_level="error", useValgrind=False,
            valgrindLeakCheck=False, valgrindArgs=[], noExecute=False, debug=False,
            isWindows=False, order="lexical", params={})
        found = lit.discovery.find_tests_for_inputs(self.config, [str(tree / "tests")])
        self.tests = {}
        for test in found:
            test.suite.exec_root = str(scratch / test.suite.name)
            if not EXCLUDED.search(test.getFullName()):
                self.tests[test.getFullName()] = test
        for program in UNIT:
            self.add_unit_tests(next(tree.glob(f"**/{program}")))

    def add_unit_tests(self, program):
        listed = subprocess.run([program, "--gtest_list_tests"], capture_output=True, text=True)
        suite = ""
        for line in listed.stdout.splitlines():
            name = line.split("#")[0].strip()
            if not line.startswith(" "):
                suite = name
            else:
                self.tests[f"{program.name}: {suite}{name}"] = [program, f"--gtest_filter={suite}{name}"]

    def run(self, name, environment, seconds):
        """Whether the test failed, and how long it took. What takes longer than `seconds`
        failed. Each test has a process, and what it leaves behind ends with it."""
        start = time.monotonic()
        child = os.fork()
        if child == 0:
            os.setsid()
            try:
                os._exit(self.execute(self.tests[name], environment))
            finally:
                os._exit(2)
        while (status := os.waitpid(child, os.WNOHANG))[0] == 0:
            if time.monotonic() - start > seconds:
                break
            time.sleep(0.01)
        try:
            os.killpg(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
        if status[0] == 0:
            os.waitpid(child, 0)
            return True, seconds
        return status[1] != 0, time.monotonic() - start

    def execute(self, test, environment):
        null = os.open(os.devnull, os.O_RDWR)
        for stream in 0, 1, 2:
            os.dup2(null, stream)
        for name in NAMES:
            os.environ.pop(name, None)
        os.environ.update(environment)
        if not isinstance(test, self.lit_test.Test):
            return subprocess.run(test).returncode != 0
        os.makedirs(os.path.dirname(test.getExecPath()), exist_ok=True)
        for name in NAMES:
            test.config.environment.pop(name, None)
        test.config.environment.update(environment)
        result = test.config.test_format.execute(test, self.config)
        code = result.code if hasattr(result, "code") else result[0]
        return code.isFailure
