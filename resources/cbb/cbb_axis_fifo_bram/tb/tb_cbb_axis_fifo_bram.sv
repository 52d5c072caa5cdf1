// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_axis_fifo_bram: numbered words through both ends and random stalls, every output in every cycle.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_axis_fifo_bram #(
  parameter int WIDTH = 8,
  parameter int DEPTH = 16,
  parameter int STEPS = 4000
);
  logic                       clk = 1'b0;
  logic                       rst_n = 1'b0;
  logic [WIDTH-1:0]           s_axis_tdata = '1;
  logic                       s_axis_tvalid = 1'b1;
  logic                       s_axis_tlast = 1'b1;
  logic                       s_axis_tready;
  logic [WIDTH-1:0]           m_axis_tdata;
  logic                       m_axis_tvalid;
  logic                       m_axis_tlast;
  logic                       m_axis_tready = 1'b1;
  logic [$clog2(DEPTH+1)-1:0] level;

  cbb_axis_fifo_bram #(.WIDTH(WIDTH), .DEPTH(DEPTH)) dut (.*);

  always #5 clk = !clk;

  // The model numbers the words: those from `given` up to `taken` are stored.
  localparam int WORDS = 8 * DEPTH + STEPS + 64;
  logic [WIDTH-1:0] word [0:WORDS-1];
  logic             last [0:WORDS-1];
  int               taken = 0;
  int               given = 0;
  logic             room;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_axis_fifo_bram);
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
    `CHECK("level", 32'(level), taken - given)
    `CHECK("s_axis_tready", s_axis_tready, taken - given < DEPTH)
    `CHECK("m_axis_tvalid", m_axis_tvalid, taken > given)
    if (taken > given) begin
      `CHECK("m_axis_tdata", m_axis_tdata, word[given])
      `CHECK("m_axis_tlast", m_axis_tlast, last[given])
    end
  endtask

  task step(input logic valid, input logic ready);
    @(negedge clk);
    check();
    s_axis_tvalid = valid;
    s_axis_tdata = random_data();
    s_axis_tlast = chance(30);
    m_axis_tready = ready;
    #1 check();
    room = taken - given < DEPTH;
    if (ready && taken > given) given = given + 1;
    if (valid && room) begin
      word[taken] = s_axis_tdata;
      last[taken] = s_axis_tlast;
      taken = taken + 1;
    end
  endtask

  int push_chance;
  int pop_chance;

  initial begin
    repeat (2) @(negedge clk);
    check();
    s_axis_tvalid = 1'b0;
    rst_n = 1'b1;
    for (int i = 0; i < 3; i = i + 1) step(1'b0, 1'b1);
    for (int i = 0; i < DEPTH + 2; i = i + 1) step(1'b1, 1'b0);
    for (int i = 0; i < 3; i = i + 1) step(1'b1, 1'b1);
    for (int i = 0; i < DEPTH + 2; i = i + 1) step(1'b0, 1'b1);
    for (int i = 0; i < DEPTH + 3; i = i + 1) step(1'b1, 1'b1);
    // A reset of a half-full FIFO whose addresses do not stand at 0.
    for (int i = 0; i < DEPTH / 2 + 1; i = i + 1) step(1'b1, 1'b0);
    @(negedge clk);
    check();
    #2 rst_n = 1'b0;
    #1 given = taken;
    check();
    @(negedge clk);
    check();
    s_axis_tvalid = 1'b0;
    rst_n = 1'b1;
    for (int i = 0; i < STEPS; i = i + 1) begin
      if (i % (2 * DEPTH + 8) == 0) begin
        push_chance = 20 + (random_word() >> 4) % 80;
        pop_chance = 20 + (random_word() >> 4) % 80;
      end
      step(chance(push_chance), chance(pop_chance));
    end
    @(negedge clk);
    check();
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
