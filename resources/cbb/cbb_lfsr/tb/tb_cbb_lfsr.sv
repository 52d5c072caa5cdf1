// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_lfsr: random use against the recurrence over the bits that went in, the length of the period, and that
// 0 is no state.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_lfsr #(
  parameter int               WIDTH = 16,
  parameter logic [WIDTH-1:0] TAPS  = 0,
  parameter logic [WIDTH-1:0] SEED  = 1,
  // what the feedback is, with TAPS = 0 from the documented table
  parameter logic [WIDTH-1:0] WANTED_TAPS = 16'hd008
);
  logic             clk = 1'b0;
  logic             rst_n = 1'b0;
  logic             en = 1'b0;
  logic             load = 1'b0;
  logic [WIDTH-1:0] load_value = '0;
  logic [WIDTH-1:0] state;
  logic             bit_out;

  cbb_lfsr #(.WIDTH(WIDTH), .TAPS(TAPS), .SEED(SEED)) dut (.*);

  always #5 clk = !clk;

  // Bits in the order in which they went in; the state is the last WIDTH of them, the newest on the right.
  localparam int BITS = 8192;
  logic history [0:BITS-1];
  int   newest;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_lfsr);
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

  task put(input logic [WIDTH-1:0] value);
    for (int i = 0; i < WIDTH; i = i + 1) history[i] = value[WIDTH-1-i];
    newest = WIDTH - 1;
  endtask

  task shift;
    logic next;
    next = 1'b0;
    for (int i = 0; i < WIDTH; i = i + 1) begin
      if (WANTED_TAPS[i]) next = next != history[newest-i];
    end
    newest = newest + 1;
    history[newest] = next;
  endtask

  task check;
    for (int i = 0; i < WIDTH; i = i + 1) begin
      `CHECK("state", state[i], history[newest-i])
    end
    `CHECK("bit_out", bit_out, history[newest-WIDTH+1])
  endtask

  task step(input logic go, input logic set, input logic [WIDTH-1:0] value);
    @(negedge clk);
    check();
    en         = go;
    load       = set;
    load_value = value;
    // No output follows an input without an edge.
    #1 check();
    if (set) put(value == 0 ? SEED : value);
    else if (go) shift();
  endtask

  logic [WIDTH-1:0] first;
  int               period;

  initial begin
    put(SEED);
    en = 1'b1;
    repeat (2) @(negedge clk);
    check();
    en = 1'b0;
    rst_n = 1'b1;
    for (int i = 0; i < 2 * WIDTH + 20; i = i + 1) step(1'b1, 1'b0, '1);
    for (int i = 0; i < 3000; i = i + 1) begin
      step(chance(80), chance(3), chance(30) ? '0 : random_data());
      if (newest > BITS - 4) put(state);
    end
    step(1'b1, 1'b1, '0);
    step(1'b0, 1'b0, '0);
    step(1'b1, 1'b0, '0);
    step(1'b0, 1'b0, '0);
    @(negedge clk);
    check();
    #2 rst_n = 1'b0;
    #1 put(SEED);
    check();
    repeat (2) @(negedge clk);
    check();
    rst_n = 1'b1;
    // With a primitive polynomial every state but 0 comes once in a period.
    if (TAPS == 0 && WIDTH <= 16) begin
      first  = state;
      period = 0;
      en     = 1'b1;
      load   = 1'b0;
      repeat (2) begin
        @(negedge clk);
        period = period + 1;
      end
      while (state !== first && period < 2 ** WIDTH) begin
        `CHECK("state", state == 0, 1'b0)
        @(negedge clk);
        period = period + 1;
      end
      `CHECK("state", period, 2 ** WIDTH - 1)
    end
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
