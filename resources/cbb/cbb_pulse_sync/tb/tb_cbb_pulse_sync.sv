// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_pulse_sync: pulses in three ratios of the clocks; counts, widths and the latency of both ways.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_pulse_sync #(
  // 1: what crosses may arrive up to a period of its own clock late
  parameter int SKEW = 0
);
  logic src_clk = 1'b0;
  logic src_rst_n = 1'b0;
  logic src_pulse = 1'b1;
  logic src_busy;
  logic dst_clk = 1'b0;
  logic dst_rst_n = 1'b0;
  logic dst_pulse;

  cbb_pulse_sync dut (.*);

  // Edges of src_clk come at even times, those of dst_clk at odd ones: never both at once.
  int src_half = 10;
  int dst_half = 14;
  always #(src_half) src_clk = !src_clk;
  initial begin
    #1;
    forever #(dst_half) dst_clk = !dst_clk;
  end

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_pulse_sync);
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

  int sent = 0;
  int seen = 0;

  // The level that flips, as each side has seen it: entry 0 is the youngest.
  logic       flip = 1'b0;
  logic [2:0] there = '0;
  logic [1:0] back = '0;
  logic       want_pulse = 1'b0;

  always @(posedge dst_clk) begin
    if (dst_rst_n) begin
      want_pulse = SKEW == 0 && there[2] != there[1];
      there = {there[1:0], flip};
      if (SKEW != 0 ? dst_pulse : want_pulse) seen = seen + 1;
    end
  end

  always @(posedge src_clk) begin
    if (src_rst_n) begin
      if (src_pulse && (SKEW != 0 ? !src_busy : flip == back[1])) begin
        sent = sent + 1;
        back = {back[0], there[1]};
        flip = !flip;
      end else begin
        back = {back[0], there[1]};
      end
    end
  end

  always @(negedge dst_clk) begin
    // A pulse that came late is one that was sent.
    `CHECK("dst_pulse", dst_pulse, want_pulse || (SKEW != 0 && dst_pulse === 1'b1 && seen < sent))
  end
  always @(negedge src_clk) begin
    if (SKEW == 0) begin
      `CHECK("src_busy", src_busy, flip != back[1])
    end else if (src_busy !== 1'b1) begin
      // Free only when the level came back, and so did the pulse, or is about to.
      `CHECK("src_busy", {src_busy, sent - seen <= 1}, 2'b01)
    end
  end

  task forget;
    flip = 1'b0;
    there = '0;
    back = '0;
    want_pulse = 1'b0;
    sent = 0;
    seen = 0;
  endtask

  task run(input int cycles, input int percent);
    for (int i = 0; i < cycles; i = i + 1) begin
      @(negedge src_clk);
      #1 src_pulse = chance(percent);
    end
    @(negedge src_clk);
    #1 src_pulse = 1'b0;
    repeat (20) @(negedge src_clk);
    repeat (20) @(negedge dst_clk);
    repeat (20) @(negedge src_clk);
    // One for one, and nothing is under way any more.
    `CHECK("dst_pulse", seen, sent)
    `CHECK("src_busy", src_busy, 1'b0)
  endtask

  initial begin
    #40;
    `CHECK("dst_pulse", dst_pulse, 1'b0)
    `CHECK("src_busy", src_busy, 1'b0)
    src_pulse = 1'b0;
    #100;
    @(negedge src_clk);
    #1 src_rst_n = 1'b1;
    dst_rst_n = 1'b1;
    run(1, 100);
    run(60, 100);
    run(400, 30);
    src_half = 18;
    dst_half = 8;
    run(300, 40);
    src_half = 8;
    dst_half = 62;
    run(400, 50);
    src_half = 10;
    dst_half = 10;
    run(200, 60);
    // A reset of both sides while a pulse is under way loses it, and nothing else.
    @(negedge src_clk);
    #1 src_pulse = 1'b1;
    @(negedge src_clk);
    #1 src_pulse = 1'b0;
    #2 src_rst_n = 1'b0;
    dst_rst_n = 1'b0;
    forget();
    #2;
    `CHECK("dst_pulse", dst_pulse, 1'b0)
    `CHECK("src_busy", src_busy, 1'b0)
    repeat (4) @(negedge src_clk);
    #1 src_rst_n = 1'b1;
    dst_rst_n = 1'b1;
    run(20, 0);
    run(101, 70);
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
