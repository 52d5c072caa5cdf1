// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_counter: directed steps around both ends, then random ones against a model with an explicit carry.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_counter #(
  parameter int WIDTH = 8,
  parameter int STEPS = 4000
);
  logic             clk = 1'b0;
  logic             rst_n = 1'b0;
  logic             en = 1'b0;
  logic             up = 1'b0;
  logic             load = 1'b0;
  logic [WIDTH-1:0] load_value = '0;
  logic [WIDTH-1:0] count;
  logic             wrap;

  cbb_counter #(.WIDTH(WIDTH)) dut (.*);

  always #5 clk = !clk;

  // The model counts in one bit more than the design, so that a wrap shows as a carry or borrow.
  logic [WIDTH:0] model = '0;
  logic [WIDTH:0] next;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_counter);
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

  // One cycle: inputs change at the falling edge, outputs are read before and after that.
  task step(input logic load_in, input logic en_in, input logic up_in, input logic [WIDTH-1:0] value);
    @(negedge clk);
    `CHECK("count", count, model[WIDTH-1:0])
    load       = load_in;
    en         = en_in;
    up         = up_in;
    load_value = value;
    #1;
    next = up ? model + 1'b1 : model - 1'b1;
    `CHECK("wrap", wrap, en && next[WIDTH])
    if (load)    model = {1'b0, load_value};
    else if (en) model = {1'b0, next[WIDTH-1:0]};
  endtask

  task reset;
    @(negedge clk);
    #2 rst_n = 1'b0;
    #1 model = '0;
    `CHECK("count", count, {WIDTH{1'b0}})
    // Neither load nor en count while reset is held.
    load = 1'b1;
    load_value = '1;
    en = 1'b1;
    up = 1'b1;
    repeat (2) @(negedge clk);
    `CHECK("count", count, {WIDTH{1'b0}})
    load = 1'b0;
    en = 1'b0;
    rst_n = 1'b1;
  endtask

  logic [WIDTH-1:0] value;

  initial begin
    reset();
    // Around both ends, in both directions, with and without en.
    step(1'b1, 1'b0, 1'b1, '1);
    step(1'b0, 1'b0, 1'b1, '0);
    repeat (3) step(1'b0, 1'b1, 1'b1, '1);
    repeat (6) step(1'b0, 1'b1, 1'b0, '1);
    step(1'b0, 1'b0, 1'b0, '1);
    // load beats en.
    step(1'b1, 1'b1, 1'b1, '1);
    step(1'b1, 1'b1, 1'b0, '0);
    step(1'b0, 1'b0, 1'b0, '1);
    for (int i = 0; i < STEPS; i = i + 1) begin
      // Loads next to the ends make wraps likely at any width.
      value = random_data();
      if (chance(40)) value = chance(50) ? '1 : '0;
      step(chance(10), chance(80), (i / 64) % 2 == 0 ? chance(90) : chance(10), value);
      if (i % 997 == 996) reset();
    end
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
