// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_axis_skid: numbered words through every mix of stalls, and a model of the two places.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_axis_skid #(
  parameter int WIDTH = 8
);
  logic             clk = 1'b0;
  logic             rst_n = 1'b0;
  logic [WIDTH-1:0] s_axis_tdata = '1;
  logic             s_axis_tvalid = 1'b1;
  logic             s_axis_tready;
  logic [WIDTH-1:0] m_axis_tdata;
  logic             m_axis_tvalid;
  logic             m_axis_tready = 1'b0;

  cbb_axis_skid #(.WIDTH(WIDTH)) dut (.*);

  always #5 clk = !clk;

  // The words inside, oldest first.
  int               stored = 0;
  logic [WIDTH-1:0] first = '0;
  logic [WIDTH-1:0] second = '0;
  logic             took;
  logic             gave;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_axis_skid);
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

  function logic [WIDTH-1:0] random_data();
    for (int i = 0; i < WIDTH; i = i + 1) begin
      seed = random_word();
      random_data[i] = seed[9];
    end
  endfunction

  task check;
    `CHECK("s_axis_tready", s_axis_tready, stored < 2)
    `CHECK("m_axis_tvalid", m_axis_tvalid, stored > 0)
    if (stored > 0) begin
      `CHECK("m_axis_tdata", m_axis_tdata, first)
    end
  endtask

  task step(input logic valid, input logic ready);
    @(negedge clk);
    check();
    s_axis_tvalid = valid;
    s_axis_tdata = random_data();
    m_axis_tready = ready;
    // No output follows an input without an edge.
    #1 check();
    took = valid && stored < 2;
    gave = ready && stored > 0;
    if (gave) begin
      first = second;
      stored = stored - 1;
    end
    if (took) begin
      if (stored == 0) first = s_axis_tdata;
      else second = s_axis_tdata;
      stored = stored + 1;
    end
  endtask

  initial begin
    repeat (2) @(negedge clk);
    check();
    s_axis_tvalid = 1'b0;
    rst_n = 1'b1;
    // Full speed, then full, then empty, each several times.
    for (int i = 0; i < 40; i = i + 1) step(1'b1, 1'b1);
    for (int i = 0; i < 4; i = i + 1) step(1'b1, 1'b0);
    for (int i = 0; i < 6; i = i + 1) step(1'b1, 1'b1);
    for (int i = 0; i < 4; i = i + 1) step(1'b0, 1'b1);
    for (int i = 0; i < 3000; i = i + 1) step(chance(20 + i / 50), chance(80 - i / 50));
    for (int i = 0; i < 3; i = i + 1) step(1'b1, 1'b0);
    // A reset of a full slice: its words are gone.
    @(negedge clk);
    check();
    #2 rst_n = 1'b0;
    #1 stored = 0;
    check();
    `CHECK("m_axis_tdata", m_axis_tdata, {WIDTH{1'b0}})
    @(negedge clk);
    check();
    s_axis_tvalid = 1'b0;
    rst_n = 1'b1;
    for (int i = 0; i < 20; i = i + 1) step(i % 3 != 0, i % 4 != 1);
    @(negedge clk);
    check();
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
