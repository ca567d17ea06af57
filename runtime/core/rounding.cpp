//===- rounding.cpp - Rounding for targets without an instruction ---------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// fceil, ffloor, ftrunc and fnearest (4.3.3) on the bits, for both widths. The
// result has the operand's sign, also where it is zero; a NaN comes back quiet.
// No floating-point instruction is used, so that no exception flag is raised and
// no control matters.
//
//===----------------------------------------------------------------------===//
#include "abi.h"

namespace {

enum class Mode { Ceil, Floor, Trunc, Nearest };

struct Single {
  using Bits = uint32_t;
  static constexpr unsigned mantissa = 23, bias = 127;
};
struct Double {
  using Bits = uint64_t;
  static constexpr unsigned mantissa = 52, bias = 1023;
};

template <typename F> typename F::Bits roundBits(typename F::Bits bits, Mode mode) {
  using Bits = typename F::Bits;
  constexpr Bits sign = Bits(1) << (sizeof(Bits) * 8 - 1);
  constexpr Bits unit = Bits(1) << F::mantissa; // Of the exponent.
  constexpr Bits one = Bits(F::bias) << F::mantissa;
  constexpr Bits infinity = ~sign & ~(unit - 1);
  const Bits magnitude = bits & ~sign;
  const Bits signBit = bits & sign;

  if (magnitude > infinity)
    return bits | (unit >> 1);
  // Integers, the infinities among them, and both zeros.
  if (magnitude >= one + F::mantissa * unit || magnitude == 0)
    return bits;
  // Whether what is cut off moves the magnitude up.
  const bool awayFromZero = mode == (signBit ? Mode::Floor : Mode::Ceil);
  if (magnitude < one) {
    constexpr Bits half = one - unit;
    const bool up = awayFromZero || (mode == Mode::Nearest && magnitude > half);
    return signBit | (up ? one : 0);
  }
  const unsigned fractionBits =
      F::mantissa - static_cast<unsigned>((magnitude >> F::mantissa) - F::bias);
  const Bits last = Bits(1) << fractionBits; // Of the integer part.
  const Bits fraction = magnitude & (last - 1);
  // `last` may be the implicit bit of 1.x, whose parity the exponent's lowest
  // bit does not tell.
  const bool odd = fractionBits == F::mantissa || (magnitude & last);
  const bool up = mode == Mode::Nearest ? fraction > last / 2 || (fraction == last / 2 && odd)
                                        : awayFromZero && fraction != 0;
  // A carry out of the mantissa moves the exponent up, as it must.
  return signBit | ((magnitude - fraction) + (up ? last : 0));
}

float roundSingle(float value, Mode mode) {
  return __builtin_bit_cast(float, roundBits<Single>(__builtin_bit_cast(uint32_t, value), mode));
}

double roundDouble(double value, Mode mode) {
  return __builtin_bit_cast(double, roundBits<Double>(__builtin_bit_cast(uint64_t, value), mode));
}

} // namespace

float __wasmc_f32_ceil_f_f(float value) { return roundSingle(value, Mode::Ceil); }
float __wasmc_f32_floor_f_f(float value) { return roundSingle(value, Mode::Floor); }
float __wasmc_f32_trunc_f_f(float value) { return roundSingle(value, Mode::Trunc); }
float __wasmc_f32_nearest_f_f(float value) { return roundSingle(value, Mode::Nearest); }
double __wasmc_f64_ceil_d_d(double value) { return roundDouble(value, Mode::Ceil); }
double __wasmc_f64_floor_d_d(double value) { return roundDouble(value, Mode::Floor); }
double __wasmc_f64_trunc_d_d(double value) { return roundDouble(value, Mode::Trunc); }
double __wasmc_f64_nearest_d_d(double value) { return roundDouble(value, Mode::Nearest); }

double __wasmc_f64_sqrt_d_d(double value) {
  constexpr unsigned fraction = 52;
  uint64_t bits = __builtin_bit_cast(uint64_t, value);
  constexpr uint64_t hidden = uint64_t(1) << fraction, infinity = uint64_t(0x7ff) << fraction;
  const uint64_t magnitude = bits & ~(uint64_t(1) << 63);
  if (magnitude > infinity) // A NaN: quiet.
    return __builtin_bit_cast(double, bits | hidden >> 1);
  if (magnitude == 0 || bits == infinity)
    return value;
  if (bits != magnitude) // Below zero.
    return __builtin_bit_cast(double, infinity | hidden >> 1);
  int exponent = int(bits >> fraction) - 1023;
  uint64_t mantissa = bits & (hidden - 1);
  if (exponent == -1023) { // Subnormal.
    exponent = -1022;
    for (; !(mantissa & hidden); --exponent)
      mantissa <<= 1;
  }
  mantissa |= hidden;
  if (exponent & 1) {
    mantissa <<= 1;
    --exponent;
  }
  // Two bits of the operand for one of the root: 54 bits of it, and what remains
  // says whether it is exact.
  uint64_t root = 0, rest = 0;
  for (int shift = fraction; shift >= -int(fraction) - 2; shift -= 2) {
    rest = rest << 2 | (shift >= 0 ? mantissa >> shift & 3 : 0);
    const uint64_t trial = root << 2 | 1;
    root <<= 1;
    if (rest >= trial) {
      rest -= trial;
      root |= 1;
    }
  }
  const bool up = (root & 1) && (rest != 0 || (root & 2));
  const uint64_t rounded = (root >> 1) + up;
  return __builtin_bit_cast(double,
                            (uint64_t(exponent / 2 + 1023 - 1) << fraction) + rounded);
}

// A double has more than twice the bits of a float and two: rounding its root
// again is exact.
float __wasmc_f32_sqrt_f_f(float value) {
  return static_cast<float>(__wasmc_f64_sqrt_d_d(static_cast<double>(value)));
}
