#include "mean.h"
#include "reverse.h"
#include "scale.h"
#include "upper.h"

#include <stdio.h>

wasmc_status scale_import_host_unit(void *context, int32_t *r0) {
  *r0 = *(int *)context;
  return WASMC_OK;
}

/* A message through both modules that take buffers. */
static int show_message(const char *message, size_t length) {
  upper *u;
  reverse *r;
  char loud[16], turned[16];
  if (upper_new(&u, NULL, NULL) != WASMC_OK || reverse_new(&r, NULL, NULL) != WASMC_OK)
    return 4;
  if (upper_upper(u, message, length, loud, sizeof loud, &length) != WASMC_OK ||
      reverse_turned(r, loud, length, turned, sizeof turned, &length) != WASMC_OK)
    return 5;
  printf("message %.*s\n", (int)length, turned);
  upper_delete(u);
  reverse_delete(r);
  return 0;
}

int main(void) {
  int unit = 5;
  scale_imports imports = {.context = &unit};
  mean *m;
  scale *s;
  int32_t average, scaled;
  if (mean_new(&m, NULL, NULL) != WASMC_OK || scale_new(&s, &imports, NULL) != WASMC_OK)
    return 1;
  if (mean_upto(m, 9, &average) != WASMC_OK || scale_percent(s, average, &scaled) != WASMC_OK)
    return 2;
  printf("mean %d, scaled %d\n", average, scaled);
  if (mean_upto(m, 0, &average) != WASMC_TRAP)
    return 3;
  wasmc_trap_print(mean_trap(m), stdout);
  mean_delete(m);
  scale_delete(s);
  return show_message("stressed", 8);
}
