// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A kernel in V8: node --no-liftoff --no-wasm-lazy-compilation v8.js KERNEL NAME=FILE.wasm...
// Answers on standard output as harness.c does. With these options the code is the optimising
// compiler's from the first call on; what is measured is never a tier below.
'use strict';
const fs = require('fs');
const readline = require('readline');

const [kernel, ...files] = process.argv.slice(2);
const exportsOf = new Map();
for (const file of files) {
  const [name, path] = file.split('=');
  const module = new WebAssembly.Module(fs.readFileSync(path));
  exportsOf.set(name, new WebAssembly.Instance(module).exports);
}

// Of this process, in nanoseconds, since what Node.js tells of one thread is only as exact as
// the timer tick. V8's other threads have nothing to do once all is compiled.
function now() {
  const {user, system} = process.cpuUsage();
  return (user + system) * 1000;
}

const ready = new Set();
readline.createInterface({input: process.stdin}).on('line', (line) => {
  const [name, rounds] = line.split(' ');
  const functions = exportsOf.get(name);
  if (!ready.has(name)) functions[kernel + '_init']();
  ready.add(name);
  const run = functions[kernel + '_run'];
  const start = now();
  const sum = run(Number(rounds));
  const time = now() - start;
  const hex = BigInt.asUintN(64, sum).toString(16).padStart(16, '0');
  fs.writeSync(1, `${time} ${hex}\n`);
});
