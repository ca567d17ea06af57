/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A complex FFT of 1024 points, in place, and the power of its bins. */
#include "kernel.h"

enum { bits = 10, points = 1 << bits };
static float input[points], re[points], im[points], cosine[points / 2], sine[points / 2];
static uint16_t reversed[points];

INIT(fft) {
  uint32_t state = 14;
  /* cos and sin of 2 pi / points; the rest by turning. */
  const double c = 0.99998117528260111, s = 0.0061358846491544753;
  double x = 1, y = 0;
  for (uint32_t i = 0; i < points / 2; ++i) {
    cosine[i] = (float)x;
    sine[i] = (float)-y;
    double turned = x * c - y * s;
    y = x * s + y * c;
    x = turned;
  }
  for (uint32_t i = 0; i < points; ++i) {
    uint32_t r = 0;
    for (uint32_t bit = 0; bit < bits; ++bit)
      r |= (i >> bit & 1) << (bits - 1 - bit);
    reversed[i] = (uint16_t)r;
    input[i] = (float)next_reading(&state, i * 16) / 512;
  }
}

static void transform(void) {
  for (uint32_t i = 0; i < points; ++i) {
    re[i] = input[reversed[i]];
    im[i] = 0;
  }
  for (uint32_t half = 1; half < points; half *= 2) {
    uint32_t step = points / 2 / half;
    for (uint32_t start = 0; start < points; start += 2 * half)
      for (uint32_t k = 0; k < half; ++k) {
        uint32_t a = start + k, b = a + half;
        float wr = cosine[k * step], wi = sine[k * step];
        float tr = re[b] * wr - im[b] * wi, ti = re[b] * wi + im[b] * wr;
        re[b] = re[a] - tr;
        im[b] = im[a] - ti;
        re[a] += tr;
        im[a] += ti;
      }
  }
}

RUN(fft) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    transform();
    float most = 0;
    for (uint32_t i = 0; i < points / 2; ++i) {
      float power = re[i] * re[i] + im[i] * im[i];
      most = power > most ? power : most;
    }
    sum = mix(sum, bits_of(most));
    input[round * 5 % points] += 0.25f;
  }
  return sum;
}
