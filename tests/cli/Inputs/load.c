/* Loads a library of add.wat and adds 40 and 2. */
#include "add.h"

#include <dlfcn.h>
#include <stdio.h>

int main(int argc, char **argv) {
  void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
  if (!library) {
    fprintf(stderr, "%s\n", dlerror());
    return 1;
  }
  __typeof__(&add_new) create = (__typeof__(&add_new))dlsym(library, "add_new");
  __typeof__(&add_add) sum = (__typeof__(&add_add))dlsym(library, "add_add");
  __typeof__(&wasmc_instance_delete) destroy =
      (__typeof__(&wasmc_instance_delete))dlsym(library, "wasmc_instance_delete");
  add *module;
  int32_t result;
  if (!create || !sum || !destroy || create(&module, NULL, NULL) != WASMC_OK ||
      sum(module, 40, 2, &result) != WASMC_OK)
    return 1;
  printf("%d\n", (int)result);
  destroy((wasmc_instance *)module);
  return 0;
}
