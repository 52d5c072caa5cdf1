// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_watchdog: both stages, kicks at every distance, and random life against a model.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_watchdog #(
  parameter int WIDTH = 16
);
  logic             clk = 1'b0;
  logic             rst_n = 1'b0;
  logic             en = 1'b1;
  logic             kick = 1'b0;
  logic [WIDTH-1:0] timeout_cycles = '0;
  logic             bark;
  logic             bite;

  cbb_watchdog #(.WIDTH(WIDTH)) dut (.*);

  always #5 clk = !clk;

  int   waited = 0;
  logic want_bark = 1'b0;
  logic want_bite = 1'b0;
  int   limit;
  // Taken over with the next step.
  logic [WIDTH-1:0] next_timeout = '0;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_watchdog);
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
    `CHECK("bark", bark, want_bark)
    `CHECK("bite", bite, want_bite)
  endtask

  task step(input logic run, input logic fed);
    @(negedge clk);
    check();
    en = run;
    kick = fed;
    timeout_cycles = next_timeout;
    #1 check();
    if (!run) begin
      waited = 0;
      want_bark = 1'b0;
      want_bite = 1'b0;
    end else if (fed) begin
      waited = 0;
      want_bark = 1'b0;
    end else begin
      limit = timeout_cycles < 2 ? 1 : timeout_cycles > 100000 ? 100000 : int'(timeout_cycles);
      waited = waited + 1;
      if (waited >= limit) begin
        waited = 0;
        if (want_bark) want_bite = 1'b1;
        want_bark = 1'b1;
      end
    end
  endtask

  task reset;
    @(negedge clk);
    check();
    #2 rst_n = 1'b0;
    #1 waited = 0;
    want_bark = 1'b0;
    want_bite = 1'b0;
    check();
    @(negedge clk);
    check();
    en = 1'b0;
    kick = 1'b0;
    rst_n = 1'b1;
  endtask

  initial begin
    repeat (2) @(negedge clk);
    check();
    en = 1'b0;
    rst_n = 1'b1;
    for (int t = 0; t < 8; t = t + 1) begin
      next_timeout = t;
      // Both stages, then a kick that takes back the warning but not the bite.
      for (int i = 0; i < 3 * t + 4; i = i + 1) step(1'b1, 1'b0);
      step(1'b1, 1'b1);
      for (int i = 0; i < t + 2; i = i + 1) step(1'b1, 1'b0);
      step(1'b0, 1'b0);
      // A kick after every number of cycles.
      for (int k = 0; k < 2 * t + 2; k = k + 1) begin
        for (int i = 0; i < k; i = i + 1) step(1'b1, 1'b0);
        step(1'b1, 1'b1);
      end
      // A reset in the middle of a count, and of a bite.
      for (int i = 0; i < t / 2; i = i + 1) step(1'b1, 1'b0);
      reset();
      for (int i = 0; i < 2 * t + 2; i = i + 1) step(1'b1, 1'b0);
      reset();
    end
    for (int i = 0; i < 4000; i = i + 1) begin
      if (chance(3)) next_timeout = (random_word() >> 4) % (WIDTH < 5 ? 8 : 24);
      step(chance(99), chance(8));
    end
    step(1'b0, 1'b0);
    next_timeout = '1;
    for (int i = 0; i < 20; i = i + 1) step(1'b1, 1'b0);
    @(negedge clk);
    check();
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
