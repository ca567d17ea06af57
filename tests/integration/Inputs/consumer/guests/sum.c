#include "sum.h"

int sum(const int *samples, int n) {
  int total = 0;
  for (int i = 0; i != n; ++i)
    total += samples[i];
  return total;
}
