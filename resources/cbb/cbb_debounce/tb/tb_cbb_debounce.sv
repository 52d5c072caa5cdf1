// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_debounce: pulses one cycle too short and just long enough, bouncing, resets at awkward moments, all against a model.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_debounce #(
  parameter int STABLE_CYCLES = 16,
  parameter int BURSTS        = 300
);
  logic clk = 1'b0;
  logic rst_n = 1'b0;
  logic noisy = 1'b0;
  logic clean;
  logic rose;
  logic fell;

  cbb_debounce #(.STABLE_CYCLES(STABLE_CYCLES)) dut (.*);

  always #5 clk = !clk;

  // The model keeps what noisy was and for how many edges it has differed from the clean value.
  logic seen_1 = 1'b0;
  logic seen_2 = 1'b0;
  int   differing = 0;
  logic model_clean = 1'b0;
  logic model_rose = 1'b0;
  logic model_fell = 1'b0;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_debounce);
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
    `CHECK("clean", clean, model_clean)
    `CHECK("rose", rose, model_rose)
    `CHECK("fell", fell, model_fell)
  endtask

  task forget;
    seen_1 = 1'b0;
    seen_2 = 1'b0;
    differing = 0;
    model_clean = 1'b0;
    model_rose = 1'b0;
    model_fell = 1'b0;
  endtask

  task step(input logic value);
    @(negedge clk);
    check();
    noisy = value;
    #1 check();
    model_rose = 1'b0;
    model_fell = 1'b0;
    if (seen_2 != model_clean) differing = differing + 1;
    else differing = 0;
    if (differing == STABLE_CYCLES) begin
      differing = 0;
      model_clean = seen_2;
      model_rose = seen_2;
      model_fell = !seen_2;
    end
    seen_2 = seen_1;
    seen_1 = value;
  endtask

  task hold(input logic value, input int cycles);
    repeat (cycles) step(value);
  endtask

  task reset;
    @(negedge clk);
    check();
    #2 rst_n = 1'b0;
    #1 forget();
    check();
    repeat (STABLE_CYCLES + 4) @(negedge clk);
    check();
    rst_n = 1'b1;
    seen_1 = noisy;
  endtask

  logic value;

  initial begin
    repeat (2) @(negedge clk);
    check();
    rst_n = 1'b1;
    // One cycle short, then exactly long enough, in both directions.
    hold(1'b0, 4);
    hold(1'b1, STABLE_CYCLES - 1);
    hold(1'b0, STABLE_CYCLES + 4);
    hold(1'b1, STABLE_CYCLES);
    hold(1'b0, STABLE_CYCLES - 1);
    hold(1'b1, STABLE_CYCLES + 6);
    // A reset while clean is high, and one in the cycle of rose or fell.
    reset();
    hold(1'b1, STABLE_CYCLES + 1);
    @(negedge clk);
    #2;
    `CHECK("rose", rose, 1'b1)
    rst_n = 1'b0;
    #1;
    `CHECK("rose", rose, 1'b0)
    forget();
    @(negedge clk);
    noisy = 1'b0;
    repeat (4) @(negedge clk);
    rst_n = 1'b1;
    hold(1'b1, STABLE_CYCLES + 4);
    hold(1'b0, STABLE_CYCLES + 2);
    @(negedge clk);
    #2;
    `CHECK("fell", fell, 1'b1)
    rst_n = 1'b0;
    #1;
    `CHECK("fell", fell, 1'b0)
    forget();
    repeat (4) @(negedge clk);
    rst_n = 1'b1;
    // A reset in mid-count starts the count over.
    hold(1'b1, STABLE_CYCLES / 2 + 2);
    @(negedge clk);
    #2 rst_n = 1'b0;
    #1 forget();
    @(negedge clk);
    rst_n = 1'b1;
    seen_1 = noisy;
    hold(1'b1, STABLE_CYCLES + 5);
    // Random bouncing.
    value = 1'b0;
    for (int i = 0; i < BURSTS; i = i + 1) begin
      if (chance(50)) hold(value, 1 + (random_word() >> 4) % 3);
      else            hold(value, STABLE_CYCLES - 1 + (random_word() >> 4) % 4);
      value = !value;
    end
    reset();
    hold(1'b1, STABLE_CYCLES + 4);
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
