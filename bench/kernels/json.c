/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Messages of sensors in JSON: a parser by recursive descent that converts
 * numbers and looks for keys by their hash. */
#include "kernel.h"

enum { count = 64 };
static char text[count * 160];
static uint32_t starts[count + 1];

typedef struct {
  const char *at, *end;
  uint64_t sum;
  double total;
} parser;

static char *put(char *out, const char *s) {
  while (*s)
    *out++ = *s++;
  return out;
}

static char *put_number(char *out, uint32_t n) {
  char digits[10];
  int used = 0;
  do
    digits[used++] = (char)('0' + n % 10);
  while (n /= 10);
  while (used)
    *out++ = digits[--used];
  return out;
}

INIT(json) {
  uint32_t state = 5;
  char *out = text;
  for (uint32_t i = 0; i < count; ++i) {
    starts[i] = (uint32_t)(out - text);
    out = put_number(put(out, "{\"device\": \"press-"), i);
    out = put_number(put(out, "\", \"time\": "), 1700000000u + i * 10);
    out = put(out, ", \"ok\": true, \"values\": [");
    for (uint32_t k = 0; k < 4; ++k) {
      out = put_number(put(out, k ? ", -" : ""), next_random(&state) % 1000);
      out = put_number(put(out, "."), next_random(&state) % 100);
    }
    out = put(out, "], \"site\": {\"line\": null, \"name\": \"north \\\"A\\\"\"}}");
  }
  starts[count] = (uint32_t)(out - text);
}

static inline void skip_space(parser *p) {
  while (p->at < p->end && (*p->at == ' ' || *p->at == '\n' || *p->at == '\t' || *p->at == '\r'))
    ++p->at;
}

static uint32_t string(parser *p) {
  uint32_t hash = 2166136261u;
  for (++p->at; p->at < p->end && *p->at != '"'; ++p->at) {
    if (*p->at == '\\')
      ++p->at;
    hash = (hash ^ (uint8_t)*p->at) * 16777619u;
  }
  ++p->at;
  return hash;
}

static double number(parser *p) {
  int negative = *p->at == '-';
  p->at += negative;
  double value = 0, scale = 1;
  for (; p->at < p->end && (uint8_t)(*p->at - '0') < 10; ++p->at)
    value = value * 10 + (*p->at - '0');
  if (p->at < p->end && *p->at == '.')
    for (++p->at; p->at < p->end && (uint8_t)(*p->at - '0') < 10; ++p->at)
      value += (*p->at - '0') * (scale *= 0.1);
  return negative ? -value : value;
}

static void value(parser *p) {
  skip_space(p);
  switch (p->at < p->end ? *p->at : 0) {
  case '{':
    do {
      ++p->at;
      skip_space(p);
      p->sum = p->sum * 31 + string(p);
      skip_space(p);
      ++p->at; /* The colon. */
      value(p);
      skip_space(p);
    } while (p->at < p->end && *p->at == ',');
    ++p->at;
    break;
  case '[':
    do {
      ++p->at;
      value(p);
      skip_space(p);
    } while (p->at < p->end && *p->at == ',');
    ++p->at;
    break;
  case '"': p->sum ^= string(p); break;
  case 't': p->sum += 1; p->at += 4; break;
  case 'f': p->sum += 2; p->at += 5; break;
  case 'n': p->sum += 3; p->at += 4; break;
  case 0: break;
  default: p->total += number(p);
  }
}

RUN(json) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round)
    for (uint32_t i = 0; i < count; ++i) {
      parser p = {text + starts[i], text + starts[i + 1], round, 0};
      value(&p);
      sum = mix(sum, p.sum);
      sum = mix(sum, bits_of(p.total));
    }
  return sum;
}
