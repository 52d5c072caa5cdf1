#!/bin/sh
# Compiles and runs the bench: scripts/sim.sh [icarus|verilator] [NAME=VALUE ...], the values overriding bench parameters.
# Exit status 0 only if the bench says PASS and never FAIL. Writes below a temporary folder only.
set -eu
cd "$(dirname "$0")/.."
tool=${1:-icarus}
[ $# -gt 0 ] && shift
top=tb_cbb_uart_16550
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

case $tool in
  icarus)
    for pair in "$@"; do set -- "$@" "-P$top.$pair"; shift; done
    iverilog -g2012 "$@" -s "$top" -o "$work/$top.vvp" -f scripts/rtl.f "tb/$top.sv"
    vvp -n "$work/$top.vvp" >"$work/log" 2>&1 || true
    ;;
  verilator)
    for pair in "$@"; do set -- "$@" "-G$pair"; shift; done
    verilator --binary --timing -Wno-fatal -Wno-lint "$@" --top-module "$top" --Mdir "$work/build" -o sim \
      -f scripts/rtl.f "tb/$top.sv" >"$work/build.log" 2>&1 || { cat "$work/build.log"; exit 1; }
    "$work/build/sim" >"$work/log" 2>&1 || true
    ;;
  *)
    echo "usage: scripts/sim.sh [icarus|verilator] [NAME=VALUE ...]" >&2
    exit 2
    ;;
esac

cat "$work/log"
grep -q '^PASS' "$work/log" && ! grep -q 'FAIL' "$work/log"
