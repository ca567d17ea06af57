//===- thread_end.cpp - What is done when a thread ends, on Linux ---------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A key of its own beside that of thread.cpp, made only where it is needed.
//
//===----------------------------------------------------------------------===//
#include "platform/platform.h"
#include <pthread.h>

static pthread_once_t keyOnce = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool keyMade;
static void (*callee)(void *);

static void makeKey() { keyMade = pthread_key_create(&key, callee) == 0; }

bool wasmc::rt::callAtThreadEnd(void (*f)(void *), void *argument) {
  // All callers give the same.
  __atomic_store_n(&callee, f, __ATOMIC_RELAXED);
  pthread_once(&keyOnce, makeKey);
  return keyMade && pthread_setspecific(key, argument) == 0;
}
