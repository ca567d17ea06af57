// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The filters in V8: node v8.js filter.wasm. For each line `NAME LENGTH COUNT`, it copies COUNT
// messages into the module, calls it, reads the result, and answers `NANOSECONDS SUM`.
'use strict';
const fs = require('fs');
const readline = require('readline');

const NUM_MESSAGES = 64, MAX_LENGTH = 16384;
const module_ = new WebAssembly.Module(fs.readFileSync(process.argv[2]));
const filter = new WebAssembly.Instance(module_).exports;
const at = filter.memory.grow(1) * 65536, out = at + 32768;
const bytes = new Uint8Array(filter.memory.buffer), view = new DataView(filter.memory.buffer);

// The messages that host.c makes.
const messages = [];
let state = 1;
for (let i = 0; i < NUM_MESSAGES; ++i) {
  const message = new Uint8Array(MAX_LENGTH);
  for (let k = 0; k < MAX_LENGTH; ++k) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    message[k] = state >>> 24;
  }
  messages.push(message);
}

function now() {
  const {user, system} = process.cpuUsage();
  return (user + system) * 1000;
}

// The sum of the results' first words, as two halves: a BigInt would be an allocation.
function run(call, list, count) {
  let low = 0, high = 0;
  for (let i = 0; i < count; ++i) {
    const message = list[i % NUM_MESSAGES];
    bytes.set(message, at);
    call(at, message.length, out, 64);
    low += view.getUint32(out, true);
    high = (high + view.getUint32(out + 4, true)) | 0;
  }
  return BigInt.asUintN(64, BigInt(low) + (BigInt(high) << 32n));
}

readline.createInterface({input: process.stdin}).on('line', (line) => {
  const [name, length, count] = line.split(' ');
  const list = messages.map((message) => message.subarray(0, Number(length)));
  run(filter[name], list, 1000);
  const start = now();
  const sum = run(filter[name], list, Number(count));
  fs.writeSync(1, `${now() - start} ${sum.toString(16)}\n`);
});
