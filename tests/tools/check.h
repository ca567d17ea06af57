/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * What hosts in tests check with. A failure prints where, and ends the process
 * with status 1. */
#ifndef WASMC_TESTS_CHECK_H
#define WASMC_TESTS_CHECK_H

#include <wasmc/wasmc.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WASMC_TRAP_KIND(Code, Name, Message) TRAP_##Name = Code,
enum {
#include <wasmc/abi/traps.def>
};

#define CHECK(condition)                                                                           \
  do                                                                                               \
    if (!(condition)) {                                                                            \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                      \
      exit(1);                                                                                     \
    }                                                                                              \
  while (0)

/* Both are integers. */
#define CHECK_EQ(got, wanted)                                                                      \
  do {                                                                                             \
    unsigned long long got_ = (unsigned long long)(got);                                           \
    unsigned long long wanted_ = (unsigned long long)(wanted);                                     \
    if (got_ != wanted_) {                                                                         \
      fprintf(stderr, "%s:%d: %s is 0x%llx, not 0x%llx\n", __FILE__, __LINE__, #got, got_,         \
              wanted_);                                                                            \
      exit(1);                                                                                     \
    }                                                                                              \
  } while (0)

/* The call returns WASMC_OK. */
#define OK(call)                                                                                   \
  do {                                                                                             \
    wasmc_status status_ = (call);                                                                 \
    if (status_ != WASMC_OK) {                                                                     \
      fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #call, wasmc_status_name(status_));   \
      exit(1);                                                                                     \
    }                                                                                              \
  } while (0)

/* The call into `self` (any instance) traps with this row of traps.def. */
#define TRAPS(self, name, call)                                                                    \
  do {                                                                                             \
    wasmc_status status_ = (call);                                                                 \
    const wasmc_trap *trap_ = wasmc_instance_trap((wasmc_instance *)(self));                       \
    if (status_ != WASMC_TRAP || !trap_ || trap_->code != TRAP_##name) {                           \
      fprintf(stderr, "%s:%d: %s: %s, %s, not %s\n", __FILE__, __LINE__, #call,                    \
              wasmc_status_name(status_),                                                          \
              status_ == WASMC_TRAP && trap_ ? trap_->message : "no trap", #name);                 \
      exit(1);                                                                                     \
    }                                                                                              \
  } while (0)

#endif
