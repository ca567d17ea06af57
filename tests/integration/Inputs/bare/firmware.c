#include "clamp.h"

#include <wasmc/platform.h>

static _Alignas(16) unsigned char arena[1 << 20];
static size_t used;

void *wasmc_platform_allocate(size_t bytes, size_t alignment) {
  size_t start = (used + alignment - 1) & ~(alignment - 1);
  if (start + bytes > sizeof arena)
    return NULL;
  used = start + bytes;
  return arena + start;
}
void wasmc_platform_release(void *memory, size_t bytes) { (void)memory, (void)bytes; }
void wasmc_platform_stack(uintptr_t *low, uintptr_t *high) { *low = 0x1000, *high = 0x10000; }

/* What compilers presume of every C library. */
void *memset(void *to, int byte, size_t n) {
  for (volatile unsigned char *p = to; n--;)
    *p++ = (unsigned char)byte;
  return to;
}
void *memmove(void *to, const void *from, size_t n) {
  volatile unsigned char *d = to;
  const volatile unsigned char *s = from;
  if ((uintptr_t)d < (uintptr_t)s)
    for (size_t i = 0; i != n; ++i)
      d[i] = s[i];
  else
    while (n--)
      d[n] = s[n];
  return to;
}
void *memcpy(void *to, const void *from, size_t n) { return memmove(to, from, n); }
int memcmp(const void *a, const void *b, size_t n) {
  const unsigned char *p = a, *q = b;
  for (size_t i = 0; i != n; ++i)
    if (p[i] != q[i])
      return p[i] - q[i];
  return 0;
}

int32_t result;

void start(void) {
  clamp *self;
  if (clamp_new(&self, NULL, NULL) == WASMC_OK)
    (void)clamp_between(self, 0, 120, 100, &result);
  for (;;)
    ;
}
