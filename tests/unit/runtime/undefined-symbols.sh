#!/bin/sh
# Usage: undefined-symbols.sh LIBWASMC_RT ALLOWED
# Whether the archive needs symbols beyond its own and those listed in ALLOWED.
set -eu
archive=$1 allowed=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
nm -P "$archive" 2> /dev/null > "$work/all"
awk 'NF >= 2 && $2 ~ /^[Uwv]$/ {print $1}' "$work/all" | sort -u > "$work/needed"
awk 'NF >= 2 && $2 !~ /^[Uwv]$/ {print $1}' "$work/all" | sort -u > "$work/own"
sort -u "$allowed" | grep -v '^#' > "$work/allowed"
comm -23 "$work/needed" "$work/own" | comm -23 - "$work/allowed" > "$work/foreign"
if [ -s "$work/foreign" ]; then
  echo "needed and neither its own nor in $allowed:"
  cat "$work/foreign"
  exit 1
fi
