// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_ram_2p: fills every word through both ports, then random accesses of both at once against an array, often at
// the same word.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_ram_2p #(
  parameter int WIDTH     = 8,
  parameter int DEPTH     = 256,
  parameter     INIT_FILE = ""
);
  logic                     clk = 1'b0;
  logic                     rst_n = 1'b0;
  logic                     a_en = 1'b0;
  logic                     a_we = 1'b0;
  logic [$clog2(DEPTH)-1:0] a_addr = '0;
  logic [WIDTH-1:0]         a_wr_data = '0;
  logic [WIDTH-1:0]         a_rd_data;
  logic                     b_en = 1'b0;
  logic                     b_we = 1'b0;
  logic [$clog2(DEPTH)-1:0] b_addr = '0;
  logic [WIDTH-1:0]         b_wr_data = '0;
  logic [WIDTH-1:0]         b_rd_data;

  cbb_ram_2p #(.WIDTH(WIDTH), .DEPTH(DEPTH), .INIT_FILE(INIT_FILE)) dut (.*);

  always #5 clk = !clk;

  logic [WIDTH-1:0] model [0:DEPTH-1];
  logic             known [0:DEPTH-1];
  logic [WIDTH-1:0] want_a = '0;
  logic [WIDTH-1:0] want_b = '0;
  logic             certain_a = 1'b1;
  logic             certain_b = 1'b1;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_ram_2p);
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
    if (certain_a) begin
      `CHECK("a_rd_data", a_rd_data, want_a)
    end
    if (certain_b) begin
      `CHECK("b_rd_data", b_rd_data, want_b)
    end
  endtask

  // One edge. What was read while the other port wrote the same word is not promised.
  task edge_of_clk;
    if (!rst_n) begin
      want_a = '0;
      certain_a = 1'b1;
      want_b = '0;
      certain_b = 1'b1;
    end else begin
      if (a_en && !a_we) begin
        want_a = model[a_addr];
        certain_a = known[a_addr] && !(b_en && b_we && b_addr == a_addr);
      end
      if (b_en && !b_we) begin
        want_b = model[b_addr];
        certain_b = known[b_addr] && !(a_en && a_we && a_addr == b_addr);
      end
    end
    if (a_en && a_we) begin
      model[a_addr] = a_wr_data;
      known[a_addr] = 1'b1;
    end
    if (b_en && b_we) begin
      model[b_addr] = b_wr_data;
      known[b_addr] = 1'b1;
    end
    // Both wrote the same word: what it holds is not promised.
    if (a_en && a_we && b_en && b_we && a_addr == b_addr) known[a_addr] = 1'b0;
  endtask

  task step(
    input logic go_a, input logic write_a, input int place_a, input logic [WIDTH-1:0] data_a,
    input logic go_b, input logic write_b, input int place_b, input logic [WIDTH-1:0] data_b
  );
    @(negedge clk);
    check();
    a_en = go_a;
    a_we = write_a;
    a_addr = place_a;
    a_wr_data = data_a;
    b_en = go_b;
    b_we = write_b;
    b_addr = place_b;
    b_wr_data = data_b;
    // No output follows an input without an edge.
    #1 check();
    edge_of_clk();
  endtask

  int place_a;
  int place_b;

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
      for (int i = 0; i < DEPTH; i = i + 1) step(1'b1, 1'b0, i, '1, 1'b1, 1'b0, DEPTH - 1 - i, '1);
    end
    // Even words through one port, odd ones through the other; then everything through both, crosswise.
    for (int i = 0; i < DEPTH; i = i + 2) begin
      step(1'b1, 1'b1, i, random_data(), i + 1 < DEPTH, 1'b1, (i + 1) % DEPTH, random_data());
    end
    for (int i = 0; i < DEPTH; i = i + 1) step(1'b1, 1'b0, i, '1, 1'b1, 1'b0, DEPTH - 1 - i, '0);
    for (int i = 0; i < 2500; i = i + 1) begin
      place_a = (random_word() >> 4) % DEPTH;
      place_b = chance(40) ? place_a : (random_word() >> 4) % DEPTH;
      step(chance(70), chance(50), place_a, random_data(), chance(70), chance(50), place_b, random_data());
    end
    // Nothing of the random part stays unwritten.
    for (int i = 0; i < DEPTH; i = i + 1) step(1'b1, 1'b1, i, random_data(), 1'b0, 1'b1, i, '1);
    for (int i = 0; i < DEPTH; i = i + 1) step(1'b1, 1'b0, i, '1, 1'b1, 1'b0, i, '0);
    step(1'b1, 1'b1, 1, '1, 1'b1, 1'b1, 0, '1);
    step(1'b1, 1'b0, 0, '1, 1'b1, 1'b0, 1, '1);
    // The reset comes with the edge, clears the outputs and nothing else; writes beside it happen.
    @(negedge clk);
    check();
    rst_n = 1'b0;
    #1 check();
    edge_of_clk();
    step(1'b1, 1'b1, 0, '0, 1'b1, 1'b1, 1, '1);
    step(1'b1, 1'b0, 1, '0, 1'b1, 1'b0, 1, '1);
    @(negedge clk);
    check();
    a_en = 1'b0;
    b_en = 1'b0;
    rst_n = 1'b1;
    edge_of_clk();
    step(1'b1, 1'b0, 0, '0, 1'b1, 1'b0, 1, '0);
    step(1'b0, 1'b0, 1, '0, 1'b1, 1'b0, 0, '0);
    step(1'b1, 1'b0, 1, '0, 1'b0, 1'b0, 1, '0);
    @(negedge clk);
    check();
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
