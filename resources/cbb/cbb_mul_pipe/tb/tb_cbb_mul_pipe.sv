// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_mul_pipe: corners and random factors every cycle; the model adds shifted copies and remembers STAGES cycles.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_mul_pipe #(
  parameter int WIDTH_A = 16,
  parameter int WIDTH_B = 16,
  parameter int SIGNED  = 0,
  parameter int STAGES  = 2
);
  localparam int WIDTH = WIDTH_A + WIDTH_B;

  logic               clk = 1'b0;
  logic               rst_n = 1'b0;
  logic               in_valid = 1'b1;
  logic [WIDTH_A-1:0] a = '1;
  logic [WIDTH_B-1:0] b = '1;
  logic               out_valid;
  logic [WIDTH-1:0]   p;

  cbb_mul_pipe #(.WIDTH_A(WIDTH_A), .WIDTH_B(WIDTH_B), .SIGNED(SIGNED), .STAGES(STAGES)) dut (.*);

  always #5 clk = !clk;

  // What has gone in: entry 0 came last.
  logic [WIDTH-1:0] product [0:8];
  logic             valid [0:8];

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_mul_pipe);
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
    `CHECK("out_valid", out_valid, valid[STAGES-1])
    `CHECK("p", p, product[STAGES-1])
  endtask

  logic [WIDTH-1:0] term;
  logic [WIDTH-1:0] sum;

  task clear;
    for (int i = 0; i < 9; i = i + 1) begin
      product[i] = '0;
      valid[i] = 1'b0;
    end
  endtask

  task step(input logic [WIDTH_A-1:0] left, input logic [WIDTH_B-1:0] right, input logic given);
    @(negedge clk);
    check();
    a = left;
    b = right;
    in_valid = given;
    #1 check();
    // The highest bit of a signed factor counts negative.
    term = left;
    if (SIGNED != 0 && left[WIDTH_A-1]) term = term - ({{(WIDTH-1){1'b0}}, 1'b1} << WIDTH_A);
    sum = '0;
    for (int i = 0; i < WIDTH_B; i = i + 1) begin
      if (right[i]) sum = SIGNED != 0 && i == WIDTH_B - 1 ? sum - (term << i) : sum + (term << i);
    end
    for (int i = 8; i > 0; i = i - 1) begin
      product[i] = product[i-1];
      valid[i] = valid[i-1];
    end
    product[0] = sum;
    valid[0] = given;
  endtask

  initial begin
    clear();
    repeat (3) @(negedge clk);
    check();
    a = '0;
    b = '0;
    in_valid = 1'b0;
    rst_n = 1'b1;
    for (int i = 0; i < 16; i = i + 1) begin
      step(i[0] ? '1 : i[1] ? {1'b1, {(WIDTH_A-1){1'b0}}} : {{(WIDTH_A-1){1'b0}}, 1'b1}, i[2] ? '1 : i[3] ? {1'b1, {(WIDTH_B-1){1'b0}}} : {1'b0, {(WIDTH_B-1){1'b1}}}, i[1] ^ i[0]);
    end
    for (int i = 0; i < 150; i = i + 1) step(random_data(), random_data(), chance(50));
    // The reset empties the pipe without an edge.
    @(negedge clk);
    check();
    #2 rst_n = 1'b0;
    #1 clear();
    check();
    @(negedge clk);
    check();
    a = '0;
    b = '0;
    in_valid = 1'b0;
    rst_n = 1'b1;
    for (int i = 0; i < 12; i = i + 1) step(i, '1, 1'b1);
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
