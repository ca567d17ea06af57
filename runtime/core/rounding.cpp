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
