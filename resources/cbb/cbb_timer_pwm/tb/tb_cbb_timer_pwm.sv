// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_timer_pwm: every output in every cycle against a model that counts cycles since the start of the period.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_timer_pwm #(
  parameter int WIDTH = 16
);
  logic             clk = 1'b0;
  logic             rst_n = 1'b0;
  logic             en = 1'b1;
  logic [WIDTH-1:0] period = '1;
  logic [WIDTH-1:0] compare = '1;
  logic             pwm;
  logic             expired;
  logic [WIDTH-1:0] count;

  cbb_timer_pwm #(.WIDTH(WIDTH)) dut (.*);

  always #5 clk = !clk;

  // -1: stopped
  int   cycle = -1;
  logic want_pwm = 1'b0;
  logic want_expired = 1'b0;
  int   length;
  // Taken over with the next step.
  logic [WIDTH-1:0] next_period = '1;
  logic [WIDTH-1:0] next_compare = '1;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_timer_pwm);
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
    `CHECK("count", count, cycle < 0 ? 0 : cycle)
    `CHECK("pwm", pwm, want_pwm)
    `CHECK("expired", expired, want_expired)
  endtask

  task step(input logic run);
    @(negedge clk);
    check();
    en = run;
    period = next_period;
    compare = next_compare;
    #1 check();
    want_expired = 1'b0;
    if (!run) begin
      cycle = -1;
      want_pwm = 1'b0;
    end else begin
      length = period < 2 ? 1 : period > 100000 ? 100000 : int'(period);
      if (cycle >= 0 && cycle >= length - 1) begin
        want_expired = 1'b1;
        cycle = 0;
      end else begin
        cycle = cycle + 1;
      end
      want_pwm = compare > 100000 || cycle < int'(compare);
    end
  endtask

  initial begin
    repeat (2) @(negedge clk);
    check();
    en = 1'b0;
    rst_n = 1'b1;
    step(1'b0);
    for (int p = 0; p < 8; p = p + 1) begin
      for (int c = 0; c < 8; c = c + 1) begin
        next_period = p;
        next_compare = c;
        for (int i = 0; i < 2 * p + 3; i = i + 1) step(1'b1);
        step(1'b0);
      end
    end
    // Values that change while it runs, pauses, and a period shorter than the present count.
    for (int i = 0; i < 3000; i = i + 1) begin
      if (chance(10)) next_period = (random_word() >> 4) % (WIDTH < 6 ? 8 : 40);
      if (chance(10)) next_compare = (random_word() >> 4) % (WIDTH < 6 ? 8 : 40);
      step(chance(97));
    end
    // The greatest values.
    next_period = '1;
    next_compare = '1;
    step(1'b0);
    for (int i = 0; i < 20; i = i + 1) step(1'b1);
    @(negedge clk);
    check();
    #2 rst_n = 1'b0;
    #1 cycle = -1;
    want_pwm = 1'b0;
    want_expired = 1'b0;
    check();
    @(negedge clk);
    check();
    en = 1'b0;
    rst_n = 1'b1;
    next_period = '0;
    next_compare = '0;
    step(1'b1);
    for (int i = 0; i < 4; i = i + 1) step(1'b1);
    #2 rst_n = 1'b0;
    #1 cycle = -1;
    want_expired = 1'b0;
    check();
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
