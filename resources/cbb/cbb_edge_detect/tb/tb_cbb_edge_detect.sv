// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_edge_detect: both outputs against the last two sampled values of d, in every cycle.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_edge_detect;
  logic clk = 1'b0;
  logic rst_n = 1'b0;
  logic d = 1'b0;
  logic rose;
  logic fell;

  cbb_edge_detect dut (.*);

  always #5 clk = !clk;

  logic last = 1'b0;        // d at the last rising edge
  logic before_last = 1'b0;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_edge_detect);
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
    `CHECK("rose", rose, last && !before_last)
    `CHECK("fell", fell, !last && before_last)
    d = value;
    #1;
    // Both are registered: a change of d alone does not move them.
    `CHECK("rose", rose, last && !before_last)
    `CHECK("fell", fell, !last && before_last)
    before_last = last;
    last = d;
  endtask

  // Resets while `rose` or `fell` is high and d has the given value.
  task reset(input logic value);
    step(!value);
    step(!value);
    step(value);
    @(negedge clk);
    `CHECK("rose", rose, value)
    `CHECK("fell", fell, !value)
    #2 rst_n = 1'b0;
    #1 `CHECK("rose", rose, 1'b0)
    `CHECK("fell", fell, 1'b0)
    repeat (2) @(negedge clk);
    `CHECK("rose", rose, 1'b0)
    `CHECK("fell", fell, 1'b0)
    rst_n = 1'b1;
    // d that is high when reset ends counts as a rising edge.
    before_last = 1'b0;
    last = d;
  endtask

  initial begin
    repeat (2) @(negedge clk);
    `CHECK("rose", rose, 1'b0)
    `CHECK("fell", fell, 1'b0)
    rst_n = 1'b1;
    repeat (3) step(1'b0);
    reset(1'b1);
    repeat (3) step(1'b1);
    reset(1'b0);
    repeat (3) step(1'b0);
    for (int i = 0; i < 1000; i = i + 1) step(chance(50) ? d : !d);
    reset(1'b1);
    for (int i = 0; i < 200; i = i + 1) step(chance(50));
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
