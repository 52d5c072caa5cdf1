// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_ram_1p: fills every word, then random accesses against an array.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_ram_1p #(
  parameter int WIDTH     = 8,
  parameter int DEPTH     = 256,
  parameter     INIT_FILE = ""
);
  logic                     clk = 1'b0;
  logic                     rst_n = 1'b0;
  logic                     en = 1'b0;
  logic                     we = 1'b0;
  logic [$clog2(DEPTH)-1:0] addr = '0;
  logic [WIDTH-1:0]         wr_data = '0;
  logic [WIDTH-1:0]         rd_data;

  cbb_ram_1p #(.WIDTH(WIDTH), .DEPTH(DEPTH), .INIT_FILE(INIT_FILE)) dut (.*);

  always #5 clk = !clk;

  logic [WIDTH-1:0] model [0:DEPTH-1];
  logic             known [0:DEPTH-1];
  logic [WIDTH-1:0] want = '0;
  logic             certain = 1'b1;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_ram_1p);
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
    if (certain) begin
      `CHECK("rd_data", rd_data, want)
    end
  endtask

  task step(input logic go, input logic write, input int place, input logic [WIDTH-1:0] data);
    @(negedge clk);
    check();
    en = go;
    we = write;
    addr = place;
    wr_data = data;
    #1 check();
    if (go) begin
      want = model[place];
      certain = known[place];
      if (write) begin
        model[place] = data;
        known[place] = 1'b1;
      end
    end
  endtask

  initial begin
    for (int i = 0; i < DEPTH; i = i + 1) begin
      known[i] = INIT_FILE != "";
      // What tb/contents.hex holds.
      model[i] = 273 * i + 5;
    end
    repeat (2) @(negedge clk);
    check();
    rst_n = 1'b1;
    if (INIT_FILE != "") begin
      for (int i = 0; i < DEPTH; i = i + 1) step(1'b1, 1'b0, i, '1);
    end
    for (int i = 0; i < DEPTH; i = i + 1) step(1'b1, 1'b1, i, random_data());
    for (int i = 0; i < DEPTH; i = i + 1) step(1'b1, 1'b0, i, '1);
    for (int i = 0; i < 1500; i = i + 1) step(chance(70), chance(50), (random_word() >> 4) % DEPTH, random_data());
    step(1'b1, 1'b1, 1, '1);
    step(1'b1, 1'b0, 1, '0);
    // The reset comes with the edge, clears the output and nothing else; a write beside it happens.
    @(negedge clk);
    check();
    rst_n = 1'b0;
    #1 check();
    want = '0;
    certain = 1'b1;
    step(1'b1, 1'b1, 0, '1);
    want = '0;
    certain = 1'b1;
    @(negedge clk);
    check();
    en = 1'b0;
    rst_n = 1'b1;
    step(1'b1, 1'b0, 1, '0);
    step(1'b1, 1'b0, 0, '0);
    @(negedge clk);
    check();
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
