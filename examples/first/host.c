// A host of levels.c: feeds it messages, survives its trap, and goes on.

#include "levels.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// Copies a message into the module's memory. The address comes from the module:
// it is checked before it is used.
static int feed(levels *module, const int16_t *message, int32_t count) {
  int32_t address;
  if (levels_samples(module, &address) != WASMC_OK)
    return 0;
  wasmc_memory *memory = levels_memory(module);
  uint64_t offset = (uint32_t)address;
  uint64_t length = (uint64_t)count * sizeof *message;
  if (offset + length > wasmc_memory_size(memory))
    return 0;
  memcpy(wasmc_memory_data(memory) + offset, message, length);
  return 1;
}

static void report(levels *module, const int16_t *message, int32_t count) {
  int32_t mean;
  if (!feed(module, message, count))
    return;
  switch (levels_mean(module, count, &mean)) {
  case WASMC_OK:
    printf("mean of %" PRId32 " samples: %" PRId32 "\n", count, mean);
    break;
  case WASMC_TRAP:
    printf("the module trapped on a message of %" PRId32 " samples:\n", count);
    wasmc_trap_print(levels_trap(module), stdout);
    break;
  default:
    printf("the call failed\n");
  }
}

int main(void) {
  static const int16_t message[] = {100, 200, 300, 400, 500, 600, 700, 800};
  const int32_t count = sizeof message / sizeof *message;
  levels *module;
  wasmc_status status = levels_new(&module, NULL, NULL);
  if (status != WASMC_OK) {
    fprintf(stderr, "cannot instantiate the module: %s\n", wasmc_status_name(status));
    return 1;
  }

  report(module, message, count);
  if (levels_scale(module, count, 50) == WASMC_OK) {
    int32_t mean;
    if (levels_mean(module, count, &mean) == WASMC_OK)
      printf("after scaling to 50 %%: %" PRId32 "\n", mean);
  }
  report(module, message, 0);     // Divides by zero.
  report(module, message, count); // The instance is as usable as before.

  levels_delete(module);
  return 0;
}
