/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * Instances by the names that modules import from, whether these were compiled
 * together or not. */
#ifndef WASMC_TESTS_LINK_H
#define WASMC_TESTS_LINK_H

#include "check.h"

enum { maxLinked = 8, maxImports = 32 };
static struct {
  const char *name;
  wasmc_instance *instance;
} linked[maxLinked];
static size_t numLinked;
static char linkError[300];

static wasmc_instance *linkedByName(const char *name, size_t length) {
  for (size_t i = 0; i != numLinked; ++i)
    if (strlen(linked[i].name) == length && !memcmp(linked[i].name, name, length))
      return linked[i].instance;
  return NULL;
}

/* Makes an instance of `module` with imports from those that were made before, and
 * gives it a name. */
static wasmc_status tryLink(const wasmc_module *module, const char *as, wasmc_instance **out) {
  wasmc_extern imports[maxImports];
  size_t n = wasmc_module_imports(module);
  CHECK(n <= maxImports);
  for (size_t i = 0; i != n; ++i) {
    const char *from, *name;
    size_t fromLength, length;
    uint32_t kind;
    wasmc_module_import(module, i, &from, &fromLength, &name, &length, &kind);
    wasmc_instance *provider = linkedByName(from, fromLength);
    CHECK(provider);
    if (kind == WASMC_EXTERN_INSTANCE) {
      imports[i].kind = kind;
      imports[i].of.instance = provider;
    } else {
      CHECK(wasmc_instance_export(provider, name, length, &imports[i]));
    }
  }
  wasmc_config config = {.error = linkError, .error_capacity = sizeof linkError};
  wasmc_status status = wasmc_instance_link(module, imports, n, NULL, &config, out);
  if (status == WASMC_OK) {
    CHECK(numLinked != maxLinked);
    linked[numLinked].name = as;
    linked[numLinked++].instance = *out;
  }
  return status;
}

/* In the reverse order of their making. */
static void deleteLinked(void) {
  while (numLinked)
    wasmc_instance_delete(linked[--numLinked].instance);
}

#endif
