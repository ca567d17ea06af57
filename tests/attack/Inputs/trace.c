#include "m.h"

int main(void) {
  m *self;
  if (m_new(&self, NULL, NULL) != WASMC_OK || m_f(self) != WASMC_TRAP)
    return 1;
  wasmc_trap_print(m_trap(self), stdout);
  m_delete(self);
  return 0;
}
