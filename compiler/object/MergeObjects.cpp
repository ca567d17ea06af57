//===- MergeObjects.cpp - One object of those of the shards -------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// No section is laid out and no relocation applied: sections are copied one after the
// other, and what names a section or a symbol by its number gets the new one. These are
// relocations, groups, SHF_LINK_ORDER, and the symbols themselves. That is the same for
// all targets.
//
//===----------------------------------------------------------------------===//
#include "object/MergeObjects.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/MC/StringTableBuilder.h"
#include "llvm/Object/ELF.h"

#include <deque>

using namespace llvm;

namespace {
template <class ELFT> class Merger {
  LLVM_ELF_IMPORT_TYPES_ELFT(ELFT)

public:
  Merger(const StringSet<> &locals, raw_ostream &out) : locals(locals), out(out) {}
  Error merge(ArrayRef<StringRef> objects);

private:
  /// Where the symbol of an object is in the outcome.
  struct Place {
    bool isNamed = false; ///< Index into `named`, else into `symbols`.
    uint32_t index = 0;
  };
  struct Input {
    llvm::object::ELFFile<ELFT> file;
    Elf_Shdr_Range sections;
    const Elf_Shdr *symbolTable = nullptr;
    ArrayRef<Elf_Word> extendedIndices;
    std::vector<uint32_t> sectionNumbers; ///< In the outcome; 0 for none.
    std::vector<Place> places;            ///< Of its symbols.
  };
  struct Section {
    Elf_Shdr header;
    StringRef name;
    ArrayRef<uint8_t> contents;
  };
  struct Symbol {
    Elf_Sym entry;
    StringRef name;
    uint32_t section = 0; ///< In the outcome; 0 where `entry` has a reserved number.
    bool isDefined() const { return section || entry.st_shndx != ELF::SHN_UNDEF; }
  };

  Error read(StringRef object);
  Error findRepeatedGroups(const Input &input, std::vector<bool> &repeated);
  Error addSections(Input &input);
  Error addSymbols(Input &input);
  void numberSymbols();
  Error translate(Input &input);
  template <class Entry> Error translateRelocations(Input &input, const Elf_Shdr &from, Section &to);
  Error translateGroup(Input &input, const Elf_Shdr &from, Section &to);
  bool isRepeated(const Elf_Shdr &header, StringRef name, ArrayRef<uint8_t> contents) const;
  void addSymbolTable();
  void layOut();
  void write() const;

  uint32_t numberOf(const Input &input, uint32_t symbol) const {
    Place place = input.places[symbol];
    return place.isNamed ? namedNumbers[place.index] : place.index;
  }
  /// Memory that lives as long as the merger.
  template <class T> MutableArrayRef<T> allocate(size_t count) {
    memory.emplace_back(count * sizeof(T), uint8_t(0));
    return {reinterpret_cast<T *>(memory.back().data()), count};
  }
  template <class T> static ArrayRef<uint8_t> bytes(ArrayRef<T> entries) {
    return {reinterpret_cast<const uint8_t *>(entries.data()), entries.size() * sizeof(T)};
  }

  const StringSet<> &locals;
  raw_ostream &out;
  std::vector<Input> inputs;
  std::vector<Section> sections{1}; ///< The first is the null section.
  std::vector<Symbol> symbols{1};   ///< Local ones, then the others; the first is null.
  StringSet<> groups;                 ///< Signatures of COMDAT groups.
  MapVector<StringRef, Symbol> named; ///< Those that objects refer to by their names.
  std::vector<uint32_t> namedNumbers; ///< Of `named`, in `symbols`.
  uint32_t numLocals = 0;
  uint32_t symbolTable = 0, stringTable = 0; ///< Numbers of sections.
  std::deque<std::vector<uint8_t>> memory;
  StringTableBuilder strings{StringTableBuilder::ELF};
  Elf_Ehdr header;
};
} // namespace

template <class ELFT> Error Merger<ELFT>::read(StringRef object) {
  auto file = llvm::object::ELFFile<ELFT>::create(object);
  if (!file)
    return file.takeError();
  auto table = file->sections();
  if (!table)
    return table.takeError();
  Input &input = inputs.emplace_back(Input{*file, *table, nullptr, {}, {}, {}});
  for (const Elf_Shdr &section : *table)
    if (section.sh_type == ELF::SHT_SYMTAB)
      input.symbolTable = &section;
  for (const Elf_Shdr &section : *table)
    if (section.sh_type == ELF::SHT_SYMTAB_SHNDX) {
      auto indices = file->getSHNDXTable(section);
      if (!indices)
        return indices.takeError();
      input.extendedIndices = *indices;
    }
  return Error::success();
}

/// What each object says of itself, such as `.comment` and the attributes of the target: once.
template <class ELFT>
bool Merger<ELFT>::isRepeated(const Elf_Shdr &header, StringRef name,
                              ArrayRef<uint8_t> contents) const {
  return inputs.size() > 1 && !(header.sh_flags & ELF::SHF_ALLOC) &&
         header.sh_type != ELF::SHT_REL && header.sh_type != ELF::SHT_RELA &&
         header.sh_type != ELF::SHT_GROUP && any_of(sections, [&](const Section &other) {
           return other.name == name && other.header.sh_type == header.sh_type &&
                  other.contents == contents;
         });
}

/// Sections of COMDAT groups that an object before has, too, such as the reference to the
/// personality that each object with exceptions has: the first one counts, as for a linker.
template <class ELFT>
Error Merger<ELFT>::findRepeatedGroups(const Input &input, std::vector<bool> &repeated) {
  for (auto [i, header] : enumerate(input.sections)) {
    if (header.sh_type != ELF::SHT_GROUP)
      continue;
    auto words = input.file.template getSectionContentsAsArray<Elf_Word>(header);
    if (!words)
      return words.takeError();
    auto symbol = input.file.template getEntry<Elf_Sym>(*input.symbolTable, header.sh_info);
    if (!symbol)
      return symbol.takeError();
    auto names = input.file.getStringTableForSymtab(*input.symbolTable);
    if (!names)
      return names.takeError();
    auto signature = (*symbol)->getName(*names);
    if (!signature)
      return signature.takeError();
    if (!(words->front() & ELF::GRP_COMDAT) || groups.insert(*signature).second)
      continue;
    repeated[i] = true;
    for (uint32_t member : drop_begin(*words))
      repeated[member] = true;
  }
  return Error::success();
}

template <class ELFT> Error Merger<ELFT>::addSections(Input &input) {
  std::vector<bool> repeated(input.sections.size());
  if (Error e = findRepeatedGroups(input, repeated))
    return e;
  for (auto [i, header] : enumerate(input.sections)) {
    input.sectionNumbers.push_back(0);
    switch (header.sh_type) {
    case ELF::SHT_NULL:
    case ELF::SHT_SYMTAB:
    case ELF::SHT_STRTAB:
    case ELF::SHT_SYMTAB_SHNDX:
      continue; // Made anew.
    }
    if (repeated[i])
      continue;
    auto name = input.file.getSectionName(header);
    if (!name)
      return name.takeError();
    ArrayRef<uint8_t> contents;
    if (header.sh_type != ELF::SHT_NOBITS) {
      auto found = input.file.getSectionContents(header);
      if (!found)
        return found.takeError();
      contents = *found;
    }
    if (isRepeated(header, *name, contents))
      continue;
    input.sectionNumbers.back() = sections.size();
    sections.push_back({header, *name, contents});
  }
  return Error::success();
}

template <class ELFT> Error Merger<ELFT>::addSymbols(Input &input) {
  auto table = input.file.symbols(input.symbolTable);
  if (!table)
    return table.takeError();
  auto names = input.file.getStringTableForSymtab(*input.symbolTable);
  if (!names)
    return names.takeError();
  for (const Elf_Sym &entry : *table) {
    Place &place = input.places.emplace_back();
    if (input.places.size() == 1)
      continue; // The null symbol.
    auto name = entry.getName(*names);
    if (!name)
      return name.takeError();
    Symbol symbol = {entry, *name, 0};
    if (entry.st_shndx == ELF::SHN_XINDEX || entry.st_shndx < ELF::SHN_LORESERVE) {
      auto section = input.file.getSectionIndex(entry, *table, input.extendedIndices);
      if (!section)
        return section.takeError();
      symbol.section = input.sectionNumbers[*section];
      if (*section && !symbol.section) {
        // Of a section that repeats another one: by its name it is that one's.
        if (entry.getBinding() == ELF::STB_LOCAL)
          continue;
        symbol.entry.st_shndx = ELF::SHN_UNDEF;
      }
    }
    if (entry.getBinding() != ELF::STB_LOCAL) {
      place = {true, uint32_t(named.insert({*name, symbol}).first - named.begin())};
      Symbol &known = (named.begin() + place.index)->second;
      // A definition has the last word; of references, one that is not weak.
      if (symbol.isDefined() ||
          (!known.isDefined() && entry.getBinding() == ELF::STB_GLOBAL))
        known = symbol;
    } else if (entry.getType() != ELF::STT_FILE || &input == &inputs.front()) {
      place = {false, uint32_t(symbols.size())};
      symbols.push_back(symbol);
    }
  }
  return Error::success();
}

template <class ELFT> void Merger<ELFT>::numberSymbols() {
  auto isLocal = [&](const auto &one) {
    return one.second.isDefined() && locals.contains(one.first);
  };
  namedNumbers.resize(named.size());
  for (bool local : {true, false}) {
    for (auto [number, one] : zip_equal(namedNumbers, named)) {
      if (isLocal(one) != local)
        continue;
      number = symbols.size();
      symbols.push_back(one.second);
      if (local) {
        symbols.back().entry.setBinding(ELF::STB_LOCAL);
        symbols.back().entry.setVisibility(ELF::STV_DEFAULT);
      }
    }
    if (local)
      numLocals = symbols.size();
  }
}

template <class ELFT>
template <class Entry>
Error Merger<ELFT>::translateRelocations(Input &input, const Elf_Shdr &from, Section &to) {
  auto entries = input.file.template getSectionContentsAsArray<Entry>(from);
  if (!entries)
    return entries.takeError();
  auto translated = allocate<Entry>(entries->size());
  for (auto [entry, source] : zip_equal(translated, *entries)) {
    entry = source;
    entry.setSymbolAndType(numberOf(input, source.getSymbol(false)), source.getType(false), false);
  }
  to.contents = bytes<Entry>(translated);
  to.header.sh_info = input.sectionNumbers[from.sh_info];
  return Error::success();
}

template <class ELFT>
Error Merger<ELFT>::translateGroup(Input &input, const Elf_Shdr &from, Section &to) {
  auto words = input.file.template getSectionContentsAsArray<Elf_Word>(from);
  if (!words)
    return words.takeError();
  auto translated = allocate<Elf_Word>(words->size());
  translated[0] = words->front(); // The flags.
  for (size_t i = 1; i != words->size(); ++i)
    translated[i] = input.sectionNumbers[(*words)[i]];
  to.contents = bytes<Elf_Word>(translated);
  to.header.sh_info = numberOf(input, from.sh_info); // The symbol that names it.
  return Error::success();
}

template <class ELFT> Error Merger<ELFT>::translate(Input &input) {
  for (auto [number, from] : zip_equal(input.sectionNumbers, input.sections)) {
    if (!number)
      continue;
    Section &to = sections[number];
    Error error = Error::success();
    if (from.sh_type == ELF::SHT_RELA)
      error = translateRelocations<Elf_Rela>(input, from, to);
    else if (from.sh_type == ELF::SHT_REL)
      error = translateRelocations<Elf_Rel>(input, from, to);
    else if (from.sh_type == ELF::SHT_GROUP)
      error = translateGroup(input, from, to);
    if (error)
      return error;
    // Where it is no section of ours, it is the symbol table.
    if (from.sh_link)
      to.header.sh_link = input.sectionNumbers[from.sh_link]
                              ? input.sectionNumbers[from.sh_link]
                              : symbolTable;
  }
  return Error::success();
}

/// The table of symbols, that of section numbers which do not fit it, and all names.
template <class ELFT> void Merger<ELFT>::addSymbolTable() {
  bool isExtended = sections.size() >= ELF::SHN_LORESERVE;
  for (const Symbol &symbol : symbols)
    strings.add(CachedHashStringRef(symbol.name));
  for (const Section &section : sections)
    strings.add(CachedHashStringRef(section.name));
  for (StringRef name : {".symtab", ".symtab_shndx", ".strtab"})
    strings.add(CachedHashStringRef(name));
  strings.finalize();
  auto entries = allocate<Elf_Sym>(symbols.size());
  auto indices = allocate<Elf_Word>(isExtended ? symbols.size() : 0);
  for (auto [i, symbol] : enumerate(drop_begin(symbols))) {
    Elf_Sym &entry = entries[i + 1];
    entry = symbol.entry;
    entry.st_name = strings.getOffset(CachedHashStringRef(symbol.name));
    if (symbol.section >= ELF::SHN_LORESERVE) {
      entry.st_shndx = ELF::SHN_XINDEX;
      indices[i + 1] = symbol.section;
    } else if (symbol.section) {
      entry.st_shndx = symbol.section;
    }
  }
  for (Section &section : drop_begin(sections))
    section.header.sh_name = strings.getOffset(CachedHashStringRef(section.name));
  auto add = [&](StringRef name, uint32_t type, ArrayRef<uint8_t> contents, size_t entrySize) {
    Section &section = sections.emplace_back();
    memset(&section.header, 0, sizeof(Elf_Shdr));
    section.header.sh_name = strings.getOffset(CachedHashStringRef(name));
    section.header.sh_type = type;
    section.header.sh_addralign = entrySize ? sizeof(Elf_Addr) : 1;
    section.header.sh_entsize = entrySize;
    section.header.sh_size = contents.size();
    section.header.sh_link = type == ELF::SHT_SYMTAB ? stringTable : symbolTable;
    section.contents = contents;
  };
  add(".symtab", ELF::SHT_SYMTAB, bytes<Elf_Sym>(entries), sizeof(Elf_Sym));
  sections.back().header.sh_info = numLocals;
  if (isExtended)
    add(".symtab_shndx", ELF::SHT_SYMTAB_SHNDX, bytes<Elf_Word>(indices), sizeof(Elf_Word));
  auto text = allocate<uint8_t>(strings.getSize());
  strings.write(text.data());
  add(".strtab", ELF::SHT_STRTAB, text, 0);
  sections.back().header.sh_link = 0;
}

/// Offsets of the sections, and the header.
template <class ELFT> void Merger<ELFT>::layOut() {
  uint64_t offset = sizeof(Elf_Ehdr);
  for (Section &section : drop_begin(sections)) {
    offset = alignTo(offset, std::max<uint64_t>(section.header.sh_addralign, 1));
    section.header.sh_offset = offset;
    offset += section.contents.size();
  }
  header = inputs.front().file.getHeader();
  header.e_shoff = alignTo(offset, sizeof(Elf_Addr));
  // Numbers that do not fit are in the null section's header.
  bool isExtended = sections.size() >= ELF::SHN_LORESERVE;
  header.e_shnum = isExtended ? 0 : sections.size();
  header.e_shstrndx = isExtended ? unsigned(ELF::SHN_XINDEX) : stringTable;
  sections[0].header.sh_size = isExtended ? sections.size() : 0;
  sections[0].header.sh_link = isExtended ? stringTable : 0;
}

template <class ELFT> void Merger<ELFT>::write() const {
  uint64_t written = 0;
  auto put = [&](ArrayRef<uint8_t> contents) {
    out.write(reinterpret_cast<const char *>(contents.data()), contents.size());
    written += contents.size();
  };
  auto padTo = [&](uint64_t offset) {
    out.write_zeros(offset - written);
    written = offset;
  };
  put(bytes<Elf_Ehdr>(header));
  for (const Section &section : drop_begin(sections)) {
    padTo(section.header.sh_offset);
    put(section.contents);
  }
  padTo(header.e_shoff);
  for (const Section &section : sections)
    put(bytes<Elf_Shdr>(section.header));
}

template <class ELFT> Error Merger<ELFT>::merge(ArrayRef<StringRef> objects) {
  memset(&sections[0].header, 0, sizeof(Elf_Shdr));
  memset(&symbols[0].entry, 0, sizeof(Elf_Sym));
  inputs.reserve(objects.size());
  for (StringRef object : objects)
    if (Error e = read(object))
      return e;
  for (Input &input : inputs)
    if (Error e = addSections(input))
      return e;
  symbolTable = sections.size();
  stringTable = symbolTable + (sections.size() >= ELF::SHN_LORESERVE ? 2 : 1);
  for (Input &input : inputs)
    if (Error e = addSymbols(input))
      return e;
  numberSymbols();
  for (Input &input : inputs)
    if (Error e = translate(input))
      return e;
  addSymbolTable();
  layOut();
  write();
  return Error::success();
}

Error wasmc::object::mergeObjects(ArrayRef<StringRef> objects, const StringSet<> &locals,
                           raw_ostream &out) {
  auto [width, encoding] = llvm::object::getElfArchType(objects.front());
  bool isLittle = encoding == ELF::ELFDATA2LSB;
  if (width == ELF::ELFCLASS64)
    return isLittle ? Merger<llvm::object::ELF64LE>(locals, out).merge(objects)
                    : Merger<llvm::object::ELF64BE>(locals, out).merge(objects);
  return isLittle ? Merger<llvm::object::ELF32LE>(locals, out).merge(objects)
                  : Merger<llvm::object::ELF32BE>(locals, out).merge(objects);
}
