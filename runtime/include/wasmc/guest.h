/*===- guest.h - For modules that pass buffers ------------------------------===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * What a module in C or C++ needs to bring its own interface description and
 * its own mailboxes. Compiled by clang for wasm32; needs no other header and no
 * library.
 *
 *     #include <wasmc/guest.h>
 *
 *     WASMC_ABI("export upper(in: buffer<64K> at upper_in, out: buffer<64K> at upper_out) -> size\n"
 *               "import alarm(level: i32, text: buffer)");
 *
 *     WASMC_MAILBOX(upper_in, 65536);
 *     WASMC_MAILBOX(upper_out, 65536);
 *
 *     WASMC_IMPORT("env", "alarm") void alarm(int level, const char *text, unsigned length);
 *
 *     WASMC_EXPORT("upper")
 *     int upper(const unsigned char *in, unsigned length, unsigned char *out, unsigned capacity) {
 *       ...
 *     }
 *
 *===----------------------------------------------------------------------===*/
#ifndef WASMC_GUEST_H
#define WASMC_GUEST_H

#ifndef __wasm32__
#error "wasmc/guest.h is for modules: compile with clang --target=wasm32"
#endif

#ifdef __cplusplus
#define WASMC_GUEST_C extern "C"
#else
#define WASMC_GUEST_C
#endif

/** Adds lines to the module's interface description, at file scope, as often as
 * one likes and in any of the module's source files. Takes string literals, also
 * ones that macros make; of C's escapes `\n \t \" \\ \ooo \xhh`, and no raw strings
 * of C++. A newline is added at the end.
 *
 * A source file in a static library counts only if the linker takes something else
 * from it. */
#define WASMC_ABI(lines) WASMC_GUEST_ABI(lines)

/* A variable with a section attribute would be a segment of linear memory. The
 * assembler knows custom sections, and takes string literals as C spells them. */
#define WASMC_GUEST_ABI(lines)                                                                     \
  __asm__("\t.section\t.custom_section.wasmc.abi,\"\",@\n"                                         \
          "\t.ascii\t" #lines "\n"                                                                 \
          "\t.byte\t10\n"                                                                          \
          "\t.section\t.text,\"\",@\n")

/** Before a function: the module exports it under this name, a string literal. It
 * must not be static or in an unnamed namespace; `extern "C"` is not needed. */
#define WASMC_EXPORT(name) __attribute__((export_name(name)))

/** Before the declaration of a function: the module imports it under these names. */
#define WASMC_IMPORT(module, name)                                                                 \
  __attribute__((import_module(module), import_name(name)))

/** Reserves `bytes` for buffers of up to this size, to be named in the description:
 * `in: buffer<64K> at place`. Defines and exports a function
 * `unsigned char *place(void)` that returns where they begin, a multiple of 16. At
 * file scope, outside of namespaces in C++. */
#define WASMC_MAILBOX(place, bytes) WASMC_GUEST_RESERVE(place, bytes, 16)

/** The same for windows: begins on a multiple of 4096. `bytes` must be one, too,
 * since a window takes whole pages. */
#define WASMC_WINDOW(place, bytes)                                                                 \
  typedef char wasmc_window_is_whole_pages_##place[(bytes) > 0 && (bytes) % 4096 == 0 ? 1 : -1]    \
      __attribute__((unused));                                                                     \
  WASMC_GUEST_RESERVE(place, bytes, 4096)

/* The last declaration is there for the semicolon behind the macro. */
#define WASMC_GUEST_RESERVE(place, bytes, alignment)                                               \
  static unsigned char wasmc_mailbox_##place[bytes] __attribute__((aligned(alignment)));           \
  WASMC_EXPORT(#place) WASMC_GUEST_C unsigned char *place(void);                                   \
  WASMC_GUEST_C unsigned char *place(void) { return wasmc_mailbox_##place; }                       \
  WASMC_GUEST_C unsigned char *place(void)

#endif
