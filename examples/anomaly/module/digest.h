/*===- digest.h - What results and alarms come to, in one number -----------===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * Every way of running the module must come to the same digests: of all results and
 * errors, and of all alarms, in their order. Quick rather than safe against forgery:
 * it runs in every measured loop.
 *
 *===----------------------------------------------------------------------===*/
#ifndef ANOMALY_DIGEST_H
#define ANOMALY_DIGEST_H

#include "message.h"

enum { ANOMALY_DIGEST_START = 17 };

/* Multiplication carries differences upwards, the shift brings them back down. */
static inline uint64_t anomaly_digest_word(uint64_t digest, uint64_t word) {
  digest = (digest ^ word) * 0x9e3779b97f4a7c15u;
  return digest ^ digest >> 29;
}

/* The words of a result do not wait for each other. */
static inline uint64_t anomaly_digest_result(uint64_t digest, const void *result) {
  uint64_t words[sizeof(anomaly_result) / 8];
  __builtin_memcpy(words, result, sizeof words);
  return anomaly_digest_word(digest,
                             words[0] * 0xff51afd7ed558ccdu + words[1] * 0xc4ceb9fe1a85ec53u +
                                 words[2] * 0xbf58476d1ce4e5b9u + words[3] * 0x94d049bb133111ebu);
}

static inline uint64_t anomaly_digest_error(uint64_t digest, int32_t error) {
  return anomaly_digest_word(digest, (uint64_t)(int64_t)error);
}

static inline uint64_t anomaly_digest_alarm(uint64_t digest, int32_t level, const void *text,
                                            uint64_t length) {
  const unsigned char *bytes = (const unsigned char *)text;
  digest = anomaly_digest_word(digest, (uint64_t)(int64_t)level ^ length << 32);
  for (uint64_t i = 0; i != length; ++i)
    digest = anomaly_digest_word(digest, bytes[i]);
  return digest;
}

#endif
