//===- TestModule.cpp - Modules made by hand ------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestModule.h"

#include <fstream>

void wasmc::test::leaveModule() {
  static_cast<wasmc_activation *>(__wasmc_thread.top)->state &= ~WASMC_STATE_IN_MODULE;
}

void wasmc::test::enterModule() {
  static_cast<wasmc_activation *>(__wasmc_thread.top)->state |= WASMC_STATE_IN_MODULE;
}

size_t wasmc::test::countMappings() {
  std::ifstream maps("/proc/self/maps");
  std::string line;
  size_t count = 0;
  while (std::getline(maps, line))
    ++count;
  return count;
}

size_t wasmc::test::residentPages() {
  std::ifstream statm("/proc/self/statm");
  size_t total = 0, resident = 0;
  statm >> total >> resident;
  return resident;
}
