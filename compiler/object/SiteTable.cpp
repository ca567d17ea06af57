//===- SiteTable.cpp - The table of trap sites, written with the code ---===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "object/SiteTable.h"

#include "abi/Symbols.h"
#include "wasmc/abi/sites.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/CodeGen/MachineFunction.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Function.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCSectionELF.h"
#include "llvm/MC/MCStreamer.h"
#include "llvm/MC/MCSymbolELF.h"
#include "llvm/Support/Path.h"

using namespace llvm;
using namespace wasmc;
using namespace wasmc::object;

/// The names of one record, each once; the empty one first.
struct SiteTable::Strings {
  std::string pool = std::string(1, '\0');
  StringMap<uint32_t> offsets;
  uint32_t add(StringRef text) {
    if (text.empty())
      return 0;
    // A long name of a module's costs no more than this for each site.
    auto [it, isNew] = offsets.try_emplace(text.take_front(200), pool.size());
    if (isNew)
      pool.append(it->first().str()).push_back('\0');
    return it->second;
  }
};

void SiteTable::beginFunction(const MachineFunction *mf) {
  last = nullptr;
  const Function &f = mf->getFunction();
  // Called behind the function's label. A label of our own: the printer makes
  // one only where something else needs it.
  MCSymbol *begin = printer.OutContext.createTempSymbol();
  printer.OutStreamer->emitLabel(begin);
  records.push_back({&f, begin, nullptr, {}});
}

std::pair<const lower::DebugInfo *, lower::DebugInfo::Origin>
SiteTable::originOf(const DILocation *location) const {
  for (const lower::DebugInfo *module : modules)
    if (auto origin = module->origin(location))
      return {module, *origin};
  return {};
}

void SiteTable::beginInstruction(const MachineInstr *inst) {
  if (inst->isMetaInstruction() || !(inst->isCall() || inst->mayLoadOrStore()))
    return;
  const DILocation *location = inst->getDebugLoc().get();
  // An entry holds until the next: one for a run of the same location is enough.
  if (location == last)
    return;
  last = location;
  if (!location || !originOf(location).first)
    return;
  MCSymbol *label = printer.OutContext.createTempSymbol();
  printer.OutStreamer->emitLabel(label);
  records.back().sites.push_back({label, location});
}

void SiteTable::markFunctionEnd() {
  // Not in endFunction: by then a jump table may have changed the section.
  Record &record = records.back();
  record.end = printer.OutContext.createTempSymbol();
  printer.OutStreamer->emitLabel(record.end);
}

void SiteTable::endFunction(const MachineFunction *) {
  if (records.back().sites.empty())
    records.pop_back();
}

void SiteTable::writeSite(const Site &site, MCSymbol *before, Strings &strings) {
  struct Frame {
    uint32_t name, file, line, column;
    size_t offset;
    uint32_t function;
  };
  std::vector<Frame> frames;
  // Outwards through what LLVM inlined, and at each step through what the
  // module's producer had inlined.
  for (const DILocation *at = site.location; at; at = at->getInlinedAt()) {
    // What was inlined may be another module's.
    auto [module, origin] = originOf(at);
    if (!module)
      continue;
    std::string own = abi::escapeText(module->displayName(origin.function));
    const auto &sources = module->sources.frames(origin.offset);
    for (size_t i = 0; i != sources.size(); ++i) {
      const lower::SourceFrame &source = sources[i];
      // The module's name section knows the outermost one best.
      std::string name = i + 1 == sources.size() || source.function.empty()
                             ? own
                             : abi::escapeText(source.function);
      // Without the folder: where the module was built is its owner's business.
      std::string file = abi::escapeText(sys::path::filename(source.file));
      frames.push_back({strings.add(name), strings.add(file), source.line, source.column,
                        origin.offset, origin.function});
    }
    if (sources.empty())
      frames.push_back({strings.add(own), 0, 0, 0, origin.offset, origin.function});
  }
  MCStreamer &out = *printer.OutStreamer;
  out.emitAbsoluteSymbolDiffAsULEB128(site.label, before);
  out.emitULEB128IntValue(frames.size());
  for (const Frame &frame : frames) {
    out.emitULEB128IntValue(frame.name);
    out.emitULEB128IntValue(frame.file);
    out.emitULEB128IntValue(frame.file ? frame.line : 0);
    out.emitULEB128IntValue(frame.file ? frame.column : 0);
    out.emitULEB128IntValue(frame.offset);
    out.emitULEB128IntValue(frame.function);
  }
}

void SiteTable::write(const Record &record) {
  MCStreamer &out = *printer.OutStreamer;
  MCContext &context = printer.OutContext;
  auto *function = static_cast<MCSymbolELF *>(printer.getSymbol(record.function));
  // Bound to the function's section: the linker drops both or none.
  out.switchSection(context.getELFSection(WASMC_SITES_SECTION, ELF::SHT_PROGBITS,
                                          ELF::SHF_ALLOC | ELF::SHF_LINK_ORDER, 0, "", false,
                                          MCSection::NonUniqueID, function));
  MCSymbol *begin = context.createTempSymbol(), *end = context.createTempSymbol();
  MCSymbol *poolBegin = context.createTempSymbol(), *here = context.createTempSymbol();
  out.emitValueToAlignment(Align(8));
  out.emitLabel(begin);
  out.emitAbsoluteSymbolDiff(end, begin, 4);
  out.emitLabel(here);
  out.emitValue(MCBinaryExpr::createSub(MCSymbolRefExpr::create(record.begin, context),
                                        MCSymbolRefExpr::create(here, context), context),
                4);
  out.emitAbsoluteSymbolDiff(record.end, record.begin, 4);
  out.emitAbsoluteSymbolDiff(poolBegin, begin, 4);
  out.emitInt32(record.sites.size());
  Strings strings;
  MCSymbol *before = record.begin;
  for (const Site &site : record.sites) {
    writeSite(site, before, strings);
    before = site.label;
  }
  out.emitLabel(poolBegin);
  out.emitBytes(strings.pool);
  out.emitValueToAlignment(Align(8));
  out.emitLabel(end);
}

void SiteTable::endModule() {
  for (const Record &record : records)
    write(record);
}
