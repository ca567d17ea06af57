/* Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 * All lengths, on all ways, of a module that lies about what it returns. The
 * host's buffers are heap blocks of exactly the size that may be touched, so that
 * a sanitizer sees a byte too many. */
#define _GNU_SOURCE
#include "check.h"
#include "liar.h"

#include <sys/mman.h>
#include <unistd.h>

enum { cap = 4000 };
static const size_t lengths[] = {0,          1,           15,          16,   17,       31,
                                 32,         33,          48,          63,   64,       65,
                                 cap - 1,    cap,         cap + 1,     4096, 0x7fffffff, 0x80000000,
                                 0xffffffff, 0x100000000, ~(size_t)0 >> 1, ~(size_t)0};
enum { num_lengths = sizeof lengths / sizeof *lengths };

struct seen {
  liar *self;
  int32_t level;
  size_t len;
  char text[64];
  wasmc_status fails, inner_busy, inner_scalar;
  size_t says;
  int calls;
};

static wasmc_status alarm_(void *context, int32_t level, const void *text, size_t text_len) {
  struct seen *s = context;
  s->calls++;
  s->level = level;
  s->len = text_len;
  memcpy(s->text, text, text_len < sizeof s->text ? text_len : sizeof s->text);
  if (s->self) {
    size_t n = 0;
    int32_t runs;
    s->inner_busy = liar_process(s->self, "x", 1, s->text, 1, &n);
    s->inner_scalar = liar_runs(s->self, &runs);
  }
  return s->fails;
}

static wasmc_status fetch_(void *context, void *into, size_t into_cap, size_t *written) {
  struct seen *s = context;
  memset(into, 'f', into_cap < 8 ? into_cap : 8);
  *written = s->says;
  return s->fails;
}

static char *heap(size_t n) {
  char *p = malloc(n ? n : 1);
  CHECK(p);
  for (size_t i = 0; i < n; ++i)
    p[i] = (char)(i * 7 + 1);
  return p;
}

static int32_t runs(liar *f) {
  int32_t n;
  OK(liar_runs(f, &n));
  return n;
}

/* Input lengths and output capacities, by copy. */
static void by_copy(liar *f) {
  for (int i = 0; i < num_lengths; ++i)
    for (int o = 0; o < num_lengths; ++o) {
      size_t in_len = lengths[i], out_cap = lengths[o], written = 12345;
      size_t real_in = in_len <= cap ? in_len : 1, real_out = out_cap <= cap ? out_cap : cap;
      char *in = heap(real_in), *out = heap(real_out);
      /* Nothing that was there before; the first byte is an order to the module. */
      for (size_t k = 1; k < real_in; ++k)
        in[k] = (char)(k + 31 * i + 57 * o);
      int32_t before = runs(f);
      wasmc_status s = liar_process(f, in, in_len, out, out_cap, &written);
      if (in_len > cap) {
        CHECK_EQ(s, WASMC_TOO_LARGE);
        CHECK_EQ(written, 12345);
        CHECK_EQ(runs(f), before);
      } else {
        CHECK_EQ(s, WASMC_OK);
        CHECK_EQ(runs(f), before + 1);
        CHECK_EQ(written, in_len < real_out ? in_len : real_out);
        CHECK(memcmp(in, out, written) == 0);
      }
      free(in);
      free(out);
    }
}

/* What the module returns: sizes past the capacity trap, negative ones are errors. */
static void returned_sizes(liar *f) {
  static const uint32_t sizes[] = {0, 1, 63, 64, 65, cap, cap + 1, 65536, 0x40000, 0x7fffffff,
                                   0x80000000, 0xfffffff9, 0xffffffff};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
    char message[5] = "r", *out = heap(64);
    memcpy(message + 1, &sizes[i], 4);
    int32_t size = (int32_t)sizes[i];
    size_t written = 12345;
    wasmc_status s = liar_process(f, message, 5, out, 64, &written);
    if (size < 0) {
      CHECK_EQ(s, WASMC_MODULE_ERROR);
      CHECK_EQ(liar_error(f), size);
    } else if (size > 64) {
      CHECK_EQ(s, WASMC_TRAP);
      CHECK_EQ(liar_trap(f)->code, TRAP_buffer_out_of_range);
      CHECK(strcmp(liar_trap(f)->message, "buffer out of range") == 0);
    } else {
      CHECK_EQ(s, WASMC_OK);
      CHECK_EQ(written, size);
    }
    CHECK(s == WASMC_OK || written == 12345);
    free(out);

    /* In place the module sees the whole mailbox. */
    memcpy(liar_process_in(f), message, 5);
    const void *result = NULL;
    size_t result_len = 12345;
    s = liar_process_inplace(f, 5, &result, &result_len);
    if (size < 0) {
      CHECK_EQ(s, WASMC_MODULE_ERROR);
    } else if (size > cap) {
      CHECK_EQ(s, WASMC_TRAP);
      CHECK_EQ(liar_trap(f)->code, TRAP_buffer_out_of_range);
    } else {
      CHECK_EQ(s, WASMC_OK);
      CHECK_EQ(result_len, size);
      CHECK(result);
    }
    CHECK(s == WASMC_OK || (result == NULL && result_len == 12345));
  }
}

static void in_place(liar *f) {
  for (int i = 0; i < num_lengths; ++i) {
    size_t len = lengths[i];
    char *mailbox = liar_process_in(f);
    CHECK_EQ(liar_process_in_capacity, cap);
    for (size_t k = 0; k < cap && k < len; ++k)
      mailbox[k] = (char)(k + 1);
    const void *out = NULL;
    size_t out_len = 0;
    wasmc_status s = liar_process_inplace(f, len, &out, &out_len);
    CHECK_EQ(s, len > cap ? WASMC_TOO_LARGE : WASMC_OK);
    if (s == WASMC_OK) {
      CHECK_EQ(out_len, len);
      CHECK(memcmp(mailbox, out, len) == 0);
    }
    double score = -1;
    s = liar_score_inplace(f, len, 0.5, &score);
    CHECK_EQ(s, len > 1024 ? WASMC_TOO_LARGE : WASMC_OK);
    CHECK(score == (len > 1024 ? -1 : (double)len / 2));
  }
  const void *out;
  size_t out_len;
  OK(liar_fill_inplace(f, 'z', &out, &out_len));
  CHECK_EQ(out_len, 100);
  CHECK_EQ(((const char *)out)[99], 'z');
  char small[3] = "...";
  size_t written;
  OK(liar_fill(f, 'y', small, 2, &written));
  CHECK_EQ(written, 2);
  CHECK(memcmp(small, "yy.", 3) == 0);
  /* The module is told of no more than its mailbox holds, however large the host's is. */
  char *large = heap(100);
  for (int i = 0; i < num_lengths; ++i)
    if (lengths[i] >= 100) {
      OK(liar_fill(f, 'x', large, lengths[i], &written));
      CHECK_EQ(written, 100);
    }
  free(large);
}

static void batches(liar *f) {
  enum { n = num_lengths };
  liar_process_message messages[n];
  liar_process_result results[n];
  char *in[n], *out[n];
  for (int i = 0; i < n; ++i) {
    size_t real = lengths[i] <= cap ? lengths[i] : 1;
    in[i] = heap(real);
    out[i] = heap(real);
    messages[i] = (liar_process_message){in[i], lengths[i], out[i], real};
  }
  size_t done = 99;
  OK(liar_process_batch(f, messages, n, results, &done));
  CHECK_EQ(done, n);
  for (int i = 0; i < n; ++i) {
    CHECK_EQ(results[i].status, lengths[i] > cap ? WASMC_TOO_LARGE : WASMC_OK);
    CHECK_EQ(results[i].written, lengths[i] > cap ? 0 : lengths[i]);
    CHECK_EQ(results[i].error, 0);
  }
  OK(liar_process_batch(f, NULL, 0, NULL, &done));
  CHECK_EQ(done, 0);

  /* An error of the module's is one message's; a trap ends the batch. */
  char error[5] = {'r', -3, -1, -1, -1}, lie[5] = {'r', 65}, byte = 0;
  liar_process_message some[] = {
      {"a", 1, &byte, 1}, {error, 5, &byte, 1}, {"b", 1, &byte, 1}, {"t", 1, &byte, 1}, {"c", 1, &byte, 1}};
  memset(results, 0x55, sizeof results);
  CHECK_EQ(liar_process_batch(f, some, 5, results, &done), WASMC_TRAP);
  CHECK_EQ(liar_trap(f)->code, TRAP_unreachable);
  CHECK_EQ(done, 3);
  CHECK_EQ(results[1].status, WASMC_MODULE_ERROR);
  CHECK_EQ(results[1].error, -3);
  CHECK_EQ(results[2].status, WASMC_OK);
  CHECK_EQ(results[3].status, 0x55555555);
  some[3] = (liar_process_message){lie, 5, &byte, 1};
  CHECK_EQ(liar_process_batch(f, some, 5, results, &done), WASMC_TRAP);
  CHECK_EQ(liar_trap(f)->code, TRAP_buffer_out_of_range);
  CHECK_EQ(done, 3);
  liar_score_message scores[2] = {{"abc", 3, 2.0}, {"", 0, 1.0}};
  liar_score_result values[2];
  OK(liar_score_batch(f, scores, 2, values, &done));
  CHECK(values[0].value == 6.0 && values[1].value == 0.0);
  for (int i = 0; i < n; ++i) {
    free(in[i]);
    free(out[i]);
  }
}

/* What the module hands to the host's functions. */
static void imports(liar *f, struct seen *s) {
  static const struct {
    uint32_t at, len;
    int fine;
  } ranges[] = {{0, 0, 1},           {0x40000, 0, 1},     {0x3ffff, 1, 1},  {0, 0x40000, 1},
                {0x40000, 1, 0},     {0x3ffff, 2, 0},     {1, 0x40000, 0},  {0xffffffff, 1, 0},
                {0xffffffff, 0, 0},  {0, 0xffffffff, 0},  {1, 0xffffffff, 0}, {0x80000000, 0x80000000, 0},
                {0xffffffff, 0xffffffff, 0}};
  for (size_t i = 0; i < sizeof ranges / sizeof *ranges; ++i) {
    s->calls = 0;
    wasmc_status status = liar_raise(f, 3, (int32_t)ranges[i].at, (int32_t)ranges[i].len);
    CHECK_EQ(status, ranges[i].fine ? WASMC_OK : WASMC_TRAP);
    CHECK_EQ(s->calls, ranges[i].fine);
    if (ranges[i].fine) {
      CHECK_EQ(s->len, ranges[i].len);
    } else {
      CHECK_EQ(liar_trap(f)->code, TRAP_buffer_out_of_range);
    }
  }
  s->fails = WASMC_FAILED;
  CHECK_EQ(liar_raise(f, 3, 0, 1), WASMC_TRAP);
  CHECK_EQ(liar_trap(f)->code, TRAP_host_function_failed);
  s->fails = WASMC_OK;
  /* A host that claims to have written more than it may. */
  int32_t got;
  s->says = 8;
  OK(liar_pull(f, 1000, 8, &got));
  CHECK_EQ(got, 8);
  s->says = 9;
  CHECK_EQ(liar_pull(f, 1000, 8, &got), WASMC_TRAP);
  s->says = ~(size_t)0;
  CHECK_EQ(liar_pull(f, 1000, 8, &got), WASMC_TRAP);
  CHECK_EQ(liar_trap(f)->code, TRAP_buffer_out_of_range);
}

static void reentry(liar *f, struct seen *s) {
  s->self = f;
  s->inner_busy = s->inner_scalar = 99;
  OK(liar_call_out(f, "hello", 5));
  CHECK_EQ(s->inner_busy, WASMC_BUSY);
  CHECK_EQ(s->inner_scalar, WASMC_OK);
  CHECK(memcmp(s->text, "hello", 5) == 0);
  /* From a scalar export the mailboxes are free. */
  s->inner_busy = 99;
  OK(liar_raise(f, 1, 0, 0));
  CHECK_EQ(s->inner_busy, WASMC_OK);
  /* A trap below frees them, too. */
  s->fails = WASMC_FAILED;
  CHECK_EQ(liar_call_out(f, "hello", 5), WASMC_TRAP);
  s->fails = WASMC_OK;
  s->self = NULL;
  char out;
  size_t n;
  OK(liar_process(f, "x", 1, &out, 1, &n));
}

static void windows(liar *f) {
  int ring = memfd_create("ring", 0);
  CHECK(ring >= 0 && ftruncate(ring, 3 * 8192) == 0);
  unsigned char *shared = mmap(NULL, 3 * 8192, PROT_READ | PROT_WRITE, MAP_SHARED, ring, 0);
  CHECK(shared != MAP_FAILED);
  memset(shared + 8192, 2, 8192);
  int32_t sum = 0;
  CHECK_EQ(liar_shared_in_capacity, 8192);
#if GUARD
  OK(liar_shared_in_map(f, ring, 8192));
  OK(liar_shared_window(f, 0, 8192, &sum));
  CHECK_EQ(sum, 2 * 8192);
  shared[8192 + 100] = 7;
  OK(liar_shared_window(f, 100, 1, &sum));
  CHECK_EQ(sum, 7);
  OK(liar_shared_inplace(f, 1, &sum));
  CHECK_EQ(sum, 2);
  /* The module must not write where it reads. */
  OK(liar_scribble_in_map(f, ring, 0));
  CHECK_EQ(liar_scribble_window(f, 0, 1), WASMC_TRAP);
  CHECK_EQ(liar_trap(f)->code, TRAP_memory_out_of_bounds);
  OK(liar_scribble_in_unmap(f));
  OK(liar_scribble_window(f, 0, 1));
  CHECK_EQ(shared[0], 0);
  /* Nor does a copy of the host's get there. */
  CHECK_EQ(liar_process_in_capacity, cap);
  OK(liar_publish_out_map(f, ring, 0));
  const void *out;
  size_t out_len;
  OK(liar_publish_window(f, 9, 4000, &out, &out_len));
  CHECK_EQ(out_len, 96);
  CHECK_EQ(shared[4095], 9);
  CHECK_EQ(shared[3999], 0);
  CHECK_EQ(liar_shared_in_map(f, 12345, 0), WASMC_INVALID_ARGUMENT);
  CHECK_EQ(liar_shared_in_map(f, ring, 100), WASMC_INVALID_ARGUMENT);
  /* The ring is cut off under the module. */
  CHECK_EQ(ftruncate(ring, 8192), 0);
  CHECK_EQ(liar_shared_window(f, 0, 1, &sum), WASMC_TRAP);
  OK(liar_shared_in_unmap(f));
#else
  CHECK_EQ(liar_shared_in_map(f, ring, 8192), WASMC_UNSUPPORTED);
#endif
  OK(liar_shared_window(f, 8192, 0, &sum));
  CHECK_EQ(sum, 0);
  /* Each alone may fit where both together do not. */
  static const size_t edges[] = {0,    1,    4095,       4096,       4097,        8191,
                                 8192, 8193, 0xffffffff, 0x100000000, ~(size_t)0};
  enum { num_edges = sizeof edges / sizeof *edges };
  for (int i = 0; i < num_edges; ++i)
    for (int k = 0; k < num_edges; ++k) {
      size_t at = edges[i], len = edges[k];
      int fits = at <= 8192 && len <= 8192 - at;
      CHECK_EQ(liar_shared_window(f, at, len, &sum), fits ? WASMC_OK : WASMC_TOO_LARGE);
    }
  for (int i = 0; i < num_lengths; ++i) {
    const void *p = NULL;
    size_t len = 0;
    int fits = lengths[i] <= 4096;
    CHECK_EQ(liar_publish_window(f, 1, lengths[i], &p, &len), fits ? WASMC_OK : WASMC_TOO_LARGE);
    CHECK_EQ(len, fits ? 4096 - lengths[i] : 0);
  }
  munmap(shared, 3 * 8192);
  close(ring);
}

static void traps(liar *f) {
  char out[4];
  size_t n;
  for (int i = 0; i < 1000; ++i) {
    CHECK_EQ(liar_process(f, "t", 1, out, 4, &n), WASMC_TRAP);
    CHECK_EQ(liar_process(f, "o", 1, out, 4, &n), WASMC_TRAP);
    CHECK_EQ(liar_trap(f)->code, TRAP_memory_out_of_bounds);
    CHECK_EQ(liar_process(f, "w", 1, out, 4, &n), WASMC_TRAP);
    OK(liar_process(f, "abcd", 4, out, 4, &n));
    CHECK(n == 4 && memcmp(out, "abcd", 4) == 0);
  }
}

/* A region of the host's, whether or not the linker inlines into it. */
struct stream {
  liar *f;
  volatile int done;
  const char *last;
};
static wasmc_status region(void *context) {
  struct stream *s = context;
  char out[8];
  size_t n;
  for (int i = 0; i < 100; ++i, s->done = i)
    OK(liar_process(s->f, "abcdefgh", 8, out, 8, &n));
  wasmc_status status = liar_process(s->f, s->last, 1, out, 8, &n);
  return status ? status : WASMC_FAILED;
}
static void regions(liar *f, struct seen *seen) {
  struct stream s = {f, 0, "x"};
  CHECK_EQ(wasmc_protect(liar_instance(f), region, &s), WASMC_FAILED);
  s.last = "o";
  s.done = 0;
  CHECK_EQ(wasmc_protect(liar_instance(f), region, &s), WASMC_TRAP);
  CHECK_EQ(liar_trap(f)->code, TRAP_memory_out_of_bounds);
  CHECK_EQ(s.done, 100);
  reentry(f, seen);
}
static wasmc_status reentry_in_region(void *context) {
  struct seen *s = context;
  reentry(s->self, s);
  return WASMC_OK;
}

int main(void) {
  struct seen s;
  memset(&s, 0, sizeof s);
  liar_imports imports_ = {&s, alarm_, fetch_};
  liar *f;
  OK(liar_new(&f, &imports_, NULL));
  by_copy(f);
  in_place(f);
  batches(f);
  returned_sizes(f);
  imports(f, &s);
  reentry(f, &s);
  windows(f);
  traps(f);
  regions(f, &s);
  s.self = f;
  s.fails = WASMC_OK;
  /* In a region the trap of the failing host function ends it. */
  CHECK_EQ(wasmc_protect(liar_instance(f), reentry_in_region, &s), INLINED ? WASMC_TRAP : WASMC_OK);
  liar_delete(f);
  return 0;
}
