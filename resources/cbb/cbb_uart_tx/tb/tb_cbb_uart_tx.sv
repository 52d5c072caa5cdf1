// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_uart_tx: the line, busy and tready in every clock of every frame against the frame written out bit by bit.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_uart_tx #(
  parameter int DATA_BITS  = 8,
  parameter int PARITY     = 0,
  parameter int STOP_BITS  = 1,
  parameter int DIV_WIDTH  = 16,
  parameter int CHARACTERS = 60
);
  logic                 clk = 1'b0;
  logic                 rst_n = 1'b0;
  logic [DIV_WIDTH-1:0] baud_div = '0;
  logic [DATA_BITS-1:0] s_axis_tdata = '0;
  logic                 s_axis_tvalid = 1'b0;
  logic                 s_axis_tready;
  logic                 txd;
  logic                 busy;

  cbb_uart_tx #(
    .DATA_BITS(DATA_BITS), .PARITY(PARITY), .STOP_BITS(STOP_BITS), .DIV_WIDTH(DIV_WIDTH)
  ) dut (.*);

  always #5 clk = !clk;

  logic line [0:15];   // the bits of the frame in the order in which they are sent
  int   bits;
  int   ones;
  int   bit_clocks;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_uart_tx);
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

  function logic [DATA_BITS-1:0] random_data();
    for (int i = 0; i < DATA_BITS; i = i + 1) begin
      seed = random_word();
      random_data[i] = seed[9];
    end
  endfunction

  task check_idle;
    `CHECK("txd", txd, 1'b1)
    `CHECK("busy", busy, 1'b0)
    `CHECK("s_axis_tready", s_axis_tready, 1'b1)
  endtask

  task idle(input int cycles);
    s_axis_tvalid = 1'b0;
    repeat (cycles) begin
      #1 check_idle();
      @(negedge clk);
      check_idle();
    end
  endtask

  task add(input logic value);
    line[bits] = value;
    bits = bits + 1;
  endtask

  task expect_frame(input logic [DATA_BITS-1:0] data, input int divisor);
    bits = 0;
    ones = 0;
    add(1'b0);
    for (int i = 0; i < DATA_BITS; i = i + 1) begin
      add(data[i]);
      ones = ones + (data[i] ? 1 : 0);
    end
    if (PARITY == 1) add(ones % 2 == 0);
    if (PARITY == 2) add(ones % 2 == 1);
    repeat (STOP_BITS) add(1'b1);
    bit_clocks = 16 * (divisor == 0 ? 1 : divisor);
  endtask

  // Offers a character at the present falling edge and looks at each clock of its frame, `clocks` at most.
  task send(input logic [DATA_BITS-1:0] data, input int divisor, input logic keep_valid, input int clocks);
    baud_div      = DIV_WIDTH'(divisor);
    s_axis_tdata  = data;
    s_axis_tvalid = 1'b1;
    #1 check_idle();
    expect_frame(data, divisor);
    @(negedge clk);
    // What happens at the inputs during the frame must not matter.
    s_axis_tvalid = keep_valid;
    for (int n = 0; n < bits * bit_clocks && n < clocks; n = n + 1) begin
      `CHECK("txd", txd, line[n / bit_clocks])
      `CHECK("busy", busy, 1'b1)
      `CHECK("s_axis_tready", s_axis_tready, 1'b0)
      s_axis_tdata = random_data();
      if (n % 7 == 3) baud_div = DIV_WIDTH'(random_word() >> 9);
      #1 `CHECK("txd", txd, line[n / bit_clocks])
      @(negedge clk);
    end
    if (clocks >= bits * bit_clocks) check_idle();
  endtask

  task reset;
    #2 rst_n = 1'b0;
    #1 check_idle();
    s_axis_tvalid = 1'b1;
    repeat (2) @(negedge clk);
    check_idle();
    s_axis_tvalid = 1'b0;
    rst_n = 1'b1;
    @(negedge clk);
    check_idle();
  endtask

  localparam int LARGEST = DIV_WIDTH < 8 ? (1 << DIV_WIDTH) - 1 : 300;

  initial begin
    repeat (2) @(negedge clk);
    check_idle();
    rst_n = 1'b1;
    @(negedge clk);
    idle(40);
    send('0, 1, 1'b0, 1000000);
    idle(3);
    send('1, 1, 1'b0, 1000000);
    send({{DATA_BITS - 1{1'b0}}, 1'b1}, 1, 1'b0, 1000000);
    // Divisor 0 counts as 1; a large one uses the upper bits.
    send(random_data(), 0, 1'b0, 1000000);
    send(random_data(), LARGEST, 1'b1, 1000000);
    // Resets in the start bit and in mid-frame, with the line low.
    send('0, 1, 1'b0, 5);
    reset();
    idle(20);
    send('0, 1, 1'b0, 16 * 4 + 3);
    reset();
    send(random_data(), 1, 1'b0, 1000000);
    for (int i = 0; i < CHARACTERS; i = i + 1) begin
      // Back to back while valid stays high, or with a pause.
      send(random_data(), DIV_WIDTH < 2 ? 1 : (random_word() >> 5) % 4, chance(60), 1000000);
      if (!s_axis_tvalid) idle((random_word() >> 6) % 40);
    end
    idle(40);
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
