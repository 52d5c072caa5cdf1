// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_sync_bit: q is d of exactly STAGES rising edges ago; reset acts without a clock and fills the whole chain.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_sync_bit #(
  parameter int STAGES      = 2,
  parameter int RESET_VALUE = 0
);
  logic clk = 1'b0;
  logic rst_n = 1'b0;
  logic d = 1'b0;
  logic q;

  cbb_sync_bit #(.STAGES(STAGES), .RESET_VALUE(RESET_VALUE)) dut (.*);

  always #5 clk = !clk;

  localparam logic IN_RESET = RESET_VALUE != 0;

  // history[n] is what d was n + 1 rising edges ago.
  logic history [0:STAGES-1];

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_sync_bit);
    end
  end

  // xorshift32: the same stimulus under every simulator.
  function logic [31:0] random_word();
    seed = seed ^ (seed << 13);
    seed = seed ^ (seed >> 17);
    seed = seed ^ (seed << 5);
    random_word = seed;
  endfunction

  function logic chance(input int percent);
    chance = (random_word() >> 3) % 100 < percent;
  endfunction

  task step(input logic value);
    @(negedge clk);
    `CHECK("q", q, history[STAGES-1])
    d = value;
    #1;
    // q changes with the clock only.
    `CHECK("q", q, history[STAGES-1])
    for (int i = STAGES - 1; i > 0; i = i - 1) history[i] = history[i-1];
    history[0] = d;
  endtask

  task reset;
    // Fill the chain with the opposite value first, then reset between two edges.
    repeat (STAGES + 1) step(!IN_RESET);
    @(negedge clk);
    `CHECK("q", q, !IN_RESET)
    #2 rst_n = 1'b0;
    #1 `CHECK("q", q, IN_RESET)
    repeat (STAGES + 1) @(negedge clk);
    `CHECK("q", q, IN_RESET)
    for (int i = 0; i < STAGES; i = i + 1) history[i] = IN_RESET;
    d = IN_RESET;
    rst_n = 1'b1;
    @(negedge clk);
  endtask

  initial begin
    for (int i = 0; i < STAGES; i = i + 1) history[i] = IN_RESET;
    d = IN_RESET;
    repeat (2) @(negedge clk);
    rst_n = 1'b1;
    // The first values out are the chain's reset values.
    repeat (2 * STAGES + 2) step(!IN_RESET);
    reset();
    repeat (500) step(chance(50));
    reset();
    repeat (500) step(chance(20));
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
