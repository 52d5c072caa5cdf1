// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_arbiter_rr: order, holding and idle phases against a model that searches in a circle.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_arbiter_rr #(
  parameter int N = 4
);
  logic         clk = 1'b0;
  logic         rst_n = 1'b0;
  logic [N-1:0] req = '1;
  logic         ack = 1'b0;
  logic [N-1:0] grant;
  logic         grant_valid;

  cbb_arbiter_rr #(.N(N)) dut (.*);

  always #5 clk = !clk;

  // -1: nobody
  int owner = -1;
  int last = N - 1;
  int at;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_arbiter_rr);
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

  task check;
    `CHECK("grant_valid", grant_valid, owner >= 0)
    for (int i = 0; i < N; i = i + 1) begin
      `CHECK("grant", grant[i], i == owner)
    end
  endtask

  task step(input logic [N-1:0] requests, input logic done);
    @(negedge clk);
    check();
    req = requests;
    ack = done;
    #1 check();
    if (owner < 0 || done) begin
      owner = -1;
      for (int i = 1; i <= N; i = i + 1) begin
        at = (last + i) % N;
        if (owner < 0 && requests[at]) owner = at;
      end
      if (owner >= 0) last = owner;
    end
  endtask

  logic [63:0] wide;

  task reset;
    @(negedge clk);
    check();
    #2 rst_n = 1'b0;
    #1 owner = -1;
    last = N - 1;
    check();
    req = '1;
    ack = 1'b1;
    @(negedge clk);
    check();
    req = '0;
    ack = 1'b0;
    rst_n = 1'b1;
  endtask

  initial begin
    repeat (2) @(negedge clk);
    check();
    req = '0;
    rst_n = 1'b1;
    // Everybody asks for ever: each in turn, twice round; then a grant that is held while the others wait.
    for (int i = 0; i < 2 * N + 2; i = i + 1) step('1, 1'b1);
    for (int i = 0; i < 4; i = i + 1) step('1, 1'b0);
    step('0, 1'b0);
    step('0, 1'b1);
    step('0, 1'b1);
    reset();
    for (int i = 0; i < 3000; i = i + 1) begin
      wide = {random_word(), random_word()};
      if (i % 4 != 0) wide = wide & {random_word(), random_word()};
      if (i % 16 > 11) wide = wide & {random_word(), random_word()} & {random_word(), random_word()};
      step(wide[N-1:0], chance(60));
    end
    step('1, 1'b1);
    reset();
    step('1, 1'b0);
    step('1, 1'b1);
    @(negedge clk);
    check();
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
