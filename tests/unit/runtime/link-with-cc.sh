#!/bin/sh
# Usage: link-with-cc.sh LIBWASMC_RT INCLUDE HOST.c
# Links a C host with each C compiler there is, against libc alone, and runs it. Every
# member of the archive at once needs the unwinder besides.
set -eu
archive=$1 include=$2 host=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for compiler in cc gcc clang-22; do
  command -v "$compiler" > /dev/null || continue
  for mode in -pie -no-pie; do
    pic=$([ $mode = -pie ] && echo -fPIE || echo -fno-pie)
    "$compiler" -std=c11 -Wall -Wextra -Wpedantic -Werror $pic $mode -I"$include" "$host" \
      "$archive" -nodefaultlibs -lc -o "$work/host"
    "$work/host"
    # Every member at once, not only those that this host pulls in.
    "$compiler" -std=c11 $pic $mode -I"$include" "$host" -Wl,--whole-archive "$archive" \
      -Wl,--no-whole-archive -nodefaultlibs -lc -lgcc_s -o "$work/host"
    "$work/host"
  done
  "$compiler" -shared -fPIC -Wl,--whole-archive "$archive" -Wl,--no-whole-archive -Wl,-z,defs \
    -nodefaultlibs -lc -lgcc_s -o "$work/libplugin.so"
  exported=$(nm -D --defined-only "$work/libplugin.so" | awk '{print $3}' | grep -v '^wasmc_' || :)
  if [ -n "$exported" ]; then
    echo "$compiler: exported beside the interface: $exported"
    exit 1
  fi
done
