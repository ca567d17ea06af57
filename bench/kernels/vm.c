/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * A small virtual machine: bytecode with registers, interpreted by a switch, runs
 * rules over readings. */
#include "kernel.h"

enum opcode { op_load, op_const, op_add, op_sub, op_mul, op_min, op_shift, op_jump_less, op_jump,
              op_store, op_alarm, op_end };
typedef struct {
  uint8_t op, a, b, c;
} instruction;

enum { count = 512 };
static int32_t readings[count], state[count];
static uint32_t noise;

/* An average, an envelope, and an alarm where a reading is far from both. */
static const instruction program[] = {
    {op_const, 7, 0, 0},      /* i = 0 */
    {op_const, 6, 1, 0},      /* one */
    {op_const, 5, 120, 0},    /* bound */
    {op_load, 0, 7, 0},       /* 3: r0 = readings[i] */
    {op_load, 1, 7, 1},       /* r1 = state[i] */
    {op_sub, 2, 0, 1},        /* r2 = r0 - r1 */
    {op_shift, 3, 2, 3},      /* r3 = r2 >> 3 */
    {op_add, 1, 1, 3},        /* r1 += r3 */
    {op_store, 1, 7, 0},      /* state[i] = r1 */
    {op_mul, 3, 2, 2},        /* r3 = r2 * r2 */
    {op_shift, 3, 3, 6},
    {op_min, 3, 3, 8},        /* at most what count is */
    {op_jump_less, 3, 5, 14}, /* if r3 < bound skip */
    {op_alarm, 2, 0, 0},
    {op_add, 7, 7, 6},        /* 14: ++i */
    {op_jump_less, 7, 8, 3},
    {op_end, 0, 0, 0},
};

INIT(vm) {
  noise = 29;
  for (uint32_t i = 0; i < count; ++i)
    readings[i] = state[i] = next_reading(&noise, i);
}

static uint64_t interpret(const instruction *code) {
  int32_t r[16] = {0};
  uint64_t alarms = 0;
  r[8] = count;
  for (const instruction *pc = code;; ++pc)
    switch ((enum opcode)pc->op) {
    case op_load:
      r[pc->a & 15] = (pc->c ? state : readings)[(uint32_t)r[pc->b & 15] % count];
      break;
    case op_const: r[pc->a & 15] = pc->b; break;
    case op_add: r[pc->a & 15] = r[pc->b & 15] + r[pc->c & 15]; break;
    case op_sub: r[pc->a & 15] = r[pc->b & 15] - r[pc->c & 15]; break;
    case op_mul: r[pc->a & 15] = r[pc->b & 15] * r[pc->c & 15]; break;
    case op_min:
      r[pc->a & 15] = r[pc->b & 15] < r[pc->c & 15] ? r[pc->b & 15] : r[pc->c & 15];
      break;
    case op_shift: r[pc->a & 15] = r[pc->b & 15] >> (pc->c & 31); break;
    case op_jump_less:
      if (r[pc->a & 15] < r[pc->b & 15])
        pc = code + pc->c - 1;
      break;
    case op_jump: pc = code + pc->c - 1; break;
    case op_store: state[(uint32_t)r[pc->b & 15] % count] = r[pc->a & 15]; break;
    case op_alarm: alarms = mix(alarms, (uint32_t)r[pc->a & 15]); break;
    case op_end: return alarms;
    }
}

RUN(vm) {
  uint64_t sum = 0;
  for (uint32_t round = 0; round < rounds; ++round) {
    sum = mix(sum, interpret(program));
    for (uint32_t i = 0; i < 16; ++i)
      readings[(round * 43 + i * 7) % count] = next_reading(&noise, round * 43 + i * 7);
  }
  return sum;
}
