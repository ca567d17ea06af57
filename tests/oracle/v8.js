// Part of the wasmc project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Runs prepared modules in V8 and prints what wasm-interp would print:
//
//     node v8.js FILE.wasm...
//
// A line `= FILE` comes before each module; a last line `# N N ...` has its counters.
'use strict';
const fs = require('fs');

// Each of V8's wordings stands for one or several of the specification's: the
// first of them, and oracle.py knows which ones V8 does not tell apart.
const WORDING = [
  [/Maximum call stack/, 'call stack exhausted'],
  [/unaligned/, 'unaligned atomic'],
  [/(divide|remainder) by zero/, 'integer divide by zero'],
  [/unrepresentable/, 'integer overflow'],
  [/(memory|data).*out of bounds/, 'out of bounds memory access'],
  [/(table|element).*out of bounds/, 'out of bounds table access'],
  [/null function or function signature/, 'indirect call type mismatch'],
  [/null/, 'null reference'],
  [/unreachable/, 'unreachable'],
];

function describe(error) {
  if (error instanceof WebAssembly.Exception) return 'uncaught exception';
  const found = WORDING.find(([pattern]) => pattern.test(error.message));
  return found ? found[1] : error.message;
}

function show(value) {
  return typeof value === 'bigint' ? `i64:${BigInt.asUintN(64, value)}` : `i32:${value >>> 0}`;
}

function run(path, out) {
  let module;
  try {
    module = new WebAssembly.Module(fs.readFileSync(path));
  } catch (error) {
    out.push(`! ${error.message}`);
    return;
  }
  let exports;
  try {
    exports = new WebAssembly.Instance(module).exports;
  } catch (error) {
    out.push(error instanceof WebAssembly.LinkError ? `! ${error.message}`
                                                    : `error initializing module: ${describe(error)}`);
    return;
  }
  const counters = [];
  for (const { name, kind } of WebAssembly.Module.exports(module)) {
    if (kind === 'global' && /^c\d+$/.test(name)) counters.push(name);
    if (kind !== 'function') continue;
    let text;
    try {
      const results = exports[name]();
      text = results === undefined ? '' : ' ' + [].concat(results).map(show).join(', ');
    } catch (error) {
      text = ` error: ${describe(error)}`;
    }
    out.push(`${name}() =>${text}`);
  }
  out.push('# ' + counters.map((name) => exports[name].value).join(' '));
}

for (const path of process.argv.slice(2)) {
  const out = [`= ${path}`];
  run(path, out);
  fs.writeSync(1, out.join('\n') + '\n');
}
