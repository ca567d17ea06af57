/*===- share.h - Messages inside of a module's file ------------------------===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===*/
#ifndef ANOMALY_SHARE_H
#define ANOMALY_SHARE_H

#include "../module/message.h"

/* By which the daemon finds the place in the file. */
#define ANOMALY_SHARE_MARK "anomaly-message"
enum { ANOMALY_SHARE_MARK_SIZE = 16, ANOMALY_SHARE_MESSAGES = 5000 };

struct share {
  char mark[ANOMALY_SHARE_MARK_SIZE];
  uint32_t count;
  float factors[3]; /* The operands of tune(), these and... */
  int32_t steps[3]; /* ...these. */
  uint32_t unused;  /* Messages begin at a multiple of eight. */
  anomaly_message messages[ANOMALY_SHARE_MESSAGES];
};

#endif
