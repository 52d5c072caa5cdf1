// What generated RTL and testbenches must look like, in the words that the models read. Sources: DESIGN of the product,
// the tools' own limits (Icarus 11, Verilator 5.006, Yosys 0.23).

export const RTL_RULES = `RTL rules
- Synthesizable SystemVerilog that Icarus Verilog 11 (-g2012), Verilator 5 and Yosys 0.23 all accept: modules, parameters,
  logic, always_ff/always_comb, case, functions, generate, packed vectors, unpacked arrays of vectors. Not: interfaces,
  classes, structs on ports, enum casts, break/continue, string operations, |=> and other concurrent assertions.
- One module a file, src/<module>.sv, named exactly as in the plan, with exactly the plan's ports and parameters.
- Every register is reset. Nonblocking assignments in always_ff, blocking in always_comb, no latches, a default in every
  case. No delays, no initial blocks, no tri-state inside the design. Widths match without truncation; size every literal.
- Instantiate purchased packages by their top-level module with named ports and parameters, as their port lists say. Never
  rewrite, copy or wrap around what a package already does; its sources are read-only and are compiled beside yours.
- \`default_nettype none at the top of each file and \`default_nettype wire at its end.
- A design computes its outputs and says nothing: no system task or function but $clog2, $signed, $unsigned, $bits, the array
  queries, $readmemh/$readmemb of a literal path, and $error/$fatal with a literal text. No final, force or bind, no DPI, no
  hierarchical names, no commands to tools in comments (lint_off, translate_off), no full_case or parallel_case, and nothing
  that depends on a macro of a tool (VERILATOR, SYNTHESIS, __ICARUS__). Otherwise it is refused as DESIGN_IMPURE.`;

export const TESTBENCH_RULES = `Testbench rules
- tb/tb_<top>.sv, module tb_<top> without ports, \`timescale 1ns/1ps, every module that it needs but the design's own.
- Self-checking against the specification, not against the implementation: compute each expectation independently.
- Each failed comparison prints exactly one line with $display: FAIL signal=<name> time=<ns>
  where <name> is the port or signal compared and <ns> is $time in whole nanoseconds; further words may follow on the line.
- Compare with === so that x never passes. After 20 failures print no more.
- When everything was checked and nothing failed, print one line that starts with PASS. Never print PASS after a FAIL.
- End with $finish in every case; a watchdog ends a hanging run after a bounded time with a FAIL line. Never use $stop,
  $fatal or $error. Pseudo-random values come from $urandom or from an LFSR of your own with a fixed start, never from
  $random(seed), which begins nearly constant in some simulators.
- Look at the design through its ports only: no hierarchical names into it, no force, no bind, no DPI, no $system. Open
  files by literal relative paths only. Otherwise it is refused as BENCH_IMPURE.
- Compare every output with what the specification says of it, in more than one state: the testbench is run on the design
  with each output inverted in turn and has to fail each time.
- Drive inputs away from the sampling edge (for instance at the falling edge), so that no race decides.
- Dump waves only when asked: if ($value$plusargs("vcd=%s", file)) begin $dumpfile(file); $dumpvars(0, tb_<top>); end
- Cover every check of the plan, reset values, boundaries (empty, full, wrap, overflow, back-to-back) and at least one long
  pseudo-random sequence with a fixed seed where the design has state: a design with outputs stuck at 0, 1 or x, or with one
  operator changed, must fail.`;

export const DIFF_RULES = `Answer format where the task asks for a diff
- One unified diff and nothing else. No explanation before or after it.
- Paths are relative to the workspace: a/src/x.sv, b/src/x.sv. Only files below src/ and tb/ may be created, changed or deleted.
- A new file: "--- /dev/null", "+++ b/src/x.sv", one hunk "@@ -0,0 +1,N @@", every line with a leading "+".
- A changed file: three unchanged context lines around each change, copied exactly from the file as given.
- A deleted file: "--- a/src/x.sv", "+++ /dev/null".`;
