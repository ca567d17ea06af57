//===- clear.cpp - Pages that read zero again, on Linux -------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Giving pages back costs more than it seems: each that is used again is a fault,
// measured at seven to fifteen times what it takes to fill a page with zeros. So the
// kernel is asked which pages of a range were ever used (PAGEMAP_SCAN, Linux 6.7),
// and those are filled, past the caches where they are likely in none. Where the kernel
// does not say, all are given back.
//
//===----------------------------------------------------------------------===//
#include "platform/platform.h"
#include "spin_lock.h"
#include "zero.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace wasmc::rt;

namespace {

/// Up to this size, filling all costs no more than to ask.
constexpr size_t fewBytes = 32 * 1024;

//===----------------------------------------------------------------------===//
// Which pages were used
//===----------------------------------------------------------------------===//

/// As in <linux/fs.h> of Linux 6.7, which is newer than many systems' headers.
struct PageRegion {
  uint64_t start, end, categories;
};
struct PageScan {
  uint64_t size, flags, start, end, walk_end, regions, num_regions, max_pages;
  uint64_t category_inverted, category_mask, category_anyof_mask, return_mask;
};
constexpr unsigned long pagemapScan = _IOWR('f', 16, PageScan);
constexpr uint64_t pageIsPresent = 1 << 3, pageIsSwapped = 1 << 4, pageIsZeroPage = 1 << 5;

/// The descriptor to ask, which is kept: to open it takes as long as a reset. It knows
/// the address space of the process that opened it. So it lies in a page that the
/// kernel clears in a forked child, with the lock, which another thread may have held.
struct Pagemap {
  SpinLock lock;
  int descriptor; ///< 1 more than it is; 0: none.
  dev_t device;
  ino_t node;
};

/// Null where no page can be had; then nothing is kept.
Pagemap *pagemapOfProcess() {
  static Pagemap *known;
  Pagemap *kept = __atomic_load_n(&known, __ATOMIC_ACQUIRE);
  if (kept != nullptr)
    return kept;
  void *page = mmap(nullptr, pageSize(), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED)
    return nullptr;
  if (madvise(page, pageSize(), MADV_WIPEONFORK) == 0 &&
      __atomic_compare_exchange_n(&known, &kept, static_cast<Pagemap *>(page), false,
                                  __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return static_cast<Pagemap *>(page);
  munmap(page, pageSize());
  return kept;
}

/// -1 where there is none. A host that closes descriptors which it has not opened may
/// have another file under the number by now: it is used only as long as it is the one.
int openPagemap() {
  Pagemap *kept = pagemapOfProcess();
  if (kept == nullptr)
    return -1;
  kept->lock.lock();
  struct stat now;
  int descriptor = kept->descriptor - 1;
  if (descriptor < 0 || fstat(descriptor, &now) != 0 || now.st_dev != kept->device ||
      now.st_ino != kept->node) {
    descriptor = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    if (descriptor >= 0 && fstat(descriptor, &now) == 0) {
      kept->device = now.st_dev;
      kept->node = now.st_ino;
    }
    kept->descriptor = descriptor + 1;
  }
  kept->lock.unlock();
  return descriptor;
}

/// What the thread filled last. If it is the same again, it has most likely stayed in the
/// caches; what many instances take turns with has not.
__thread const void *filledLast __attribute__((tls_model("initial-exec")));

/// Fills with zeros what was used of [start, end), in order, until `keep` bytes are
/// filled. Where it stopped: what follows is as it was.
char *fillUsed(char *start, char *end, size_t keep) {
  const bool isCold = filledLast != start;
  filledLast = start;
  const int descriptor = openPagemap();
  PageRegion found[32];
  PageScan scan = {};
  scan.size = sizeof(scan);
  scan.end = reinterpret_cast<uintptr_t>(end);
  scan.regions = reinterpret_cast<uintptr_t>(found);
  scan.num_regions = sizeof(found) / sizeof(found[0]);
  // Present or swapped out, and not the zero page, which reading leaves.
  scan.category_inverted = scan.category_mask = pageIsZeroPage;
  scan.category_anyof_mask = scan.return_mask = pageIsPresent | pageIsSwapped;
  while (descriptor >= 0 && start != end && keep != 0) {
    scan.start = reinterpret_cast<uintptr_t>(start);
    scan.max_pages = keep / pageSize();
    const int count = ioctl(descriptor, pagemapScan, &scan);
    if (count < 0)
      break;
    for (int i = 0; i != count; ++i) {
      const size_t bytes = found[i].end - found[i].start;
      void *used = reinterpret_cast<void *>(found[i].start);
      if (isCold)
        zeroColdPages(used, bytes);
      else
        memset(used, 0, bytes);
      keep -= bytes;
    }
    start = reinterpret_cast<char *>(scan.walk_end);
  }
  if (isCold)
    endZeroing();
  return start;
}

} // namespace

void wasmc::rt::clearPages(void *start, size_t bytes, size_t keep) {
  // The host's errno is not the runtime's to change.
  const int before = errno;
  char *from = static_cast<char *>(start), *end = from + bytes;
  if (bytes > fewBytes && keep != 0)
    from = fillUsed(from, end, keep);
  // Locked pages (mlockall) cannot be given back, and all are there anyway.
  if (from != end && (bytes <= fewBytes || madvise(from, end - from, MADV_DONTNEED) != 0))
    memset(from, 0, end - from);
  errno = before;
}

bool wasmc::rt::decommitPages(void *start, size_t bytes) {
  clearPages(start, bytes, 0);
  return !injectedFailure() && mprotect(start, bytes, PROT_NONE) == 0;
}
