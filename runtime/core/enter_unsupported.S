/*===- enter_unsupported.S - No entry trampoline for this architecture -----===*
 *
 * Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
 * SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
 *
 *===----------------------------------------------------------------------===*/
#error "the wasmc runtime has entry trampolines for x86_64 and aarch64 alone"
