# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# How the lit suites run. Each folder beside this file but `unit`, `tools`,
# `fuzz` and `mutation` is a suite; a test is a file with RUN lines, named by the behaviour that
# it shows. Files of a test that are no tests are in a folder Inputs, or in the
# test itself, for split-file.

import os
import platform
import shutil
import subprocess

import lit.formats

config.name = "wasmc"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".test", ".wat", ".ll", ".c", ".cpp", ".sh"]
config.excludes = ["Inputs", "unit", "tools", "fuzz", "mutation"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.wasmc_binary_dir, "tests")

build = config.wasmc_binary_dir
source = config.wasmc_source_dir
tools = config.llvm_tools_dir

# The tools of the pinned LLVM come first, so that tests say llc, not llc-22.
config.environment["PATH"] = os.pathsep.join(
    [os.path.join(build, "bin"), tools, os.environ["PATH"]]
)
# Messages that tests look for are the untranslated ones.
config.environment["LC_ALL"] = "C.UTF-8"
for name in ("WASMC_SPEC_DIR", "WASMC_MUTANT", "HOME", "TMPDIR", "ASAN_OPTIONS", "UBSAN_OPTIONS"):
    if name in os.environ:
        config.environment[name] = os.environ[name]

search = config.environment["PATH"]


def find(*names):
    """The path of the first of these programs that there is, or None."""
    for name in names:
        path = shutil.which(name, path=search)
        if path:
            return path
    return None


def substitute(name, value):
    # Not a prefix of a longer word: %wasmc is not in %wasmcfoo.
    config.substitutions.append((name + r"\b", value))


clang = find("clang-" + config.llvm_major) or os.path.join(tools, "clang")
host_cc = config.host_cc or find("cc", "gcc") or clang
runtime = os.path.join(build, "lib", "libwasmc_rt.a")
include = os.path.join(source, "runtime", "include")

# The IR's own rules are checked in all tests; %wasmc-plain is what users run.
wasmc = os.path.join(build, "bin", "wasmc")
config.substitutions.append(("%wasmc-plain", wasmc))
substitute("%wasmc", wasmc + " --lint-ir")
# %opt -passes=NAME x.ll: passes of our own, alone or among LLVM's.
substitute("%opt", os.path.join(build, "bin", "wasmc-opt"))
substitute("%FileCheck", os.path.join(tools, "FileCheck"))
substitute("%wat2wasm", find("wat2wasm") or "wat2wasm")
substitute("%cc", host_cc)
substitute("%clang", clang)
substitute("%rt", runtime)
substitute("%include", include)
substitute("%lld", config.lld)
substitute("%python", config.python)
substitute("%root", source)
substitute("%build", build)
# %exit 2 COMMAND: succeeds if the command ends with exactly this status.
substitute("%exit", f"{config.python} {source}/tests/tools/expect-exit.py")
# %assemble x.wat -o x.wasm: the text format with types that Debian's WABT does not know.
substitute("%assemble", f"{config.python} {source}/tests/tools/assemble.py")
# Links a host in C with an object of wasmc's: %host-cc main.c filter.o -o main
config.substitutions.insert(0, ("%host-cc", f"{host_cc} -Wall -Werror -I{include} -I. -L{build}/lib"))

# Features: what a test may REQUIRE.
for tool in ("wat2wasm", "wasm2wat", "wasm-validate", "wasm-interp", "wasm-opt", "node", "g++",
             "ninja", "make", "cmake", "pkg-config", "gdb"):
    if find(tool):
        config.available_features.add(tool)
config.available_features.add(platform.machine())
if config.sanitized:
    config.available_features.add("sanitized")
if os.path.exists(runtime):
    config.available_features.add("runtime")
if os.path.exists(config.lld):
    config.available_features.add("lld")
if os.path.exists("/dev/full"):
    config.available_features.add("dev-full")
if os.geteuid() == 0:
    config.available_features.add("root")


def output_of(*command, stdin=""):
    try:
        return subprocess.run(
            command, input=stdin, capture_output=True, text=True, timeout=60
        ).stdout
    except OSError:
        return ""


# target-aarch64, target-arm, target-riscv … by the names of LLVM's targets.
for target in output_of(os.path.join(tools, "llvm-config"), "--targets-built").split():
    config.available_features.add("target-" + target.lower())

# clang can compile and link C for WASI: wasi-libc, compiler-rt and wasm-ld are there.
probe = os.path.join(config.test_exec_root, "wasi-probe.wasm")
os.makedirs(config.test_exec_root, exist_ok=True)
if not os.path.exists(probe):
    output_of(clang, "--target=wasm32-wasi", "-O1", "-x", "c", "-", "-o",
              probe, stdin="int main(void) { return 0; }")
if os.path.exists(probe):
    config.available_features.add("wasi-clang")

# LLVM's profile runtime, which clang links for -fprofile-generate.
probe = os.path.join(config.test_exec_root, "profile-probe")
if not os.path.exists(probe):
    output_of(clang, "-fprofile-generate", "-x", "c", "-", "-o", probe,
              stdin="int main(void) { return 0; }")
if os.path.exists(probe):
    config.available_features.add("profile-runtime")
