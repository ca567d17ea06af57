#!/bin/sh
# Builds the plugin and tests it in a broker.
#
# usage: run-broker-test.sh WASMC FOLDER [--repeat N] [broker_test.py's options]
#
# WASMC is where wasmc was built or installed, FOLDER where to build.
set -eu

usage() {
  sed -n 's/^# usage: /usage: /p' "$0" >&2
  exit 2
}

[ $# -ge 2 ] || usage
here=$(cd "$(dirname "$0")" && pwd)
wasmc=$(cd "$1" && pwd)
build=$2
shift 2

cmake -S "$here" -B "$build" -DCMAKE_PREFIX_PATH="$wasmc"
cmake --build "$build"
# The test is this process: what ends it ends its brokers.
exec python3 "$here/broker_test.py" "$build" "$@"
