//===- RoundingTest.cpp - Rounding against the C library ------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "TestModule.h"

#include <bit>
#include <cmath>
#include <random>

namespace {

template <typename T, typename B> void compare(B bits) {
  const T value = std::bit_cast<T>(bits);
  struct Pair {
    T ours, theirs;
  };
  Pair pairs[4];
  if constexpr (sizeof(T) == 4) {
    pairs[0] = {__wasmc_f32_ceil_f_f(value), std::ceil(value)};
    pairs[1] = {__wasmc_f32_floor_f_f(value), std::floor(value)};
    pairs[2] = {__wasmc_f32_trunc_f_f(value), std::trunc(value)};
    pairs[3] = {__wasmc_f32_nearest_f_f(value), std::nearbyint(value)};
  } else {
    pairs[0] = {__wasmc_f64_ceil_d_d(value), std::ceil(value)};
    pairs[1] = {__wasmc_f64_floor_d_d(value), std::floor(value)};
    pairs[2] = {__wasmc_f64_trunc_d_d(value), std::trunc(value)};
    pairs[3] = {__wasmc_f64_nearest_d_d(value), std::nearbyint(value)};
  }
  constexpr B quiet = B(1) << (sizeof(T) == 4 ? 22 : 51);
  for (int i = 0; i != 4; ++i) {
    const B ours = std::bit_cast<B>(pairs[i].ours);
    const B wanted = std::isnan(value) ? bits | quiet : std::bit_cast<B>(pairs[i].theirs);
    ASSERT_EQ(ours, wanted) << "function " << i << " of " << std::hex << bits;
  }
}

} // namespace

TEST(Rounding, SinglesNearEveryBoundary) {
  for (uint32_t exponent = 0; exponent != 256; ++exponent)
    for (const uint32_t sign : {0u, 0x80000000u}) {
      for (uint32_t bit = 0; bit != 23; ++bit)
        for (const int32_t delta : {-1, 0, 1})
          compare<float, uint32_t>(sign | ((exponent << 23) + (1u << bit) + delta));
      compare<float, uint32_t>(sign | (exponent << 23));
      compare<float, uint32_t>(sign | (exponent << 23) | 0x7fffff);
    }
}

TEST(Rounding, SmallSingles) {
  for (int i = -4000; i <= 4000; ++i)
    compare<float, uint32_t>(std::bit_cast<uint32_t>(static_cast<float>(i) / 8));
}

TEST(Rounding, Doubles) {
  for (uint64_t exponent = 0; exponent != 2048; ++exponent)
    for (const uint64_t sign : {uint64_t(0), uint64_t(1) << 63})
      for (uint64_t bit = 0; bit != 52; ++bit)
        for (const int64_t delta : {-1, 0, 1})
          compare<double, uint64_t>(sign |
                                    ((exponent << 52) + (uint64_t(1) << bit) + uint64_t(delta)));
  std::mt19937_64 random(1);
  for (int i = 0; i != 1000000; ++i) {
    compare<double, uint64_t>(random());
    compare<float, uint32_t>(static_cast<uint32_t>(random()));
  }
}

TEST(Rounding, SquareRoots) {
  const auto check = [](uint64_t bits) {
    const double value = std::bit_cast<double>(bits), root = __wasmc_f64_sqrt_d_d(value);
    if (std::isnan(value) || value < 0) {
      EXPECT_TRUE(std::isnan(root));
      EXPECT_TRUE(std::bit_cast<uint64_t>(root) & uint64_t(1) << 51);
    } else {
      ASSERT_EQ(std::bit_cast<uint64_t>(root), std::bit_cast<uint64_t>(std::sqrt(value))) << value;
    }
    const float single = std::bit_cast<float>(static_cast<uint32_t>(bits));
    if (single >= 0)
      ASSERT_EQ(std::bit_cast<uint32_t>(__wasmc_f32_sqrt_f_f(single)),
                std::bit_cast<uint32_t>(std::sqrt(single)));
  };
  for (uint64_t exponent = 0; exponent != 2048; ++exponent)
    for (const uint64_t low : {uint64_t(0), uint64_t(1), (uint64_t(1) << 52) - 1})
      for (const uint64_t sign : {uint64_t(0), uint64_t(1) << 63})
        check(sign | exponent << 52 | low);
  std::mt19937_64 random(2);
  for (int i = 0; i != 1000000; ++i)
    check(random());
}
