/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A Kalman filter of four states and two measurements, with full matrices, for
 * several tracks. */
#include "kernel.h"

enum { states = 4, tracks = 32 };
typedef struct {
  double x[states], p[states][states];
} track;
static track all[tracks];
static uint32_t noise;

INIT(kalman) {
  noise = 15;
  for (int t = 0; t < tracks; ++t)
    for (int i = 0; i < states; ++i) {
      all[t].x[i] = t + i;
      for (int k = 0; k < states; ++k)
        all[t].p[i][k] = i == k ? 10 : 0;
    }
}

/* Position and speed in two dimensions, by a step of time. */
static void predict(track *t, double dt) {
  double f[states][states] = {{1, 0, dt, 0}, {0, 1, 0, dt}, {0, 0, 1, 0}, {0, 0, 0, 1}};
  double fp[states][states], x[states];
  for (int i = 0; i < states; ++i) {
    x[i] = 0;
    for (int k = 0; k < states; ++k) {
      x[i] += f[i][k] * t->x[k];
      double total = 0;
      for (int m = 0; m < states; ++m)
        total += f[i][m] * t->p[m][k];
      fp[i][k] = total;
    }
  }
  for (int i = 0; i < states; ++i) {
    t->x[i] = x[i];
    for (int k = 0; k < states; ++k) {
      double total = i == k ? 0.01 : 0;
      for (int m = 0; m < states; ++m)
        total += fp[i][m] * f[k][m];
      t->p[i][k] = total;
    }
  }
}

static void update(track *t, double zx, double zy) {
  double a = t->p[0][0] + 4, b = t->p[0][1], c = t->p[1][0], d = t->p[1][1] + 4;
  double inverse = 1 / (a * d - b * c), gain[states][2], p[states][states];
  double ex = zx - t->x[0], ey = zy - t->x[1];
  for (int i = 0; i < states; ++i) {
    gain[i][0] = (t->p[i][0] * d - t->p[i][1] * c) * inverse;
    gain[i][1] = (t->p[i][1] * a - t->p[i][0] * b) * inverse;
    t->x[i] += gain[i][0] * ex + gain[i][1] * ey;
  }
  for (int i = 0; i < states; ++i)
    for (int k = 0; k < states; ++k)
      p[i][k] = t->p[i][k] - gain[i][0] * t->p[0][k] - gain[i][1] * t->p[1][k];
  __builtin_memcpy(t->p, p, sizeof p);
}

RUN(kalman) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round)
    for (int i = 0; i < tracks; ++i) {
      double dx = (next_random(&noise) & 255) / 64.0, dy = (next_random(&noise) & 255) / 64.0;
      predict(&all[i], 0.1);
      update(&all[i], round % 1000 * 0.2 + dx, i + dy);
      sum = mix(sum, bits_of(all[i].x[0]));
    }
  return sum;
}
