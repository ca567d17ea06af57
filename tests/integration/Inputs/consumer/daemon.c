#include "mean.h"
#include "scale.h"

#include <stdio.h>

wasmc_status scale_import_host_unit(void *context, int32_t *r0) {
  *r0 = *(int *)context;
  return WASMC_OK;
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
  return 0;
}
