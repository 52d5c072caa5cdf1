// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_div_seq: corners and random operands; the model is checked by quotient × divisor + remainder, cycle by cycle.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_div_seq #(
  parameter int WIDTH  = 32,
  parameter int SIGNED = 0
);
  logic             clk = 1'b0;
  logic             rst_n = 1'b0;
  logic             start = 1'b1;
  logic [WIDTH-1:0] dividend = '1;
  logic [WIDTH-1:0] divisor = '1;
  logic             busy;
  logic             done;
  logic [WIDTH-1:0] quotient;
  logic [WIDTH-1:0] remainder;
  logic             div_by_zero;

  cbb_div_seq #(.WIDTH(WIDTH), .SIGNED(SIGNED)) dut (.*);

  always #5 clk = !clk;

  // Edges to go until done; -1: idle.
  int               wait_edges = -1;
  logic             want_done = 1'b0;
  logic [WIDTH-1:0] want_quotient = '0;
  logic [WIDTH-1:0] want_remainder = '0;
  logic             want_zero = 1'b0;
  logic [WIDTH-1:0] next_quotient;
  logic [WIDTH-1:0] next_remainder;
  logic             next_zero;
  logic [WIDTH-1:0] left;
  logic [WIDTH-1:0] right;
  logic [WIDTH-1:0] junk = '0;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_div_seq);
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
    `CHECK("busy", busy, wait_edges >= 0)
    `CHECK("done", done, want_done)
    `CHECK("quotient", quotient, want_quotient)
    `CHECK("remainder", remainder, want_remainder)
    `CHECK("div_by_zero", div_by_zero, want_zero)
  endtask

  task work_out(input logic [WIDTH-1:0] n, input logic [WIDTH-1:0] d);
    left = SIGNED != 0 && n[WIDTH-1] ? 0 - n : n;
    right = SIGNED != 0 && d[WIDTH-1] ? 0 - d : d;
    next_zero = d == 0;
    if (d == 0) begin
      next_quotient = '1;
      next_remainder = n;
    end else begin
      next_quotient = left / right;
      next_remainder = left % right;
      if (SIGNED != 0 && n[WIDTH-1] != d[WIDTH-1]) next_quotient = 0 - next_quotient;
      if (SIGNED != 0 && n[WIDTH-1]) next_remainder = 0 - next_remainder;
    end
  endtask

  task step(input logic go, input logic [WIDTH-1:0] n, input logic [WIDTH-1:0] d);
    @(negedge clk);
    check();
    start = go;
    dividend = n;
    divisor = d;
    #1 check();
    want_done = 1'b0;
    if (wait_edges > 0) begin
      wait_edges = wait_edges - 1;
    end else if (wait_edges == 0) begin
      wait_edges = -1;
      want_done = 1'b1;
      want_quotient = next_quotient;
      want_remainder = next_remainder;
      want_zero = next_zero;
    end else if (go) begin
      work_out(n, d);
      wait_edges = WIDTH;
    end
  endtask

  // Other operands and starts while it works change nothing.
  task divide(input logic [WIDTH-1:0] n, input logic [WIDTH-1:0] d);
    for (int i = 0; i < WIDTH + 2; i = i + 1) begin
      if (i == 0) step(1'b1, n, d);
      else step(chance(30), '1, junk);
      junk = {junk, random_word()};
    end
  endtask

  logic [WIDTH-1:0] corner [0:6];

  initial begin
    repeat (2) @(negedge clk);
    check();
    start = 1'b0;
    rst_n = 1'b1;
    corner[0] = '0;
    corner[1] = 1;
    corner[2] = '1;
    corner[3] = {1'b1, {(WIDTH-1){1'b0}}};
    corner[4] = {1'b0, {(WIDTH-1){1'b1}}};
    corner[5] = 3;
    corner[6] = {{(WIDTH-1){1'b1}}, 1'b0};
    for (int i = 0; i < 7; i = i + 1) begin
      for (int j = 0; j < 7; j = j + 1) divide(corner[i], corner[j]);
    end
    for (int i = 0; i < 12; i = i + 1) begin
      divide(random_data(), random_data());
      divide(random_data(), random_data() >> (random_word() >> 4) % WIDTH);
      if (chance(30)) step(1'b0, '1, '1);
    end
    // A reset in the middle of a division.
    step(1'b1, '1, 1);
    step(1'b0, '0, '0);
    @(negedge clk);
    check();
    #2 rst_n = 1'b0;
    #1 wait_edges = -1;
    want_done = 1'b0;
    want_quotient = '0;
    want_remainder = '0;
    want_zero = 1'b0;
    check();
    @(negedge clk);
    check();
    rst_n = 1'b1;
    for (int i = 0; i < WIDTH + 4; i = i + 1) step(1'b0, '0, '0);
    divide('1, 0);
    divide(3, 2);
    @(negedge clk);
    check();
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
