// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_arbiter_prio: every pattern of few requesters, random ones of many, against a search from below.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_arbiter_prio #(
  parameter int N = 4
);
  logic         clk = 1'b0;
  logic         rst_n = 1'b0;
  logic [N-1:0] req = '1;
  logic [N-1:0] grant;
  logic         grant_valid;

  cbb_arbiter_prio #(.N(N)) dut (.*);

  always #5 clk = !clk;

  logic [N-1:0] want = '0;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_arbiter_prio);
    end
  end

  // xorshift32: the same stimulus under every simulator.
  function logic [31:0] random_word();
    seed = seed ^ (seed << 13);
    seed = seed ^ (seed >> 17);
    seed = seed ^ (seed << 5);
    random_word = seed;
  endfunction

  task check;
    `CHECK("grant", grant, want)
    `CHECK("grant_valid", grant_valid, want != 0)
  endtask

  task step(input logic [N-1:0] next);
    @(negedge clk);
    check();
    req = next;
    #1 check();
    want = '0;
    for (int i = N - 1; i >= 0; i = i - 1) begin
      if (next[i]) want = {{(N-1){1'b0}}, 1'b1} << i;
    end
  endtask

  logic [63:0] wide;

  initial begin
    repeat (2) @(negedge clk);
    check();
    rst_n = 1'b1;
    req = '0;
    for (int i = 0; i < 256; i = i + 1) begin
      wide = {56'd0, i[7:0]};
      step(wide[N-1:0]);
    end
    for (int i = 0; i < 2000; i = i + 1) begin
      wide = {random_word(), random_word()} & {random_word(), random_word()};
      if (i % 3 == 0) wide = wide << (random_word() >> 5) % N;
      step(wide[N-1:0]);
    end
    step('1);
    step('1);
    @(negedge clk);
    // The reset acts without an edge.
    #2 rst_n = 1'b0;
    #1 want = '0;
    check();
    @(negedge clk);
    check();
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
