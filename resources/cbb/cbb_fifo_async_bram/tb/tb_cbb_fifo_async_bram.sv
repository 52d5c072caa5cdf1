// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_fifo_async_bram: numbered words between three pairs of clocks; flags in every cycle against what each side can know.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_fifo_async_bram #(
  parameter int WIDTH = 8,
  parameter int DEPTH = 16,
  // 1: what crosses may arrive up to a period of its own clock late
  parameter int SKEW  = 0
);
  logic             wr_clk = 1'b0;
  logic             wr_rst_n = 1'b0;
  logic             wr_en = 1'b1;
  logic [WIDTH-1:0] wr_data = '1;
  logic             full;
  logic             rd_clk = 1'b0;
  logic             rd_rst_n = 1'b0;
  logic             rd_en = 1'b1;
  logic [WIDTH-1:0] rd_data;
  logic             empty;

  cbb_fifo_async_bram #(.WIDTH(WIDTH), .DEPTH(DEPTH)) dut (.*);

  // Edges of wr_clk come at even times, those of rd_clk at odd ones: never both at once.
  int wr_half = 10;
  int rd_half = 14;
  always #(wr_half) wr_clk = !wr_clk;
  initial begin
    #1;
    forever #(rd_half) rd_clk = !rd_clk;
  end

  // Words are numbered; each side knows the other's number as it was two of its own edges ago.
  localparam int WORDS = 16384;
  logic [WIDTH-1:0] word [0:WORDS-1];
  int               pushed = 0;
  int               popped = 0;
  int               popped_meta = 0;
  int               popped_seen = 0;
  int               pushed_meta = 0;
  int               pushed_seen = 0;
  logic             want_full = 1'b0;
  logic             want_empty = 1'b1;
  // The same when everything arrives as late as it may: between the two lies what a flag may be.
  int               popped_before = 0;
  int               popped_late_meta = 0;
  int               popped_late = 0;
  int               pushed_before = 0;
  int               pushed_late_meta = 0;
  int               pushed_late = 0;
  logic             late_full = 1'b0;
  logic             late_empty = 1'b1;
  int               push_chance = 0;
  int               pop_chance = 0;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_fifo_async_bram);
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

  always @(posedge wr_clk) begin
    if (wr_rst_n) begin
      pushed_before = pushed;
      if (wr_en && !(SKEW != 0 ? full : want_full)) begin
        word[pushed] = wr_data;
        pushed = pushed + 1;
      end
      if (SKEW == 0) pushed_before = pushed;
      want_full = pushed - popped_seen == DEPTH;
      late_full = pushed - popped_late == DEPTH;
      popped_seen = popped_meta;
      popped_meta = popped;
      popped_late = popped_late_meta;
      popped_late_meta = popped_before;
    end
  end

  always @(posedge rd_clk) begin
    if (rd_rst_n) begin
      popped_before = popped;
      if (rd_en && !(SKEW != 0 ? empty : want_empty)) popped = popped + 1;
      if (SKEW == 0) popped_before = popped;
      want_empty = popped == pushed_seen;
      late_empty = popped == pushed_late;
      pushed_seen = pushed_meta;
      pushed_meta = pushed;
      pushed_late = pushed_late_meta;
      pushed_late_meta = pushed_before;
    end
  end

  task check_wr;
    `CHECK("full", full, want_full || (full === 1'b1 && late_full))
  endtask

  task check_rd;
    `CHECK("empty", empty, want_empty || (empty === 1'b1 && late_empty))
    if (!want_empty && !empty) begin
      `CHECK("rd_data", rd_data, word[popped])
    end
  endtask

  always @(negedge wr_clk) begin
    check_wr();
    if (wr_rst_n) begin
      wr_en = chance(push_chance);
      wr_data = random_data();
      #1 check_wr();
    end
  end

  always @(negedge rd_clk) begin
    check_rd();
    if (rd_rst_n) begin
      rd_en = chance(pop_chance);
      #1 check_rd();
    end
  end

  task run(input int cycles, input int push, input int pop);
    push_chance = push;
    pop_chance = pop;
    repeat (cycles) @(negedge wr_clk);
  endtask

  task drain;
    push_chance = 0;
    pop_chance = 100;
    repeat (DEPTH + 12) @(negedge wr_clk);
    repeat (DEPTH + 12) @(negedge rd_clk);
    `CHECK("empty", pushed, popped)
    `CHECK("empty", empty, 1'b1)
  endtask

  task traffic;
    run(DEPTH + 6, 100, 0);
    `CHECK("full", full, 1'b1)
    `CHECK("full", pushed - popped, DEPTH)
    run(3 * DEPTH + 20, 100, 100);
    drain();
    for (int i = 0; i < 8; i = i + 1) run(2 * DEPTH, 15 + 10 * i, 95 - 10 * i);
    drain();
  endtask

  initial begin
    #100;
    @(negedge wr_clk);
    #2 wr_rst_n = 1'b1;
    rd_rst_n = 1'b1;
    wr_en = 1'b0;
    rd_en = 1'b0;
    traffic();
    wr_half = 18;
    rd_half = 8;
    traffic();
    wr_half = 6;
    rd_half = 40;
    traffic();
    // A reset of both sides empties a FIFO whose pointers stand anywhere.
    run(DEPTH / 2 + 3, 100, 20);
    @(negedge wr_clk);
    #2 wr_rst_n = 1'b0;
    rd_rst_n = 1'b0;
    pushed = 0;
    popped = 0;
    popped_meta = 0;
    popped_seen = 0;
    pushed_meta = 0;
    pushed_seen = 0;
    popped_before = 0;
    popped_late_meta = 0;
    popped_late = 0;
    pushed_before = 0;
    pushed_late_meta = 0;
    pushed_late = 0;
    want_full = 1'b0;
    want_empty = 1'b1;
    late_full = 1'b0;
    late_empty = 1'b1;
    #2 check_wr();
    check_rd();
    repeat (3) @(negedge rd_clk);
    wr_en = 1'b0;
    rd_en = 1'b0;
    @(negedge wr_clk);
    #2 wr_rst_n = 1'b1;
    rd_rst_n = 1'b1;
    traffic();
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
