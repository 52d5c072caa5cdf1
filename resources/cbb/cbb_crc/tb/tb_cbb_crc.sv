// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_crc: the check value of the catalogue ("123456789"), then random messages against a long division that
// keeps the remainder reflected, so that it shares nothing with the design.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_crc #(
  parameter int               WIDTH       = 32,
  parameter int               DATA_WIDTH  = 8,
  parameter logic [WIDTH-1:0] POLY        = 32'h04C1_1DB7,
  parameter logic [WIDTH-1:0] INIT        = 32'hFFFF_FFFF,
  parameter int               REFLECT_IN  = 1,
  parameter int               REFLECT_OUT = 1,
  parameter logic [WIDTH-1:0] XOR_OUT     = 32'hFFFF_FFFF,
  // the catalogue's check value
  parameter logic [WIDTH-1:0] KNOWN       = 32'hCBF4_3926
);
  logic                  clk = 1'b0;
  logic                  rst_n = 1'b0;
  logic                  init = 1'b0;
  logic                  in_valid = 1'b0;
  logic [DATA_WIDTH-1:0] in_data = '0;
  logic [WIDTH-1:0]      crc;

  cbb_crc #(
    .WIDTH(WIDTH), .DATA_WIDTH(DATA_WIDTH), .POLY(POLY), .INIT(INIT), .REFLECT_IN(REFLECT_IN), .REFLECT_OUT(REFLECT_OUT),
    .XOR_OUT(XOR_OUT)
  ) dut (.*);

  always #5 clk = !clk;

  localparam logic [71:0] DIGITS = "123456789";

  // The remainder with the highest power on the right: it is shifted to the right.
  logic [WIDTH-1:0] mirrored;
  logic [WIDTH-1:0] want;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_crc);
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

  function logic [DATA_WIDTH-1:0] random_data();
    for (int i = 0; i < DATA_WIDTH; i = i + 1) begin
      seed = random_word();
      random_data[i] = seed[9];
    end
  endfunction

  function logic [WIDTH-1:0] mirror(input logic [WIDTH-1:0] value);
    for (int i = 0; i < WIDTH; i = i + 1) mirror[i] = value[WIDTH-1-i];
  endfunction

  task model(input logic start, input logic valid, input logic [DATA_WIDTH-1:0] data);
    if (start) mirrored = mirror(INIT);
    if (valid) begin
      for (int i = 0; i < DATA_WIDTH; i = i + 1) begin
        if (mirrored[0] != (REFLECT_IN != 0 ? data[i] : data[DATA_WIDTH-1-i])) mirrored = (mirrored >> 1) ^ mirror(POLY);
        else mirrored = mirrored >> 1;
      end
    end
    want = (REFLECT_OUT != 0 ? mirrored : mirror(mirrored)) ^ XOR_OUT;
  endtask

  task step(input logic start, input logic valid, input logic [DATA_WIDTH-1:0] data);
    @(negedge clk);
    `CHECK("crc", crc, want)
    init     = start;
    in_valid = valid;
    in_data  = data;
    // The output follows the edge only.
    #1 `CHECK("crc", crc, want)
    model(start, valid, data);
  endtask

  // Bit `at` of "123456789" in the order of transmission.
  function logic digit(input int at);
    digit = DIGITS[71 - 8 * (at / 8) - (REFLECT_IN != 0 ? 7 - at % 8 : at % 8)];
  endfunction

  logic [DATA_WIDTH-1:0] word;
  logic                  opened;

  task digits(input logic apart);
    if (apart) step(1'b1, 1'b0, '1);
    for (int first = 0; first < 72; first = first + DATA_WIDTH) begin
      for (int i = 0; i < DATA_WIDTH; i = i + 1) begin
        word[REFLECT_IN != 0 ? i : DATA_WIDTH - 1 - i] = digit(first + i);
      end
      step(!apart && first == 0, 1'b1, word);
    end
    step(1'b0, 1'b0, '1);
    // Not the model alone: the number that the rest of the world knows.
    `CHECK("crc", crc, KNOWN)
  endtask

  initial begin
    mirrored = mirror(INIT);
    model(1'b0, 1'b0, '0);
    repeat (2) @(negedge clk);
    `CHECK("crc", crc, want)
    in_valid = 1'b1;
    @(negedge clk);
    `CHECK("crc", crc, want)
    in_valid = 1'b0;
    rst_n = 1'b1;
    if (72 % DATA_WIDTH == 0) begin
      digits(1'b0);
      step(1'b0, 1'b1, random_data());
      digits(1'b1);
    end
    // Messages of random length and contents, with gaps, begun with a word and without one.
    for (int n = 0; n < 60; n = n + 1) begin
      opened = chance(50);
      step(1'b1, opened, random_data());
      for (int i = random_word() % 24; i > 0; i = i - 1) step(1'b0, chance(70), random_data());
    end
    // Asynchronous reset in the middle of a message.
    step(1'b0, 1'b1, random_data());
    @(negedge clk);
    `CHECK("crc", crc, want)
    #2 rst_n = 1'b0;
    #1 model(1'b1, 1'b0, '0);
    `CHECK("crc", crc, want)
    @(negedge clk);
    `CHECK("crc", crc, want)
    in_valid = 1'b0;
    rst_n = 1'b1;
    step(1'b0, 1'b1, random_data());
    step(1'b0, 1'b0, '0);
    step(1'b0, 1'b0, '0);
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
