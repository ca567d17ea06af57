//===- Options.cpp - The command line --------------------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "Options.h"

#include <charconv>
#include <cstdio>
#include <cstring>
#include <getopt.h>

namespace demo {
namespace {

void usage(FILE *out) {
  fputs("usage: anomaly [options]\n"
        "\n"
        "Runs a stream of sensor messages through a WebAssembly module that was compiled\n"
        "into this program, then the same stream through other ways of running its code.\n"
        "\n"
        "  --data FILE.csv      a recorded series: lines of 'YYYY-MM-DD HH:MM:SS,value'\n"
        "  --windows FILE.json  where alarms are expected: {\"FILE.csv\": [[FROM, TO], ...]}\n"
        "  --messages N         messages of the synthetic stream otherwise (1000000)\n"
        "  --seed N             and its seed (1)\n"
        "  --tune RAISE,CLEAR,FLOOR,PERSIST,HOLD,STRIDE\n"
        "                       when an alarm is raised and over, see module/detector.h\n"
        "  --ways LIST          names with commas between, 'all' (default) or 'none':\n",
        out);
  for (const Way &way : allWays())
    fprintf(out, "                         %-9s %s\n", way.name, way.meaning);
  fputs("  --rounds N           how often each way runs, in turns (5)\n"
        "  --json FILE          write all that was measured\n"
        "  --svg FILE           write the chart\n"
        "  --help\n",
        out);
}

bool parseNumber(const char *text, uint64_t least, uint64_t most, uint64_t &value) {
  auto [stop, error] = std::from_chars(text, text + strlen(text), value);
  return error == std::errc() && *stop == 0 && value >= least && value <= most;
}

bool parseTuning(const char *text, std::optional<Tuning> &tuning) {
  Tuning t;
  int length = 0;
  int fields = sscanf(text, "%f,%f,%f,%d,%d,%d%n", &t.raise, &t.clear, &t.floor, &t.persist,
                      &t.hold, &t.stride, &length);
  if (fields != 6 || text[length] != 0)
    return false;
  tuning = t;
  return true;
}

bool parseWays(std::string_view list, std::vector<const Way *> &ways) {
  ways.clear();
  if (list == "none")
    return true;
  for (const Way &way : allWays())
    if (list == "all")
      ways.push_back(&way);
  while (list != "all" && !list.empty()) {
    std::string_view name = list.substr(0, list.find(','));
    list.remove_prefix(std::min(list.size(), name.size() + 1));
    size_t before = ways.size();
    for (const Way &way : allWays())
      if (name == way.name)
        ways.push_back(&way);
    if (ways.size() == before)
      return false;
  }
  return !ways.empty();
}

} // namespace

std::optional<Options> parseOptions(int argc, char **argv, int &status) {
  enum { Data = 1, Windows, NumMessages, Seed, Tune, Ways, Rounds, JsonFile, SvgFile, Help };
  static const option known[] = {{"data", required_argument, nullptr, Data},
                                 {"windows", required_argument, nullptr, Windows},
                                 {"messages", required_argument, nullptr, NumMessages},
                                 {"seed", required_argument, nullptr, Seed},
                                 {"tune", required_argument, nullptr, Tune},
                                 {"ways", required_argument, nullptr, Ways},
                                 {"rounds", required_argument, nullptr, Rounds},
                                 {"json", required_argument, nullptr, JsonFile},
                                 {"svg", required_argument, nullptr, SvgFile},
                                 {"help", no_argument, nullptr, Help},
                                 {}};
  Options options;
  parseWays("all", options.ways);
  uint64_t number = 0;
  bool ok = true;
  status = 2;
  for (int found; ok && (found = getopt_long(argc, argv, "", known, nullptr)) != -1;) {
    switch (found) {
    case Data: options.data = optarg; break;
    case Windows: options.windows = optarg; break;
    case NumMessages:
      ok = parseNumber(optarg, 1, 100'000'000, number);
      options.numMessages = number;
      break;
    case Seed: ok = parseNumber(optarg, 0, UINT64_MAX, options.seed); break;
    case Tune: ok = parseTuning(optarg, options.tuning); break;
    case Ways: ok = parseWays(optarg, options.ways); break;
    case Rounds:
      ok = parseNumber(optarg, 1, 1000, number);
      options.rounds = number;
      break;
    case JsonFile: options.json = optarg; break;
    case SvgFile: options.svg = optarg; break;
    case Help:
      usage(stdout);
      status = 0;
      return std::nullopt;
    default: usage(stderr); return std::nullopt;
    }
    if (!ok)
      fprintf(stderr, "anomaly: '%s' is not what '%s' takes\n", optarg, known[found - 1].name);
  }
  if (ok && optind != argc) {
    fprintf(stderr, "anomaly: unexpected argument '%s'\n", argv[optind]);
    ok = false;
  }
  if (ok && options.data.empty() && !options.windows.empty()) {
    fprintf(stderr, "anomaly: --windows belongs to a series: --data is missing\n");
    ok = false;
  }
  if (!ok)
    return std::nullopt;
  return options;
}

} // namespace demo
