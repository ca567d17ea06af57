// One host for all the guests: it cannot tell in which language a filter was written.
//
// The filter masks numbers of more than four digits in a line of text, all digits but
// the last four. It refuses what is no text with -1, and with -2 what does not fit.

#include "mask.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void report(mask *filter, const char *what, wasmc_status status, const char *text,
                   size_t length) {
  printf("%s: %s", what, wasmc_status_name(status));
  if (status == WASMC_OK)
    printf(": '%.*s'", (int)length, text);
  if (status == WASMC_MODULE_ERROR)
    printf(": %" PRId32, mask_error(filter));
  printf("\n");
  if (status == WASMC_TRAP)
    wasmc_trap_print(mask_trap(filter), stdout);
}

// Any buffers of the host's: copied into the module and out of it.
static void copying(mask *filter, const char *what, const char *line, size_t length,
                    size_t capacity) {
  static char out[2 * mask_apply_out_capacity];
  size_t written = 0;
  wasmc_status status = mask_apply(filter, line, length, out, capacity, &written);
  report(filter, what, status, out, written);
}

// The message is made where the module reads it, and the result read where it lies.
static void inPlace(mask *filter, const char *line) {
  size_t length = strlen(line), written = 0;
  const void *out = NULL;
  memcpy(mask_apply_in(filter), line, length);
  wasmc_status status = mask_apply_inplace(filter, length, &out, &written);
  report(filter, "in place", status, out, written);
}

// Many messages with one entry. An error of one does not stop the others.
static void batch(mask *filter) {
  static const char *const lines[] = {"pin 123456", "\0", "no digits", "12345 54321"};
  enum { count = sizeof lines / sizeof *lines };
  char out[count][32];
  mask_apply_message messages[count];
  mask_apply_result results[count];
  for (int i = 0; i < count; ++i)
    messages[i] = (mask_apply_message){lines[i], i == 1 ? 1 : strlen(lines[i]), out[i], 32};
  size_t done = 0;
  wasmc_status status = mask_apply_batch(filter, messages, count, results, &done);
  printf("batch: %s: %zu messages\n", wasmc_status_name(status), done);
  for (size_t i = 0; i < done; ++i) {
    printf("  %s", wasmc_status_name(results[i].status));
    if (results[i].status == WASMC_OK)
      printf(": '%.*s'\n", (int)results[i].written, out[i]);
    else
      printf(": %" PRId32 "\n", results[i].error);
  }
}

static void printCount(mask *filter, const char *what) {
  int32_t count = 0;
  if (mask_masked(filter, &count) == WASMC_OK)
    printf("%s: %" PRId32 " numbers masked\n", what, count);
}

int main(void) {
  mask *filter = NULL, *other = NULL;
  if (mask_new(&filter, NULL, NULL) != WASMC_OK || mask_new(&other, NULL, NULL) != WASMC_OK) {
    fprintf(stderr, "cannot make an instance\n");
    return 1;
  }
  static const char line[] = "card 4111111111111111 of 2024", tooLong[mask_apply_in_capacity + 1];
  const size_t length = strlen(line);
  copying(filter, "copied", line, length, 64);
  copying(filter, "empty", "", 0, 64);
  copying(filter, "no text", "a\0b", 3, 64);
  copying(filter, "no room", line, length, length - 1);
  copying(filter, "too large", tooLong, sizeof tooLong, 64);
  inPlace(filter, "call 0301234567");
  batch(filter);
  if (mask_keep(filter, 2) == WASMC_OK)
    copying(filter, "two kept", line, length, 64);
  printCount(filter, "filter");
  printCount(other, "another instance");
  mask_delete(filter);
  mask_delete(other);
  return 0;
}
