// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_reset_sync: assertion needs no clock, release takes exactly STAGES rising edges, short pulses count too.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_reset_sync #(
  parameter int STAGES = 2
);
  logic clk = 1'b0;
  logic arst_n = 1'b1;
  logic srst_n;

  cbb_reset_sync #(.STAGES(STAGES)) dut (.*);

  always #5 clk = !clk;

  int edges;   // rising edges since arst_n was released

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_reset_sync);
    end
  end

  // xorshift32: the same stimulus under every simulator.
  function logic [31:0] random_word();
    seed = seed ^ (seed << 13);
    seed = seed ^ (seed >> 17);
    seed = seed ^ (seed << 5);
    random_word = seed;
  endfunction

  // Releases at `offset` ns after a falling edge, then counts rising edges until srst_n must follow.
  task release_and_count(input int offset);
    @(negedge clk);
    #(offset);
    arst_n = 1'b1;
    #1 `CHECK("srst_n", srst_n, 1'b0)
    for (edges = 1; edges < STAGES + 8; edges = edges + 1) begin
      @(posedge clk);
      #1 `CHECK("srst_n", srst_n, edges >= STAGES)
      @(negedge clk);
      `CHECK("srst_n", srst_n, edges >= STAGES)
    end
  endtask

  initial begin
    #3 arst_n = 1'b0;
    #1 `CHECK("srst_n", srst_n, 1'b0)
    repeat (3) @(negedge clk);
    release_and_count(1);
    for (int i = 0; i < 60; i = i + 1) begin
      // Asserted at any time within the clock period, without waiting for an edge.
      @(negedge clk);
      #((random_word() >> 4) % 4) arst_n = 1'b0;
      #1 `CHECK("srst_n", srst_n, 1'b0)
      for (int hold = (random_word() >> 4) % 4; hold > 0; hold = hold - 1) begin
        @(posedge clk);
        #1 `CHECK("srst_n", srst_n, 1'b0)
      end
      release_and_count((random_word() >> 4) % 4);
      // A second reset while the release is still on its way starts it over.
      @(negedge clk);
      arst_n = 1'b0;
      #1 arst_n = 1'b1;
      #1 `CHECK("srst_n", srst_n, 1'b0)
      @(posedge clk);
      #1 arst_n = 1'b0;
      #1 `CHECK("srst_n", srst_n, 1'b0)
      release_and_count(2);
    end
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
