//===- exception.cpp - What a throw and its catch cost --------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The same throw in C++ and in a compiled module, with few and with many frames
// between it and the handler, in turns. Prints medians in nanoseconds.
//
//===----------------------------------------------------------------------===//
#include "exception.h"
#include "measure.h"

#include <cstdio>

static constexpr int times = 2000;

__attribute__((noinline)) static void deep(int frames) {
  if (frames == 0)
    throw frames;
  deep(frames - 1);
  __asm__ volatile("");
}

static void native(int frames) {
  for (int i = 0; i != times; ++i)
    try {
      deep(frames);
    } catch (int) {
    }
}

int main() {
  exception *module;
  if (exception_new(&module, nullptr, nullptr) != WASMC_OK)
    return 1;
  for (int frames : {1, 4, 16, 64}) {
    double plain[runs], compiled[runs];
    for (int run = 0; run != runs; ++run) {
      double start = now();
      native(frames);
      plain[run] = (now() - start) / times;
      start = now();
      if (exception_throws(module, times, frames) != WASMC_OK)
        return 1;
      compiled[run] = (now() - start) / times;
    }
    std::printf("throw and catch through %2d frames    C++ %7.0f ns, module %7.0f ns\n", frames,
                median(plain), median(compiled));
  }
  exception_delete(module);
}
