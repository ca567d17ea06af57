#!/bin/sh
# Computes the hash of the ABI's rows anew and writes it into abi/hash.h. Run it
# after a change of layout.def or traps.def. CXX names the compiler.
set -eu
cd "$(dirname "$0")/include/wasmc/abi"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/print.cpp" <<'EOF'
#define WASMC_ABI_HASH_UNCHECKED
#include "hash.h"
#include <stdio.h>
int main() { printf("%016llx\n", static_cast<unsigned long long>(wasmc::abi::computeHash())); }
EOF
"${CXX:-c++}" -std=c++20 -I. "$work/print.cpp" -o "$work/print"
hash=$("$work/print")
sed "s/^#define WASMC_ABI_HASH .*/#define WASMC_ABI_HASH $hash/" hash.h > "$work/hash.h"
cmp -s "$work/hash.h" hash.h || cp "$work/hash.h" hash.h
echo "$hash"
