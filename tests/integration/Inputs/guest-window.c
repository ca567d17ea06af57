/* Another source file of the module of guest.c. */
#include <wasmc/guest.h>

static unsigned char odd = 1; /* So that nothing is aligned by chance. */

WASMC_WINDOW(ring, 8192);
WASMC_ABI("export count(in: window<8K> at ring) -> i32");
WASMC_ABI("export bump()");

WASMC_EXPORT("bump") void bump(void);
void bump(void) { ++odd; }

WASMC_EXPORT("count") int count(const unsigned char *in, unsigned length);
int count(const unsigned char *in, unsigned length) {
  int n = 0;
  while (length-- > 0)
    n += *in++;
  return n;
}
