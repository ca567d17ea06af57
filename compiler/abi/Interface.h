//===- Interface.h - What a module's functions mean to a host -----------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The model of an interface: functions, scalars and buffers, however a module
// carries them. InterfaceParser makes one from an interface description
// (docs/buffers.md); bindInterface compares it with the module and finds what
// it names there. Descriptions are as untrusted as the modules that bring them.
//
//===----------------------------------------------------------------------===//
#ifndef WASMC_COMPILER_ABI_INTERFACE_H
#define WASMC_COMPILER_ABI_INTERFACE_H

#include "wasm/Module.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace wasmc::abi {

/// The most bytes that a description may have: far more than anyone writes, and
/// few enough that what is made of it stays small.
inline constexpr size_t interfaceTextLimit = size_t(1) << 20;
/// Of names in C that a description gives.
inline constexpr size_t interfaceNameLimit = 255;
/// Of one buffer: lengths are i32 in the module, and never negative.
inline constexpr uint64_t bufferLimit = 0x7fffffff;
/// Windows are whole pages of a host; those of 4096 bytes are the smallest.
inline constexpr uint64_t windowPage = 4096;

/// A place in a description, both counted from 1; columns in bytes.
struct TextPosition {
  uint32_t line = 0, column = 0;
};

struct Parameter {
  enum class Kind : uint8_t { Scalar, Buffer };
  std::string name;                            ///< A C identifier, unique in its function.
  Kind kind = Kind::Scalar;
  wasm::ValKind scalar = wasm::ValKind::I32;   ///< Of scalars: I32, I64, F32, F64.
  TextPosition at;

  // Of buffers:
  bool output = false;     ///< The last buffer of a function with `-> size`.
  bool window = false;     ///< `window<N>`: whole pages of the host, may be shared.
  uint64_t capacity = 0;   ///< Bytes; 0 for imports. Never more than 2^31 - 1.
  std::string place;       ///< Export that says where the mailbox lies, or empty.
  TextPosition placeAt;    ///< Of `place`.
  std::optional<uint32_t> placeExport; ///< Index into Module::exports, once bound.
  /// Index of its mailbox in Interface::mailboxes, once bound (exports only).
  uint32_t mailbox = 0;

  bool isBuffer() const { return kind == Kind::Buffer; }
};

enum class ResultKind : uint8_t { None, Scalar, Size };

/// One described export or import.
struct InterfaceFunction {
  std::string name;         ///< In C, behind the prefix: an identifier.
  std::string module;       ///< Imports: of the wasm import; "env" unless named.
  std::string field;        ///< The export's or import's own name.
  TextPosition fieldAt;     ///< Of the name in quotes, else as `at`.
  std::vector<Parameter> params;
  ResultKind result = ResultKind::None;
  wasm::ValKind scalar = wasm::ValKind::I32; ///< Of ResultKind::Scalar.
  TextPosition at;
  uint32_t index = 0;       ///< Into Module::exports or Module::imports, once bound.

  /// Whether any parameter is a buffer: then it has more ways than one.
  bool hasBuffers() const;
  bool hasWindows() const;
};

/// The module's allocator, once bound.
struct Allocator {
  enum class Kind : uint8_t { Malloc, CabiRealloc, AssemblyScript };
  Kind kind = Kind::Malloc;
  uint32_t function = 0;              ///< Function index.
  std::optional<uint32_t> pin;        ///< Function index of `__pin`.
};

/// A range of linear memory 0 through which messages go.
struct Mailbox {
  enum class Placement : uint8_t { Export, Allocated, AddedPages };
  uint64_t capacity = 0;
  /// Windows begin on a multiple of 4096 and take whole pages: the capacity is a
  /// multiple of 4096 too.
  bool window = false;
  Placement placement = Placement::Export;
  uint32_t exportIndex = 0;           ///< Placement::Export: into Module::exports.
  uint64_t addedOffset = 0;           ///< Placement::AddedPages: from the old end of memory 0.
};

struct Interface {
  std::vector<InterfaceFunction> exports, imports;
  std::optional<std::string> allocName;      ///< `alloc = NAME`, with its place.
  TextPosition allocAt;
  std::optional<uint32_t> stackGlobal;       ///< `stack = global N`.
  TextPosition stackAt;

  // Once bound:
  std::vector<Mailbox> mailboxes; ///< Parameters that name the same place share one.
  std::optional<Allocator> allocator;        ///< Only if a mailbox is allocated.
  std::optional<uint32_t> initialize;        ///< Function index of `_initialize`, if exported.
  uint64_t addedPages = 0;                   ///< wasm pages to add to memory 0.
  /// From an index into Module::exports or Module::imports to one into `exports`
  /// or `imports`.
  std::unordered_map<uint32_t, uint32_t> byExport, byImport;

  bool hasWindows() const;
  /// The described function of an export or import, or null. By index into
  /// Module::exports or Module::imports.
  const InterfaceFunction *ofExport(uint32_t index) const;
  const InterfaceFunction *ofImport(uint32_t index) const;
};

/// Parses a description. `fileName` is what errors call it; they are
/// InterfaceErrors with line and column.
llvm::Expected<Interface> parseInterface(llvm::StringRef text, llvm::StringRef fileName);

/// The text of all custom sections `wasmc.abi`, or nothing. A NUL ends a line, so
/// that a C string can be a text.
std::optional<std::string> embeddedInterface(const wasm::Module &module);

/// Finds what the description names in the module, checks types against it and
/// decides where mailboxes lie. The module is valid, but for its bodies.
llvm::Error bindInterface(Interface &interface, const wasm::Module &module,
                          llvm::StringRef fileName);

/// A part of bindInterface: no C name that the header will have is there twice.
/// Needs `index` of each function.
llvm::Error checkInterfaceNames(const Interface &interface, const wasm::Module &module,
                                llvm::StringRef fileName);

/// Parses and binds `text`, or where there is none, what the module has
/// embedded. Nothing where there is neither. Errors have their source line.
llvm::Expected<std::optional<Interface>> readInterface(const wasm::Module &module,
                                                       const std::optional<std::string> &text,
                                                       llvm::StringRef fileName);

/// A name for a message: in quotes, and not a screen full of it.
std::string quoted(llvm::StringRef text);

/// An error in a description. The driver prints it as `filter.abi:3:14: error: ...`.
class InterfaceError : public llvm::ErrorInfo<InterfaceError> {
public:
  static char ID;
  InterfaceError(llvm::StringRef file, TextPosition at, std::string message)
      : file(file), at(at), message(std::move(message)) {}
  void log(llvm::raw_ostream &os) const override;
  std::error_code convertToErrorCode() const override { return llvm::inconvertibleErrorCode(); }

  std::string file;
  TextPosition at;
  std::string message;
  std::string source; ///< The line of the description, where it is known.
};

} // namespace wasmc::abi

#endif
