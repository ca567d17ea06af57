/* A host in C that uses the runtime without any module: memories and tables. */
#include <stdio.h>
#include <wasmc/wasmc.h>

int main(void) {
  wasmc_memory *memory;
  if (wasmc_memory_new(1, 2, 0, 0, &memory) != WASMC_OK)
    return 1;
  wasmc_memory_data(memory)[65535] = 1;
  if (wasmc_memory_grow(memory, 1) != 1 || wasmc_memory_size(memory) != 131072)
    return 2;
  wasmc_memory_delete(memory);
  wasmc_trap_print(NULL, stdout);
  wasmc_instance_delete(NULL);
  wasmc_thread_set_stack(0, 0);
  return wasmc_status_name(WASMC_OK)[0] != 'o';
}
