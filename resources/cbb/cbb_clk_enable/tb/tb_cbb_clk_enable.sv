// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_clk_enable: each cycle's tick against the number of cycles waited, for fixed and for changing divisors.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_clk_enable #(
  parameter int WIDTH = 16
);
  logic             clk = 1'b0;
  logic             rst_n = 1'b0;
  logic [WIDTH-1:0] divisor = '0;
  logic             tick;

  cbb_clk_enable #(.WIDTH(WIDTH)) dut (.*);

  always #5 clk = !clk;

  int               waited;   // cycles since the last tick
  int               period;
  logic [WIDTH-1:0] largest;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_clk_enable);
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

  task reset;
    @(negedge clk);
    #2 rst_n = 1'b0;
    repeat (2) @(negedge clk);
    rst_n = 1'b1;
    waited = 0;
  endtask

  // Looks at tick in each cycle and says when it has to come.
  task run(input logic [WIDTH-1:0] value, input int cycles);
    for (int i = 0; i < cycles; i = i + 1) begin
      divisor = value;
      period  = 32'(value);
      #1;
      waited = waited + 1;
      `CHECK("tick", tick, waited >= period)
      if (waited >= period) waited = 0;
      @(negedge clk);
    end
  endtask

  initial begin
    reset();
    // From reset the first tick comes in cycle `divisor`, the next ones `divisor` apart.
    for (int d = 0; d < 12; d = d + 1) begin
      if (d < (1 << WIDTH)) begin
        reset();
        run(WIDTH'(d), 4 * d + 5);
      end
    end
    // A reset in mid-count starts over.
    largest = '1;
    reset();
    run(largest, 7);
    reset();
    run(largest, 20);
    // Every bit of the comparison counts: a period with the upper half set and the longest one that is short enough to wait for.
    reset();
    if (WIDTH <= 9) run(largest, 3 * (32'(largest) + 1));
    else            run(WIDTH'(300), 1000);
    // Changes in mid-count take effect at once, also downwards past the count.
    reset();
    for (int i = 0; i < 600; i = i + 1) run(WIDTH'((random_word() >> 5) % 24), chance(50) ? 1 : 1 + (random_word() >> 4) % 30);
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
