#include "m.h"

#include "check.h"

#include <pthread.h>

static void *exhaust(void *unused) {
  (void)unused;
  m *self;
  int64_t r;
  OK(m_new(&self, NULL, NULL));
  for (int i = 0; i != 3; ++i) {
    TRAPS(self, call_stack_exhausted, m_locals(self, 1, &r));
    TRAPS(self, call_stack_exhausted, m_operands(self, 1, &r));
  }
  m_delete(self);
  return NULL;
}

int main(void) {
  exhaust(NULL);
  /* A stack that is smaller than the frame: below it is nothing, or another
   * thread's. */
  pthread_t threads[4];
  pthread_attr_t attributes;
  CHECK(!pthread_attr_init(&attributes));
  CHECK(!pthread_attr_setstacksize(&attributes, 256 << 10));
  for (int i = 0; i != 4; ++i)
    CHECK(!pthread_create(&threads[i], &attributes, exhaust, NULL));
  for (int i = 0; i != 4; ++i)
    CHECK(!pthread_join(threads[i], NULL));
  return 0;
}
