/* Exhausts the stacks of the main thread, of a thread and of a thread with 64 KiB
 * by each function of frames.py. */
#include "m.h"

#include "check.h"

#include <limits.h>
#include <pthread.h>
#include <sys/mman.h>

#define ROW(n) m_r##n, m_i##n, m_m##n, m_top##n
static wasmc_status (*const functions[])(m *, int64_t, int64_t *) = {ROW(0), ROW(1), ROW(2),
                                                                     ROW(3)};

static void *exhaust(void *unused) {
  (void)unused;
  m *self;
  int64_t r;
  OK(m_new(&self, NULL, NULL));
  for (size_t i = 0; i != sizeof functions / sizeof *functions; ++i)
    for (int again = 0; again != 2; ++again)
      TRAPS(self, call_stack_exhausted, functions[i](self, 1, &r));
  m_delete(self);
  return NULL;
}

static void in_thread(size_t bytes) {
  pthread_t thread;
  pthread_attr_t attributes;
  CHECK(!pthread_attr_init(&attributes));
  CHECK(!pthread_attr_setstacksize(&attributes, bytes));
  CHECK(!pthread_create(&thread, &attributes, exhaust, NULL));
  CHECK(!pthread_join(thread, NULL));
}

int main(void) {
  exhaust(NULL);
  in_thread(8 << 20);
  in_thread(64 << 10);
  return 0;
}
