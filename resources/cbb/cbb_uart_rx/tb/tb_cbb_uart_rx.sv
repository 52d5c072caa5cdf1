// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_uart_rx: every output in every clock against a model that knows when each character must arrive,
// with noise on single samples, glitches, breaks, wrong parity, slow readers and senders that are off by some percent.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_uart_rx #(
  parameter int DATA_BITS  = 8,
  parameter int PARITY     = 0,
  parameter int DIV_WIDTH  = 16,
  parameter int CHARACTERS = 40
);
  logic                 clk = 1'b0;
  logic                 rst_n = 1'b1;
  logic [DIV_WIDTH-1:0] baud_div = '0;
  logic                 rxd = 1'b1;
  logic [DATA_BITS-1:0] m_axis_tdata;
  logic                 m_axis_tvalid;
  logic                 m_axis_tready = 1'b0;
  logic                 frame_error;
  logic                 parity_error;
  logic                 overrun;

  cbb_uart_rx #(.DATA_BITS(DATA_BITS), .PARITY(PARITY), .DIV_WIDTH(DIV_WIDTH)) dut (.*);

  always #5 clk = !clk;

  // Rising edges from the first one that sees the start bit to the one that hands over the character:
  // two of the synchroniser, then 9/16 of the stop bit, which stands behind start bit, data and parity.
  localparam int STOP_BIT = 1 + DATA_BITS + (PARITY == 0 ? 0 : 1);

  // The model of what the output holds.
  logic                 held = 1'b0;
  logic [DATA_BITS-1:0] held_data = '0;
  logic                 held_frame = 1'b0;
  logic                 held_parity = 1'b0;
  logic                 held_overrun = 1'b0;

  logic line [0:15];   // start bit, data, parity, stop bit
  int   ones;
  int   deliver_at;
  int   bit_clocks;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_uart_rx);
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

  task check;
    `CHECK("m_axis_tvalid", m_axis_tvalid, held)
    `CHECK("frame_error", frame_error, held_frame)
    `CHECK("parity_error", parity_error, held_parity)
    `CHECK("overrun", overrun, held_overrun)
    if (held) begin
      `CHECK("m_axis_tdata", m_axis_tdata, held_data)
    end
  endtask

  // One clock with the given line level; `arrives` when the edge hands over what `arriving` describes.
  logic                 arrives;
  logic [DATA_BITS-1:0] arriving_data;
  logic                 arriving_frame;
  logic                 arriving_parity;
  int                   ready_bias = 100;

  task clock(input logic level);
    rxd = level;
    m_axis_tready = chance(ready_bias);
    #1 check();
    if (held && !m_axis_tready) begin
      if (arrives) held_overrun = 1'b1;
    end else begin
      held         = arrives;
      held_frame   = arrives && arriving_frame;
      held_parity  = arrives && arriving_parity;
      held_overrun = 1'b0;
      if (arrives) held_data = arriving_data;
    end
    arrives = 1'b0;
    @(negedge clk);
    check();
  endtask

  task quiet(input int cycles);
    repeat (cycles) clock(1'b1);
  endtask

  // Data bits that are to arrive inverted.
  logic [DATA_BITS-1:0] flipped = '0;

  // Sends one frame. The oversampling period `noise_from` (counted from the start of the frame) and the next
  // `noise_periods` - 1 are inverted; `stretch` clocks are added to each bit; the stop bit lasts `stop_clocks` or, at 0, a full bit.
  task send(
    input logic [DATA_BITS-1:0] data, input int divisor, input logic bad_parity, input logic stop,
    input int noise_from, input int noise_periods, input int stretch, input int stop_clocks
  );
    logic level;
    int   period;
    line[0] = 1'b0;
    ones = 0;
    for (int i = 0; i < DATA_BITS; i = i + 1) begin
      line[i+1] = data[i];
      ones = ones + (data[i] ? 1 : 0);
    end
    if (PARITY == 1) line[DATA_BITS+1] = (ones % 2 == 0) ^ bad_parity;
    if (PARITY == 2) line[DATA_BITS+1] = (ones % 2 == 1) ^ bad_parity;
    line[STOP_BIT] = stop;
    arriving_data   = data ^ flipped;
    arriving_frame  = !stop;
    arriving_parity = PARITY != 0 && (bad_parity ^ (^flipped));
    baud_div   = DIV_WIDTH'(divisor);
    bit_clocks = 16 * (divisor == 0 ? 1 : divisor) + stretch;
    deliver_at = 2 + (16 * STOP_BIT + 9) * (divisor == 0 ? 1 : divisor);
    for (int n = 0; n < STOP_BIT * bit_clocks + (stop_clocks == 0 ? bit_clocks : stop_clocks); n = n + 1) begin
      level = line[n / bit_clocks];
      // The first edge that sees the line low has number 0; a sample p periods later is taken by the edge p * divisor after it.
      period = (n - 1 + (divisor < 2 ? 1 : divisor)) / (divisor < 2 ? 1 : divisor);
      if (period >= noise_from && period < noise_from + noise_periods) level = !level;
      // The divisor is taken with the start bit, later changes must not matter.
      if (n == 4) baud_div = DIV_WIDTH'(random_word() >> 9);
      arrives = n == deliver_at;
      clock(level);
    end
  endtask

  task reset;
    #2 rst_n = 1'b0;
    #1 held = 1'b0;
    held_frame = 1'b0;
    held_parity = 1'b0;
    held_overrun = 1'b0;
    check();
    `CHECK("m_axis_tdata", m_axis_tdata, {DATA_BITS{1'b0}})
    rxd = 1'b0;
    repeat (3) @(negedge clk);
    check();
    rxd = 1'b1;
    @(negedge clk);
    rst_n = 1'b1;
  endtask

  localparam int LARGEST = DIV_WIDTH < 8 ? (1 << DIV_WIDTH) - 1 : 300;
  localparam int NONE = 1000000;

  int   divisor;
  logic stop_level;

  initial begin
    arrives = 1'b0;
    reset();
    quiet(50);
    // Plain characters, the extreme divisors, back to back.
    send('0, 1, 1'b0, 1'b1, NONE, 0, 0, 0);
    send('1, 1, 1'b0, 1'b1, NONE, 0, 0, 0);
    send({{DATA_BITS - 1{1'b0}}, 1'b1}, 0, 1'b0, 1'b1, NONE, 0, 0, 0);
    quiet(3);
    send(random_data(), LARGEST, 1'b0, 1'b1, NONE, 0, 0, 0);
    quiet(20);
    // A stop bit a little longer than half is enough, so that a fast sender is followed.
    repeat (3) send(random_data(), 1, 1'b0, 1'b1, NONE, 0, 0, 12);
    // Start glitches: low for less than half a bit, up to two of the three samples high.
    baud_div = DIV_WIDTH'(1);
    for (int i = 1; i <= 8; i = i + 1) begin
      repeat (i) clock(1'b0);
      quiet(30);
    end
    // Wrong stop bit: one character with the flag, then nothing more while the line stays low.
    send(random_data(), 1, 1'b0, 1'b0, NONE, 0, 0, 0);
    repeat (400) clock(1'b0);
    quiet(20);
    send(random_data(), 1, 1'b0, 1'b1, NONE, 0, 0, 0);
    // Wrong parity, alone and together with a wrong stop bit.
    send(random_data(), 1, 1'b1, 1'b1, NONE, 0, 0, 0);
    send(random_data(), 1, 1'b0, 1'b1, NONE, 0, 0, 0);
    send(random_data(), 1, 1'b1, 1'b0, NONE, 0, 0, 0);
    quiet(20);
    // Any one of the three samples of any bit may be wrong.
    for (int b = 0; b <= STOP_BIT; b = b + 1) begin
      for (int p = 7; p <= 9; p = p + 1) begin
        send(random_data(), DIV_WIDTH < 2 ? 1 : 1 + (random_word() >> 4) % 2, 1'b0, 1'b1, 16 * b + p, 1, 0, 0);
        quiet(4);
      end
    end
    // Two wrong samples change the bit, and with it the parity.
    for (int b = 0; b < DATA_BITS; b = b + 1) begin
      for (int p = 7; p <= 8; p = p + 1) begin
        flipped = '0;
        flipped[b] = 1'b1;
        send(random_data(), 1, 1'b0, 1'b1, 16 * (b + 1) + p, 2, 0, 0);
        flipped = '0;
        quiet(4);
      end
    end
    // Overrun: the first character stays, the second and third are lost; the next one after taking it is whole.
    ready_bias = 0;
    quiet(20);
    send(random_data(), 1, 1'b0, 1'b1, NONE, 0, 0, 0);
    send(random_data(), 1, 1'b1, 1'b0, NONE, 0, 0, 0);
    quiet(20);
    send(random_data(), 1, 1'b0, 1'b1, NONE, 0, 0, 0);
    ready_bias = 100;
    quiet(3);
    send(random_data(), 1, 1'b0, 1'b1, NONE, 0, 0, 0);
    // Resets in mid-character and with a held character.
    ready_bias = 0;
    send('1, 1, 1'b1, 1'b0, NONE, 0, 0, 0);
    quiet(3);
    send('1, 1, 1'b0, 1'b1, NONE, 0, 0, 0);
    reset();
    quiet(200);
    repeat (40) clock(1'b0);
    reset();
    quiet(300);
    ready_bias = 100;
    // Senders that are up to 3 % too slow at a divisor of 4.
    if (DIV_WIDTH > 2) repeat (3) send(random_data(), 4, 1'b0, 1'b1, NONE, 0, 2, 0);
    if (DIV_WIDTH > 2) repeat (3) send(random_data(), 4, 1'b0, 1'b1, NONE, 0, -2, 0);
    quiet(20);
    // Random traffic with a reader that is sometimes too slow.
    for (int i = 0; i < CHARACTERS; i = i + 1) begin
      ready_bias = chance(30) ? 0 : chance(50) ? 3 : 100;
      divisor = DIV_WIDTH < 2 ? 1 : (random_word() >> 5) % 4;
      stop_level = chance(85);
      send(random_data(), divisor, chance(20), stop_level, NONE, 0, 0, 0);
      quiet(stop_level ? (random_word() >> 6) % 40 : 4 + (random_word() >> 6) % 40);
    end
    ready_bias = 100;
    quiet(10);
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
