//===- OutputFile.cpp - Output files, all or none --------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "OutputFile.h"

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Errc.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"

#include <optional>

using namespace llvm;

namespace wasmc::driver {

Error fileError(StringRef what, StringRef path, std::error_code reason) {
  return createStringError(reason, "cannot " + what + " '" + path + "': " + reason.message());
}

SmallVectorImpl<char> &OutputSet::add(StringRef path, bool executable) {
  outputs.push_back({path.str(), executable, {}});
  return outputs.back().data;
}

static std::error_code writeAll(int fd, ArrayRef<char> data) {
  raw_fd_ostream os(fd, /*shouldClose=*/false);
  os.write(data.data(), data.size());
  os.flush();
  std::error_code error = os.error();
  os.clear_error();
  return error;
}

/// Devices, pipes, standard output: nothing to replace.
static Error writeInPlace(StringRef path, ArrayRef<char> data) {
  std::error_code error;
  raw_fd_ostream os(path, error, sys::fs::CD_OpenExisting, sys::fs::FA_Write, sys::fs::OF_None);
  if (!error) {
    os.write(data.data(), data.size());
    os.close();
    error = os.error();
    os.clear_error();
  }
  return error ? fileError("write", path == "-" ? "standard output" : path, error)
               : Error::success();
}

static bool isInPlace(StringRef path) {
  sys::fs::file_status status;
  return path == "-" || (!sys::fs::status(path, status) && sys::fs::exists(status) &&
                         !sys::fs::is_regular_file(status) && !sys::fs::is_directory(status));
}

namespace {

/// A temporary file and the path that it is to replace.
struct Pending {
  sys::fs::TempFile file;
  std::string target;
  Pending(sys::fs::TempFile file, std::string target)
      : file(std::move(file)), target(std::move(target)) {}
  Pending(Pending &&) = default;
  // Does nothing for a file that was kept.
  ~Pending() { consumeError(file.discard()); }
};

} // namespace

/// What a symbolic link points to, so that it stays one.
static std::string finalTarget(StringRef path) {
  SmallString<128> real;
  if (sys::fs::is_symlink_file(path) && !sys::fs::real_path(path, real))
    return std::string(real);
  return path.str();
}

/// `-o x.h --header=./x.h` would leave one of them.
Error OutputSet::refuseClashes() const {
  StringSet<> seen;
  for (const Output &output : outputs) {
    if (isInPlace(output.path))
      continue;
    SmallString<128> path(output.path);
    sys::fs::make_absolute(path);
    sys::path::remove_dots(path, /*remove_dot_dot=*/true);
    if (!seen.insert(path).second)
      return createStringError("'" + output.path + "' would be written twice");
    for (const std::string &path : protectedPaths)
      if (sys::fs::equivalent(output.path, path))
        return createStringError("'" + output.path + "' is the input and would be overwritten");
  }
  return Error::success();
}

Error OutputSet::commit() {
  if (Error error = refuseClashes())
    return error;
  std::deque<Pending> pending;
  for (const Output &output : outputs) {
    if (isInPlace(output.path))
      continue;
    if (sys::fs::is_directory(output.path))
      return fileError("write", output.path, make_error_code(errc::is_a_directory));
    std::string target = finalTarget(output.path);
    unsigned mode = sys::fs::all_read | sys::fs::all_write;
    if (output.executable)
      mode |= sys::fs::all_exe;
    Expected<sys::fs::TempFile> file = sys::fs::TempFile::create(target + ".%%%%%%%%.tmp", mode);
    if (!file)
      return fileError("write", output.path, errorToErrorCode(file.takeError()));
    pending.emplace_back(std::move(*file), std::move(target));
    if (std::error_code error = writeAll(pending.back().file.FD, output.data))
      return fileError("write", output.path, error);
  }
  for (const Output &output : outputs)
    if (isInPlace(output.path))
      if (Error error = writeInPlace(output.path, output.data))
        return error;
  for (Pending &entry : pending)
    if (Error error = entry.file.keep(entry.target))
      return fileError("write", entry.target, errorToErrorCode(std::move(error)));
  return Error::success();
}

Expected<TemporaryFile> TemporaryFile::create(StringRef ending) {
  SmallString<128> path;
  if (std::error_code error = sys::fs::createTemporaryFile("wasmc", ending, path))
    return createStringError(error, "cannot make a temporary file: " + error.message());
  sys::RemoveFileOnSignal(path);
  return TemporaryFile(std::string(path));
}

TemporaryFile::~TemporaryFile() {
  if (name.empty())
    return;
  sys::fs::remove(name);
  sys::DontRemoveFileOnSignal(name);
}

Error TemporaryFile::write(StringRef data) const {
  std::error_code error;
  raw_fd_ostream os(name, error);
  if (!error) {
    os << data;
    os.close();
    error = os.error();
    os.clear_error();
  }
  return error ? fileError("write", name, error) : Error::success();
}

Expected<std::string> TemporaryFile::read(size_t limit) const {
  Expected<sys::fs::file_t> file = sys::fs::openNativeFileForRead(name);
  if (!file)
    return fileError("read", name, errorToErrorCode(file.takeError()));
  std::string data;
  std::optional<Error> failure;
  char chunk[16384];
  while (data.size() < limit) {
    Expected<size_t> count =
        sys::fs::readNativeFile(*file, {chunk, std::min(sizeof(chunk), limit - data.size())});
    if (!count) {
      failure = fileError("read", name, errorToErrorCode(count.takeError()));
      break;
    }
    if (*count == 0)
      break;
    data.append(chunk, *count);
  }
  sys::fs::closeFile(*file);
  if (failure)
    return std::move(*failure);
  return data;
}

} // namespace wasmc::driver
