# Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""usage: folding.py FOLDER own|imported|second|second-imported [64] [bytes]

Writes FOLDER/m.wat, FOLDER/changes for limits.py, and FOLDER/host.c: every form
of load and store, with its result used and dropped, at each of some offsets; the
host calls each with each of some indices, and knows from arithmetic alone what
must come. With `64`, the memory has 64-bit indices. With `bytes` it has pages of
one byte, and does not end where a page of the host's does.
"""

import sys

IS64, BYTES = "64" in sys.argv[3:], "bytes" in sys.argv[3:]
TYPE = "i64" if IS64 else "i32"
SPACE = 2**64 if IS64 else 2**32  # Indices and offsets are below.
SIZE = 131069 if BYTES else 131072
PAGES, MOST = (SIZE, SIZE + 31) if BYTES else (2, 5)
# Sizes of pages and of what guards could be, and what one off misses.
OFFSETS = [0, 1, 4095, 4096, 65535, 65536, 65537, SIZE - 8, SIZE - 1, SIZE, 2**31 - 1, 2**31,
           2**31 + 1, 2**32 - 65536, 2**32 - 1]
if IS64:
    OFFSETS = OFFSETS[:11] + [2**32 - 1, 2**32, 2**32 + 1, 2**33, 2**63 - 1, 2**63, 2**64 - SIZE,
                              2**64 - 17, 2**64 - 16, 2**64 - 8, 2**64 - 4, 2**64 - 2, 2**64 - 1]
LOADS = [("i32.load", "i32", 4), ("i64.load", "i64", 8), ("f32.load", "f32", 4),
         ("f64.load", "f64", 8), ("i32.load8_s", "i32", 1), ("i32.load8_u", "i32", 1),
         ("i32.load16_s", "i32", 2), ("i32.load16_u", "i32", 2), ("i64.load8_s", "i64", 1),
         ("i64.load8_u", "i64", 1), ("i64.load16_s", "i64", 2), ("i64.load16_u", "i64", 2),
         ("i64.load32_s", "i64", 4), ("i64.load32_u", "i64", 4)]
STORES = [("i32.store", "i32", 4), ("i64.store", "i64", 8), ("f32.store", "f32", 4),
          ("f64.store", "f64", 8), ("i32.store8", "i32", 1), ("i32.store16", "i32", 2),
          ("i64.store8", "i64", 1), ("i64.store16", "i64", 2), ("i64.store32", "i64", 4)]
# Vectors: what follows the load makes an i64 of the bytes that were loaded, what
# comes before the store makes the vector whose bytes are stored. Each form has the
# width of its access: the last bytes of memory show where it reads or writes more.
LANE = "i64.extend_i32_u"
HALVES = "call $fold"  # Exclusive or of both.
LOW = "i64x2.extract_lane 0"
VECTOR_LOADS = [
    ("v128.load", 16, HALVES),
    ("v128.load8x8_s", 8, "(v128.const i64x2 0 0) i8x16.narrow_i16x8_s " + LOW),
    ("v128.load8x8_u", 8, "(v128.const i64x2 0 0) i8x16.narrow_i16x8_u " + LOW),
    ("v128.load16x4_s", 8, "(v128.const i64x2 0 0) i16x8.narrow_i32x4_s " + LOW),
    ("v128.load16x4_u", 8, "(v128.const i64x2 0 0) i16x8.narrow_i32x4_u " + LOW),
    ("v128.load32x2_s", 8, "call $even " + LOW), ("v128.load32x2_u", 8, "call $even " + LOW),
    ("v128.load8_splat", 1, "i8x16.extract_lane_u 13 " + LANE),
    ("v128.load16_splat", 2, "i16x8.extract_lane_u 5 " + LANE),
    ("v128.load32_splat", 4, "i32x4.extract_lane 3 " + LANE),
    ("v128.load64_splat", 8, "i64x2.extract_lane 1"),
    ("v128.load32_zero", 4, HALVES), ("v128.load64_zero", 8, HALVES),
    ("v128.load8_lane 15", 1, "i8x16.extract_lane_u 15 " + LANE),
    ("v128.load16_lane 6", 2, "i16x8.extract_lane_u 6 " + LANE),
    ("v128.load32_lane 1", 4, "i32x4.extract_lane 1 " + LANE),
    ("v128.load64_lane 1", 8, "i64x2.extract_lane 1")]
VECTOR_STORES = [("v128.store", 16), ("v128.store8_lane 8", 1), ("v128.store16_lane 4", 2),
                 ("v128.store32_lane 2", 4), ("v128.store64_lane 1", 8)]
# The value as its bits, so that all have one C type.
TO_BITS = {"i32": "i64.extend_i32_u", "i64": "", "f32": "i32.reinterpret_f32 i64.extend_i32_u",
           "f64": "i64.reinterpret_f64"}
FROM_BITS = {"i32": "i32.wrap_i64", "i64": "", "f32": "i32.wrap_i64 f32.reinterpret_i32",
             "f64": "f64.reinterpret_i64"}
# Offsets that WABT cannot write stand in the text as these.
WIDE = {offset: 0xedcb0000 + i for i, offset in enumerate(OFFSETS) if offset >= 2**32}
# What holds the memory, and how instructions name it. The first one stays zero.
PLACES = {
    "own": (f'(memory (export "memory") {TYPE} {PAGES} {MOST})', ""),
    "imported": (f'(import "env" "memory" (memory {TYPE} {PAGES}))', ""),
    "second": (f'(memory (export "first") 1) (memory (export "memory") {TYPE} {PAGES} {MOST})',
               " 1"),
    "second-imported": (f'(memory (export "first") (import "env" "first") 1) '
                        f'(memory (import "env" "memory") {TYPE} {PAGES})', " 1"),
}
# Indices that are constants in the code: for some operators only.
CONSTANT = ["i32.load", "i64.load8_s", "f64.load", "i64.store32", "v128.load8_splat"]
if IS64:
    CONSTANT = CONSTANT[1:3]
FUNCTIONS = """
(func $fold (param v128) (result i64)
  (i64.xor (i64x2.extract_lane 0 (local.get 0)) (i64x2.extract_lane 1 (local.get 0))))
(func $even (param v128) (result v128)
  (i8x16.shuffle 0 1 2 3 8 9 10 11 0 0 0 0 0 0 0 0 (local.get 0) (local.get 0)))"""


def indices(offset, width):
    end = max(0, SIZE - offset)
    found = [0, 1, end - width, end - width + 1, end - 1, end, 2**31 - 1, 2**31, 2**32 - width,
             2**32 - 1, 2**32, 2**63 - 1, 2**63, SPACE - width, SPACE - 1, (SPACE - offset) % SPACE]
    return sorted({i for i in found if 0 <= i < SPACE})


def main():
    folder, where = sys.argv[1:3]
    wat, rows = [], []
    memory, immediate = PLACES[where]

    def add(code, kind, width, offset, sign, constant):
        number = len(rows)
        wat.append(f'(func (export "f{number}") (param {TYPE} i64) (result i64) {code})')
        is_constant = int(constant is not None)
        rows.append(f"{{m_f{number}, {kind}, {width}, {offset}u, {sign}, {is_constant}, "
                    f"{constant or 0}u}},")

    for op, width, to_bits in VECTOR_LOADS:
        name, lane = (op + " ").split(" ", 1)
        vector = "(v128.const i64x2 -1 -1)" if lane else ""
        for offset in OFFSETS:
            places = [("local.get 0", None)]
            if name in CONSTANT:
                places += [(f"{TYPE}.const {i}", i) for i in indices(offset, width)]
            for index, constant in places:
                written = WIDE.get(offset, offset)
                load = f"{index} {vector} {name}{immediate} offset={written} {lane}"
                add(f"{load} {to_bits}", "Load64", width, offset, 0, constant)
                add(f"{load} drop i64.const 0", "Drop", width, offset, 0, constant)
    for op, width in VECTOR_STORES:
        name, lane = (op + " ").split(" ", 1)
        for offset in OFFSETS:
            add(f"local.get 0 (i64x2.splat (local.get 1)) {name}{immediate} "
                f"offset={WIDE.get(offset, offset)} {lane} i64.const 0",
                "Store", width, offset, 0, None)
    for op, value, width in LOADS + STORES:
        sign = width * 8 if op.endswith("_s") else 0
        wide = 32 if value in ("i32", "f32") else 64
        for offset in OFFSETS:
            places = [("local.get 0", None)]
            if op in CONSTANT:
                places += [(f"{TYPE}.const {i}", i) for i in indices(offset, width)]
            for index, constant in places:
                if "store" in op:
                    add(f"{index} local.get 1 {FROM_BITS[value]} {op}{immediate} "
                        f"offset={WIDE.get(offset, offset)} i64.const 0",
                        "Store", width, offset, 0, constant)
                    continue
                load = f"{index} {op}{immediate} offset={WIDE.get(offset, offset)}"
                add(f"{load} {TO_BITS[value]}", f"Load{wide}", width, offset, sign, constant)
                add(f"{load} drop i64.const 0", "Drop", width, offset, sign, constant)
    changes = [f"offset:{number}={offset}" for offset, number in WIDE.items()]
    if BYTES:
        changes.append(f"memory:{int('second' in where)}=bytes")
    with open(folder + "/changes", "w") as out:
        out.write("\n".join(changes))
    with open(folder + "/m.wat", "w") as out:
        out.write("(module " + memory + FUNCTIONS + "\n" + "\n".join(wat) + ")\n")
    with open(folder + "/host.c", "w") as out:
        out.write(HOST.replace("ROWS", "\n".join(rows)).replace("SIZE", str(SIZE))
                  .replace("PAGES", str(PAGES)).replace("MOST", str(MOST))
                  .replace("INDEX", "int64_t" if IS64 else "int32_t")
                  .replace("FLAGS", FLAGS)
                  .replace("IMPORTED", str(int("imported" in where)))
                  .replace("TWO", str(int("second" in where))))


FLAGS = " | ".join(["0"] + ["WASMC_MEMORY_64"] * IS64 + ["WASMC_MEMORY_BYTE_PAGES"] * BYTES +
                   ["(GUARD ? WASMC_MEMORY_GUARD : 0)"] * (not IS64 and not BYTES))
HOST = r"""#include "m.h"

#include "check.h"

enum { Load32, Load64, Drop, Store };
static const struct {
  wasmc_status (*call)(m *, INDEX, int64_t, int64_t *);
  int kind;
  unsigned width;
  uint64_t offset;
  int sign;
  int isConstant;
  uint64_t constant;
} rows[] = {ROWS};

static uint8_t pattern(uint64_t at) { return (uint8_t)(at * 37 + (at >> 8) * 11 + 0x81); }

static wasmc_memory *memory;
static uint64_t checked;

static void check(m *self, size_t i, uint64_t anyIndex) {
  uint8_t *data = wasmc_memory_data(memory);
  /* What the module sees of it. */
  uint64_t index = sizeof(INDEX) == 4 ? (uint32_t)anyIndex : anyIndex;
  unsigned __int128 address = rows[i].isConstant ? rows[i].constant : index;
  address += rows[i].offset;
  uint64_t at = (uint64_t)address;
  unsigned width = rows[i].width;
  int64_t result = 0;
  const int64_t stored[2] = {0x123456789abcdef0, 0x123456789abcdef0};
  wasmc_status status = rows[i].call(self, (INDEX)index, stored[0], &result);
  int fits = address + width <= SIZE;
  if (status != (fits ? WASMC_OK : WASMC_TRAP)) {
    fprintf(stderr, "f%zu(0x%llx): status %d\n", i, (unsigned long long)index, status);
    exit(1);
  }
  ++checked;
  if (!fits) {
    CHECK_EQ(wasmc_instance_trap((wasmc_instance *)self)->code, TRAP_memory_out_of_bounds);
    return;
  }
  if (rows[i].kind == Store) {
    CHECK(!memcmp(data + at, stored, width));
    for (unsigned k = 0; k != width; ++k)
      data[at + k] = pattern(at + k);
    return;
  }
  uint64_t wanted = 0;
  for (unsigned k = 0; k != width; ++k)
    wanted ^= (uint64_t)pattern(at + k) << (8 * (k % 8));
  if (rows[i].sign && wanted >> (rows[i].sign - 1))
    wanted |= ~0ull << (rows[i].sign - 1);
  if (rows[i].kind == Load32)
    wanted &= 0xffffffff;
  if (rows[i].kind != Drop)
    CHECK_EQ(result, wanted);
}

static int same(const uint8_t *data) {
  for (uint64_t at = 0; at != SIZE; ++at)
    if (data[at] != pattern(at))
      return 0;
  return 1;
}

int main(void) {
  m *self;
#if IMPORTED
  OK(wasmc_memory_new(PAGES, MOST, 0, FLAGS, &memory));
  m_imports imports = {.env_memory = memory};
#if TWO
  OK(wasmc_memory_new(1, 1, 0, GUARD ? WASMC_MEMORY_GUARD : 0, &imports.env_first));
#endif
  OK(m_new(&self, &imports, NULL));
#else
  OK(m_new(&self, NULL, NULL));
  memory = m_memory(self);
#endif
  uint8_t *data = wasmc_memory_data(memory);
  for (uint64_t at = 0; at != SIZE; ++at)
    data[at] = pattern(at);
  for (size_t i = 0; i != sizeof rows / sizeof *rows; ++i) {
    if (rows[i].isConstant) {
      check(self, i, 0);
      continue;
    }
    uint64_t end = rows[i].offset < SIZE ? SIZE - rows[i].offset : 0;
    uint64_t w = rows[i].width;
    const uint64_t indices[] = {0, 1, w, end - w, end - w + 1, end - 1, end,
                                0x7fffffff, 0x80000000, 0x80000001, 0xffffffff - w + 1,
                                0xffffffff - w + 2, 0xffffffff, 1ull << 32, (1ull << 32) + 1,
                                1ull << 33, ~0ull >> 1, 1ull << 63, (1ull << 63) + 1, 0 - w,
                                1 - w, ~0ull, 0 - rows[i].offset, 1 - rows[i].offset,
                                0 - rows[i].offset - w, SIZE - rows[i].offset - w,
                                SIZE - rows[i].offset - w + 1};
    for (size_t k = 0; k != sizeof indices / sizeof *indices; ++k)
      check(self, i, indices[k]);
  }
  CHECK(same(data));
#if TWO
  const uint8_t *first = wasmc_memory_data(m_first(self));
  for (uint64_t at = 0; at != 65536; ++at)
    CHECK(!first[at]);
#endif
  m_delete(self);
#if IMPORTED
  wasmc_memory_delete(memory);
#if TWO
  wasmc_memory_delete(imports.env_first);
#endif
#endif
  printf("%llu accesses\n", (unsigned long long)checked);
  return 0;
}
"""

main()
