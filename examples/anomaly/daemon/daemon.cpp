//===- daemon.cpp - A daemon with a module inside --------------------------===//
//
// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// First what such a daemon is for: a stream of messages through the module, and the
// alarms that it raises. Then how long that takes, beside other ways to run the code.
//
//===----------------------------------------------------------------------===//
#include "Detection.h"
#include "Options.h"
#include "Progress.h"
#include "Report.h"
#include "System.h"

#include <algorithm>
#include <cinttypes>
#include <fstream>
#include <map>

using namespace demo;

static int fail(const std::string &what) {
  fflush(stdout);
  fprintf(stderr, "anomaly: %s\n", what.c_str());
  return 1;
}

static std::optional<Stream> openStream(const Options &options, std::string &error) {
  std::optional<Stream> stream;
  if (options.data.empty())
    stream = makeSynthetic(options.numMessages, options.seed);
  else
    stream = readSeries(options.data, error);
  if (!stream ||
      (!options.windows.empty() && !readLabels(options.windows, options.data, *stream, error)))
    return std::nullopt;
  if (options.tuning)
    stream->tuning = *options.tuning;
  return stream;
}

/// The stream through the compiled module, message by message, with its alarms shown.
static bool runStream(const Stream &stream, int64_t clock, Detection &detection, Run &run,
                      std::string &error) {
  Progress progress;
  size_t count = stream.messages.size();
  run = {stream.messages, stream.tuning, {}, {}, 0};
  run.samples.clock = clock;
  run.samples.onGroup = [&](size_t done) { progress.show("messages", done, count); };
  run.tally.onAlarm = [&](int32_t level, std::string_view text) {
    size_t at = run.tally.numMessages;
    detection.alarm(at, level, text);
    if (level != ANOMALY_ALARM_RAISED)
      return;
    progress.clear();
    printf("  %s  %.*s\n", formatTime(stream, stream.messages[at].time).c_str(),
           static_cast<int>(text.size()), text.data());
  };
  return runInPlace(run, error);
}

static void printStream(const Run &run) {
  Figures figures = figuresOf(run.samples);
  printf("%s messages in %.3f s, %s of them refused: %s messages per second\n",
         formatCount(run.tally.numMessages).c_str(), run.samples.total / 1e9,
         formatCount(run.tally.numErrors).c_str(), formatNumber(figures.perSecond).c_str());
  printf("ns per message: median %s, p99 %s, p99.9 %s (with the alarms' printing)\n",
         formatNumber(figures.median).c_str(), formatNumber(figures.p99).c_str(),
         formatNumber(figures.p999).c_str());
}

static size_t shareOf(const Way &way, const Stream &stream) {
  return way.share ? std::min(way.share, stream.messages.size()) : stream.messages.size();
}

/// What the native module comes to on a share of the stream.
class References {
public:
  explicit References(const Stream &stream) : stream(stream) {}
  const Tally &of(size_t count) {
    auto [at, isNew] = tallies.try_emplace(count);
    if (isNew) {
      Run run = {Messages(stream.messages).first(count), stream.tuning, {}, {}, 0};
      std::string error;
      runNative(run, error);
      at->second = run.tally;
    }
    return at->second;
  }

private:
  const Stream &stream;
  std::map<size_t, Tally> tallies;
};

/// All ways in turns, so that a slow moment of the machine meets all of them.
static std::vector<Outcome> compare(const Stream &stream, const Options &options, int64_t clock) {
  References references(stream);
  Progress progress;
  std::vector<Outcome> outcomes;
  for (const Way *way : options.ways) {
    Outcome &outcome = outcomes.emplace_back();
    outcome.way = way;
    outcome.numMessages = shareOf(*way, stream);
    outcome.agrees = true;
  }
  for (size_t round = 0; round != options.rounds; ++round)
    for (Outcome &outcome : outcomes) {
      if (!outcome.error.empty())
        continue;
      std::string what = "round " + std::to_string(round + 1) + " of " +
                         std::to_string(options.rounds) + ", " + outcome.way->title;
      Run run = {Messages(stream.messages).first(outcome.numMessages), stream.tuning, {}, {}, 0};
      run.samples.clock = clock;
      run.samples.onGroup = [&](size_t done) { progress.show(what, done, outcome.numMessages); };
      if (!outcome.way->run(run, outcome.error))
        continue;
      outcome.agrees &= run.tally.agrees(references.of(outcome.numMessages));
      outcome.rounds.push_back(figuresOf(std::move(run.samples)));
      outcome.starts.push_back(run.start);
    }
  for (Outcome &outcome : outcomes) {
    if (!outcome.error.empty())
      continue;
    outcome.figures = medianOf(outcome.rounds);
    std::vector<int64_t> starts = outcome.starts;
    std::nth_element(starts.begin(), starts.begin() + starts.size() / 2, starts.end());
    outcome.start = starts[starts.size() / 2];
  }
  return outcomes;
}

static void printMethod(const Options &options, int64_t clock) {
  printf("Rounds, in turns: %zu; each figure is the median of the rounds' own. In the process,\n"
         "%zu messages are measured at a time and the time is divided; what looking at the clock\n"
         "costs, %" PRId64
         " ns, is taken off. Pipe and files: each message by itself. wasm-interp: all\n"
         "at once, without its start. Each row goes from receiving a message, that is copying its\n"
         "64 bytes to where the way wants it, to having read its result.\n",
         options.rounds, groupSize, clock);
  for (const Way *way : options.ways)
    printf("  %-25s %s\n", way->title, way->meaning);
}

static bool writeFile(const std::string &path, const std::string &text) {
  if (path.empty())
    return true;
  std::ofstream out(path, std::ios::binary);
  out << text;
  return out.flush().good();
}

int main(int argc, char **argv) {
  int status;
  std::optional<Options> options = parseOptions(argc, argv, status);
  if (!options)
    return status;
  std::string error;
  std::optional<Stream> stream = openStream(*options, error);
  if (!stream)
    return fail(error);
  int64_t clock = clockCost();

  printf("stream: %s, %s messages\n", stream->name.c_str(),
         formatCount(stream->messages.size()).c_str());
  Detection detection(*stream);
  Run run;
  if (!runStream(*stream, clock, detection, run, error))
    return fail(error);
  printStream(run);
  detection.print(stdout);

  std::vector<Outcome> outcomes;
  bool agree = true;
  if (!options->ways.empty()) {
    fflush(stdout);
    outcomes = compare(*stream, *options, clock);
    printf("\n");
    printTable(stdout, outcomes);
    printf("\n");
    printMethod(*options, clock);
    agree = allAgree(outcomes);
    for (const Outcome &outcome : outcomes)
      if (outcome.error.empty() && outcome.way->computes && !outcome.agrees)
        printf("%s: other results or alarms than the native module\n", outcome.way->title);
    if (agree)
      printf("All ways came to the same results and alarms.\n");
  }
  if (!writeFile(options->svg, drawChart(*stream, outcomes)))
    return fail(systemError(options->svg));
  if (!writeFile(options->json, writeJson(*stream, detection, run.tally, clock, outcomes)))
    return fail(systemError(options->json));
  return agree ? 0 : 1;
}
