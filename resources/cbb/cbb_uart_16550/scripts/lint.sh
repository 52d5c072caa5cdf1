#!/bin/sh
# Lints the RTL with every warning on, and elaborates it with Yosys where that is installed.
set -eu
cd "$(dirname "$0")/.."
verilator --lint-only -Wall --top-module cbb_uart_16550 -f scripts/rtl.f
if command -v yosys >/dev/null; then
  yosys -q -p "read_verilog -sv $(tr '\n' ' ' <scripts/rtl.f); hierarchy -check -top cbb_uart_16550; proc; check -assert"
fi
