#!/bin/sh
# Usage: other-targets.sh CLANG++ RUNTIME
# Compiles what can be compiled for other targets without their C libraries.
set -eu
compiler=$1 runtime=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$runtime"
flags="-std=gnu++20 -ffreestanding -nostdinc++ -fno-exceptions -fno-rtti
  -fno-threadsafe-statics -Wall -Wextra -Werror -O2 -Iinclude -Icore -I."

# The whole of it, on a microcontroller without an operating system.
for source in core/*.cpp memory/bounds_posix.cpp memory/guard_none.cpp memory/shared_none.cpp \
    platform/none/*.cpp; do
  "$compiler" --target=thumbv7m-none-eabi $flags -DWASMC_SINGLE_THREADED -c "$source" \
    -o "$work/object.o"
done
for target in aarch64-linux-gnu riscv64-linux-gnu armv7-linux-gnueabihf i686-linux-gnu; do
  for source in core/*.cpp memory/guard_none.cpp memory/bounds_posix.cpp memory/shared_threads.cpp; do
    "$compiler" --target=$target $flags -c "$source" -o "$work/object.o"
  done
done
"$compiler" --target=aarch64-linux-gnu -Iinclude -c core/enter_aarch64.S -o "$work/object.o"
if "$compiler" --target=riscv64-linux-gnu -c core/enter_unsupported.S -o "$work/object.o" \
    2> "$work/error"; then
  echo "a target without a trampoline assembled one"
  exit 1
fi
grep -q "entry trampolines for x86_64 and aarch64 alone" "$work/error"
