//===- OutputFile.h - Output files, all or none ----------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_DRIVER_OUTPUTFILE_H
#define WASMC_DRIVER_OUTPUTFILE_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <deque>
#include <string>
#include <vector>

namespace wasmc::driver {

/// Collects what is to be written and writes it at the end: each file under a
/// temporary name beside its target, which replaces the target when all have
/// been written. On failure or a signal the temporary files go and what was
/// there before stays. Devices, pipes and standard output (`-`) are written as
/// they are.
class OutputSet {
public:
  /// A buffer for a file. `executable` sets the permissions of a program.
  llvm::SmallVectorImpl<char> &add(llvm::StringRef path, bool executable = false);
  /// A file that must not be overwritten: an input.
  void protect(llvm::StringRef path) { protectedPaths.push_back(path.str()); }
  /// The error names the file.
  llvm::Error commit();

private:
  struct Output {
    std::string path;
    bool executable;
    llvm::SmallVector<char, 0> data;
  };
  llvm::Error refuseClashes() const;

  std::deque<Output> outputs; ///< Not a vector: `add` hands out references.
  std::vector<std::string> protectedPaths;
};

/// A file in the system's temporary folder, for a child process; removed with
/// the object, or by a signal.
class TemporaryFile {
public:
  static llvm::Expected<TemporaryFile> create(llvm::StringRef ending);
  TemporaryFile(TemporaryFile &&other) : name(std::move(other.name)) { other.name.clear(); }
  TemporaryFile &operator=(TemporaryFile &&) = delete;
  ~TemporaryFile();

  const std::string &path() const { return name; }
  llvm::Error write(llvm::StringRef data) const;
  /// Reads at most `limit` bytes.
  llvm::Expected<std::string> read(size_t limit) const;

private:
  explicit TemporaryFile(std::string name) : name(std::move(name)) {}
  std::string name;
};

/// An error that names a file: `cannot WHAT 'PATH': REASON`.
llvm::Error fileError(llvm::StringRef what, llvm::StringRef path, std::error_code reason);

} // namespace wasmc::driver

#endif
