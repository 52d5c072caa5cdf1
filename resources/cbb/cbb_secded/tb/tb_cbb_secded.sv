// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_secded: clean words, every single error, double and triple errors against a model on numbered positions.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_secded #(
  parameter int DATA_WIDTH = 32
);
  localparam int CHECKS = $clog2(DATA_WIDTH + $clog2(DATA_WIDTH) + 1);
  localparam int CODE   = DATA_WIDTH + CHECKS + 1;
  localparam int WIDTH  = DATA_WIDTH;

  logic [DATA_WIDTH-1:0] enc_data = '0;
  logic [CODE-1:0]       enc_code;
  logic [CODE-1:0]       dec_code = '0;
  logic [DATA_WIDTH-1:0] dec_data;
  logic                  dec_corrected;
  logic                  dec_uncorrectable;

  cbb_secded #(.DATA_WIDTH(DATA_WIDTH)) dut (.*);

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_secded);
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

  // The Hamming position of each bit of the code word; the parity bit has none.
  int position [0:CODE-1];
  int next;

  task number;
    next = 1;
    for (int i = 0; i < DATA_WIDTH; i = i + 1) begin
      while (next == 1 || next == 2 || next == 4 || next == 8 || next == 16 || next == 32 || next == 64 || next == 128) next = next + 1;
      position[i] = next;
      next = next + 1;
    end
    for (int j = 0; j < CHECKS; j = j + 1) position[DATA_WIDTH + j] = 1 << j;
    position[CODE-1] = 0;
  endtask

  logic [CODE-1:0] want_code;
  logic            bit_sum;

  task encode(input logic [DATA_WIDTH-1:0] data);
    want_code = '0;
    want_code[DATA_WIDTH-1:0] = data;
    for (int j = 0; j < CHECKS; j = j + 1) begin
      bit_sum = 1'b0;
      for (int i = 0; i < DATA_WIDTH; i = i + 1) begin
        if (data[i] && ((position[i] >> j) & 1) == 1) bit_sum = !bit_sum;
      end
      want_code[DATA_WIDTH+j] = bit_sum;
    end
    for (int i = 0; i < CODE - 1; i = i + 1) want_code[CODE-1] = want_code[CODE-1] ^ want_code[i];
    enc_data = data;
    #1;
    `CHECK("enc_code", enc_code, want_code)
  endtask

  // Decodes the last word with the given bits wrong; -1: none.
  int                    place;
  int                    wrong;
  logic [DATA_WIDTH-1:0] want_data;
  logic                  want_corrected;
  logic                  want_lost;

  task decode(input int one, input int two, input int three);
    dec_code = want_code;
    place = 0;
    wrong = 0;
    if (one >= 0) begin
      dec_code[one] = !dec_code[one];
      place = place ^ position[one];
      wrong = wrong + 1;
    end
    if (two >= 0) begin
      dec_code[two] = !dec_code[two];
      place = place ^ position[two];
      wrong = wrong + 1;
    end
    if (three >= 0) begin
      dec_code[three] = !dec_code[three];
      place = place ^ position[three];
      wrong = wrong + 1;
    end
    // What the code can tell: the parity of the number of errors, and the sum of their positions.
    want_corrected = wrong % 2 == 1 && place < CODE;
    want_lost = wrong % 2 == 1 ? place >= CODE : place != 0;
    want_data = dec_code;
    if (want_corrected) begin
      for (int i = 0; i < DATA_WIDTH; i = i + 1) begin
        if (position[i] == place) want_data[i] = !want_data[i];
      end
    end
    #1;
    `CHECK("dec_data", dec_data, want_data)
    `CHECK("dec_corrected", dec_corrected, want_corrected)
    `CHECK("dec_uncorrectable", dec_uncorrectable, want_lost)
    if (wrong < 2) begin
      `CHECK("dec_data", dec_data, want_code[DATA_WIDTH-1:0])
    end
  endtask

  int one;
  int two;
  int three;

  initial begin
    number();
    for (int i = 0; i < 12; i = i + 1) begin
      if (i == 0) encode('0);
      else if (i == 1) encode('1);
      else encode(random_data());
      decode(-1, -1, -1);
      for (int k = 0; k < CODE; k = k + 1) decode(k, -1, -1);
      for (int k = 0; k < CODE - 1; k = k + 1) decode(k, k + 1 + (random_word() >> 5) % (CODE - 1 - k), -1);
      for (int k = 0; k < 30; k = k + 1) begin
        one = (random_word() >> 5) % CODE;
        two = (random_word() >> 5) % CODE;
        three = (random_word() >> 5) % CODE;
        if (one != two && two != three && one != three) decode(one, two, three);
      end
    end
    for (int i = 0; i < DATA_WIDTH; i = i + 1) begin
      enc_data = '0;
      enc_data[i] = 1'b1;
      encode(enc_data);
    end
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
