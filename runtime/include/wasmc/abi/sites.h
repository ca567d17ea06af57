/*===- sites.h - Trap sites: from an address back to the module's source ----===
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===
 *
 * The compiler writes one record per function into the section `wasmc_sites`
 * (each bound to its function's section, so that both are dropped together);
 * `module.sites` and `module.sites_end` delimit those of the link unit. Records
 * are padded to 8 bytes. All integers are little- or big-endian as the target is.
 *
 *   i32  size of the record in bytes, padding included
 *   i32  self-relative address of the function's first byte
 *   u32  size of the function's code in bytes
 *   u32  offset of the string pool from the start of the record
 *   u32  number of entries
 *   then the entries, each in ULEB128:
 *     code offset minus that of the entry before
 *     number of inline frames, at least 1; then for each, innermost first:
 *       string pool offset of the function's name in the module's source
 *       string pool offset of the file's name, 0: none
 *       line; column                      (both 0 where the file is 0)
 *       wasm offset from the start of the module
 *       function index in the module
 *   then the string pool: zero-terminated strings; the one at 0 is empty.
 *
 * An entry holds from its code offset to the next entry's. Nothing here is
 * trusted input: the compiler wrote it; names in it have been escaped.
 *
 *===----------------------------------------------------------------------===*/
#ifndef WASMC_ABI_SITES_H
#define WASMC_ABI_SITES_H

#define WASMC_SITES_SECTION "wasmc_sites"

#endif
