//===- LayoutTest.cpp - The contract's offsets for both pointer widths ----===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestModule.h"

#include <set>

using namespace wasmc::layout;

TEST(Layout, BothPointerWidths) {
  EXPECT_EQ(offset(Field::memory_base, 4), 0u);
  EXPECT_EQ(offset(Field::memory_size, 4), 8u);
  EXPECT_EQ(offset(Field::memory_size, 8), 8u);
  EXPECT_EQ(size(Struct::func, 4), 16u);
  EXPECT_EQ(size(Struct::func, 8), 32u);
  EXPECT_EQ(offset(Field::activation_state, 4), 8u);
  EXPECT_EQ(size(Struct::activation, 8), sizeof(wasmc_activation));
  EXPECT_EQ(size(Struct::module, 8) % 8, 0u);
}

TEST(Layout, FieldsOfAStructureDoNotOverlap) {
  for (const unsigned width : {4u, 8u})
    for (unsigned a = 0; a != numRows; ++a) {
      const uint32_t start = offset(static_cast<Field>(a), width);
      const uint32_t bytes = kindSize(rows[a].kind, width);
      EXPECT_EQ(start % bytes, 0u) << rows[a].name;
      EXPECT_LE(start + bytes, size(rows[a].owner, width));
      for (unsigned b = 0; b != a; ++b) {
        if (rows[a].owner != rows[b].owner)
          continue;
        EXPECT_LE(offset(static_cast<Field>(b), width) + kindSize(rows[b].kind, width), start);
      }
    }
}

TEST(Layout, HashNamesTheSymbol) {
  char expected[64];
  snprintf(expected, sizeof(expected), "__wasmc_abi_%016llx",
           static_cast<unsigned long long>(wasmc::abi::computeHash()));
  EXPECT_STREQ(WASMC_ABI_SYMBOL_NAME, expected);
}

TEST(Layout, TrapCodesAreUnique) {
  std::set<int> codes;
#define WASMC_TRAP_KIND(C, N, M) EXPECT_TRUE(codes.insert(C).second) << #N;
#include "wasmc/abi/traps.def"
}
