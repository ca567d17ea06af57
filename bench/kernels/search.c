/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Search for words in a log: by skipping (Horspool), and a byte at a time. */
#include "kernel.h"

enum { length = 32768 };
static char text[length];
#define WORD(text) {text, sizeof text - 1}
static const struct {
  const char *text;
  uint32_t length;
} words[] = {WORD("temperature too high"), WORD("retry"), WORD("checksum"), WORD("ERROR 17")};

INIT(search) {
  static const char *const parts[] = {"sensor ", "value ", "retries ", "temperature ", "check ",
                                      "too low ", "ERROR 1", "ok\n"};
  uint32_t state = 25;
  for (uint32_t i = 0; i < length;) {
    uint32_t choice = next_random(&state) % 40;
    const char *part = choice < 4 ? words[choice].text : parts[choice % COUNT(parts)];
    while (*part && i < length)
      text[i++] = *part++;
  }
}

static uint32_t skipping(const char *word, uint32_t n) {
  uint8_t skip[256];
  for (uint32_t i = 0; i < 256; ++i)
    skip[i] = (uint8_t)n;
  for (uint32_t i = 0; i + 1 < n; ++i)
    skip[(uint8_t)word[i]] = (uint8_t)(n - 1 - i);
  uint32_t found = 0;
  for (uint32_t at = 0; at + n <= length; at += skip[(uint8_t)text[at + n - 1]]) {
    uint32_t i = n;
    while (i && text[at + i - 1] == word[i - 1])
      --i;
    found += !i;
  }
  return found;
}

static uint32_t plainly(char first, char second) {
  uint32_t found = 0;
  for (uint32_t at = 0; at + 1 < length; ++at)
    found += text[at] == first && text[at + 1] == second;
  return found;
}

RUN(search) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    for (uint32_t w = 0; w < COUNT(words); ++w)
      sum = mix(sum, skipping(words[w].text, words[w].length));
    sum = mix(sum, plainly('e', (char)('a' + round % 26)));
    text[round * 41 % length] = (char)('a' + round % 26);
  }
  return sum;
}
