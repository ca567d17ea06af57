// A filter for messages of 16-bit samples, compiled to WebAssembly by clang.
//
// The host writes a message to samples() in the module's memory and calls mean()
// or scale(). An empty message is a mistake: mean() divides by zero, and the
// host sees a trap.

#include <stdint.h>

enum { maxSamples = 4096 };

static int16_t message[maxSamples];

__attribute__((export_name("samples"))) int16_t *samples(void) { return message; }

__attribute__((export_name("mean"))) int32_t mean(int32_t count) {
  int32_t sum = 0;
  for (int32_t i = 0; i < count && i < maxSamples; ++i)
    sum += message[i];
  return sum / count;
}

__attribute__((export_name("scale"))) void scale(int32_t count, int32_t percent) {
  for (int32_t i = 0; i < count && i < maxSamples; ++i)
    message[i] = (int16_t)(message[i] * percent / 100);
}
