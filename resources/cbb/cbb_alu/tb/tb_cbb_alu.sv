// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_alu: corner operands in every pair and random ones, each operation against plain wide arithmetic.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_alu #(
  parameter int WIDTH = 32
);
  logic [3:0]       op = '0;
  logic [WIDTH-1:0] a = '0;
  logic [WIDTH-1:0] b = '0;
  logic [WIDTH-1:0] y;
  logic             zero;
  logic             negative;
  logic             carry;
  logic             overflow;

  cbb_alu #(.WIDTH(WIDTH)) dut (.*);

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_alu);
    end
  end

  // xorshift32: the same stimulus under every simulator.
  function logic [31:0] random_word();
    seed = seed ^ (seed << 13);
    seed = seed ^ (seed >> 17);
    seed = seed ^ (seed << 5);
    random_word = seed;
  endfunction

  function logic [WIDTH-1:0] random_data();
    for (int i = 0; i < WIDTH; i = i + 1) begin
      seed = random_word();
      random_data[i] = seed[9];
    end
  endfunction

  // Operands with two more bits, so that nothing is lost.
  logic signed [WIDTH+1:0] sa;
  logic signed [WIDTH+1:0] sb;
  logic signed [WIDTH+1:0] ua;
  logic signed [WIDTH+1:0] ub;
  logic signed [WIDTH+1:0] result;
  logic [WIDTH-1:0]        want;
  logic                    want_carry;
  logic                    want_overflow;
  int                      places;

  task try(input int code, input logic [WIDTH-1:0] left, input logic [WIDTH-1:0] right);
    op = code;
    a = left;
    b = right;
    #1;
    ua = {2'b00, left};
    ub = {2'b00, right};
    sa = {{2{left[WIDTH-1]}}, left};
    sb = {{2{right[WIDTH-1]}}, right};
    places = right % (1 << $clog2(WIDTH));
    want_carry = 1'b0;
    want_overflow = 1'b0;
    want = '0;
    case (code)
      0: begin
        result = ua + ub;
        want = result;
        want_carry = result[WIDTH];
        result = sa + sb;
        want_overflow = result[WIDTH] != result[WIDTH-1];
      end
      1: begin
        result = ua - ub;
        want = result;
        want_carry = left >= right;
        result = sa - sb;
        want_overflow = result[WIDTH] != result[WIDTH-1];
      end
      2: for (int i = 0; i < WIDTH; i = i + 1) want[i] = left[i] && right[i];
      3: for (int i = 0; i < WIDTH; i = i + 1) want[i] = left[i] || right[i];
      4: for (int i = 0; i < WIDTH; i = i + 1) want[i] = left[i] != right[i];
      5: for (int i = 0; i < WIDTH; i = i + 1) want[i] = i >= places ? left[i - places] : 1'b0;
      6: for (int i = 0; i < WIDTH; i = i + 1) want[i] = i + places < WIDTH ? left[i + places] : 1'b0;
      7: for (int i = 0; i < WIDTH; i = i + 1) want[i] = i + places < WIDTH ? left[i + places] : left[WIDTH-1];
      8: want = sa < sb;
      9: want = ua < ub;
      default: want = '0;
    endcase
    `CHECK("y", y, want)
    `CHECK("zero", zero, want == 0)
    `CHECK("negative", negative, want[WIDTH-1])
    `CHECK("carry", carry, want_carry)
    `CHECK("overflow", overflow, want_overflow)
  endtask

  logic [WIDTH-1:0] corner [0:7];

  initial begin
    corner[0] = '0;
    corner[1] = 1;
    corner[2] = '1;
    corner[3] = {1'b1, {(WIDTH-1){1'b0}}};
    corner[4] = {1'b0, {(WIDTH-1){1'b1}}};
    corner[5] = 2;
    corner[6] = WIDTH - 1;
    corner[7] = {{(WIDTH-1){1'b1}}, 1'b0};
    for (int code = 0; code < 16; code = code + 1) begin
      for (int i = 0; i < 8; i = i + 1) begin
        for (int j = 0; j < 8; j = j + 1) try(code, corner[i], corner[j]);
      end
      for (int i = 0; i < 100; i = i + 1) begin
        try(code, random_data(), random_data());
        try(code, random_data(), i);
        try(code, i, i);
      end
    end
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
