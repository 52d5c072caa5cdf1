// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_fifo_sync_bram: every output in every cycle against a model that numbers the words, at both ends and in random traffic.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_fifo_sync_bram #(
  parameter int WIDTH = 8,
  parameter int DEPTH = 16,
  parameter int FWFT  = 1,
  parameter int STEPS = 6000
);
  logic                       clk = 1'b0;
  logic                       rst_n = 1'b0;
  logic                       wr_en = 1'b0;
  logic [WIDTH-1:0]           wr_data = '0;
  logic                       full;
  logic                       almost_full;
  logic                       rd_en = 1'b0;
  logic [WIDTH-1:0]           rd_data;
  logic                       empty;
  logic                       almost_empty;
  logic [$clog2(DEPTH+1)-1:0] level;

  cbb_fifo_sync_bram #(.WIDTH(WIDTH), .DEPTH(DEPTH), .FWFT(FWFT)) dut (.*);

  always #5 clk = !clk;

  // The model numbers the words: those from `popped` up to `pushed` are stored.
  localparam int WORDS = 4 * DEPTH + STEPS + 64;
  logic [WIDTH-1:0] word [0:WORDS-1];
  int               pushed = 0;
  int               popped = 0;
  logic [WIDTH-1:0] last_popped = '0;
  logic             had_room;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_fifo_sync_bram);
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
    `CHECK("level", 32'(level), pushed - popped)
    `CHECK("full", full, pushed - popped == DEPTH)
    `CHECK("almost_full", almost_full, pushed - popped > DEPTH - 2)
    `CHECK("empty", empty, pushed == popped)
    `CHECK("almost_empty", almost_empty, pushed - popped < 2)
    if (FWFT == 0) begin
      `CHECK("rd_data", rd_data, last_popped)
    end else if (pushed != popped) begin
      `CHECK("rd_data", rd_data, word[popped])
    end
  endtask

  task step(input logic push, input logic pop);
    @(negedge clk);
    check();
    wr_en   = push;
    rd_en   = pop;
    wr_data = random_data();
    // No output follows an input without an edge.
    #1 check();
    had_room = pushed - popped < DEPTH;
    if (rd_en && pushed != popped) begin
      last_popped = word[popped];
      popped = popped + 1;
    end
    if (wr_en && had_room) begin
      word[pushed] = wr_data;
      pushed = pushed + 1;
    end
  endtask

  task reset;
    @(negedge clk);
    check();
    wr_en = 1'b0;
    rd_en = 1'b0;
    #2 rst_n = 1'b0;
    #1 popped = pushed;
    last_popped = '0;
    check();
    wr_en = 1'b1;
    rd_en = 1'b1;
    repeat (2) @(negedge clk);
    check();
    wr_en = 1'b0;
    rd_en = 1'b0;
    rst_n = 1'b1;
  endtask

  // The run as a list, so that `step` stands at one place only: Verilator copies tasks to each call.
  // An entry is a number of steps with the chances in percent of a push and of a pop; 0 steps stand for a reset.
  localparam int ENTRIES = STEPS / (2 * DEPTH + 8) + 32;
  int entry_steps [0:ENTRIES-1];
  int entry_push  [0:ENTRIES-1];
  int entry_pop   [0:ENTRIES-1];
  int entries = 0;

  task plan(input int steps, input int push, input int pop);
    entry_steps[entries] = steps;
    entry_push[entries]  = push;
    entry_pop[entries]   = pop;
    entries = entries + 1;
  endtask

  initial begin
    // Pops while empty, up to the brim and beyond, both at once while full, down again and beyond, both at once while empty.
    plan(2, 0, 100);
    plan(DEPTH + 2, 100, 0);
    plan(3, 100, 100);
    plan(DEPTH + 2, 0, 100);
    plan(3, 100, 100);
    plan(2, 0, 100);
    // A reset of a half-full FIFO whose addresses do not stand at 0.
    plan(DEPTH / 2 + 1, 100, 0);
    plan(1, 0, 100);
    plan(0, 0, 0);
    // Random traffic that leans to full, to empty and to neither in turn.
    for (int i = 0; i < STEPS / (2 * DEPTH + 8); i = i + 1) begin
      plan(2 * DEPTH + 8, 20 + (random_word() >> 4) % 80, 20 + (random_word() >> 4) % 80);
    end
    plan(0, 0, 0);
    plan(1, 100, 0);
    plan(1, 0, 100);
    plan(1, 0, 0);

    repeat (2) @(negedge clk);
    rst_n = 1'b1;
    for (int e = 0; e < entries; e = e + 1) begin
      if (entry_steps[e] == 0) reset();
      for (int i = 0; i < entry_steps[e]; i = i + 1) step(chance(entry_push[e]), chance(entry_pop[e]));
    end
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
