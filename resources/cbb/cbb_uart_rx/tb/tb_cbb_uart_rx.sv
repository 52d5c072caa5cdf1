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
    // A character that was taken stays visible until the next one.
    `CHECK("m_axis_tdata", m_axis_tdata, held_data)
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

  task hold(input logic level, input int cycles);
    repeat (cycles) clock(level);
  endtask

  // Sends one frame, of which the data bits `flipped` are to arrive inverted. `noise_periods` oversampling periods from
  // `noise_from` on (counted from the start of the frame) are inverted; `stretch` clocks are added to each bit;
  // the stop bit lasts `stop_clocks` or, at 0, a full bit.
  task send(
    input logic [DATA_BITS-1:0] data, input logic [DATA_BITS-1:0] flipped, input int baud, input logic parity_bad,
    input logic stop_bit, input int noise_start, input int noise_periods, input int extra, input int stop_length
  );
    logic level;
    int   period;
    int   step;   // clocks of an oversampling period
    line[0] = 1'b0;
    ones = 0;
    for (int i = 0; i < DATA_BITS; i = i + 1) begin
      line[i+1] = data[i];
      ones = ones + (data[i] ? 1 : 0);
    end
    if (PARITY == 1) line[DATA_BITS+1] = (ones % 2 == 0) ^ parity_bad;
    if (PARITY == 2) line[DATA_BITS+1] = (ones % 2 == 1) ^ parity_bad;
    line[STOP_BIT] = stop_bit;
    arriving_data   = data ^ flipped;
    arriving_frame  = !stop_bit;
    arriving_parity = PARITY != 0 && (parity_bad ^ (^flipped));
    baud_div   = DIV_WIDTH'(baud);
    step       = baud == 0 ? 1 : baud;
    bit_clocks = 16 * step + extra;
    deliver_at = 2 + (16 * STOP_BIT + 9) * step;
    for (int n = 0; n < STOP_BIT * bit_clocks + (stop_length == 0 ? bit_clocks : stop_length); n = n + 1) begin
      level = line[n / bit_clocks];
      // The first edge that sees the line low has number 0; the sample p periods later is taken by edge p * step.
      period = (n - 1 + step) / step;
      if (period >= noise_start && period < noise_start + noise_periods) level = !level;
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
    held_data = '0;
    check();
    rxd = 1'b0;
    repeat (3) @(negedge clk);
    check();
    rxd = 1'b1;
    @(negedge clk);
    rst_n = 1'b1;
  endtask

  // The run as a list, so that `send` stands at one place only: Verilator copies tasks to each call.
  localparam int ENTRIES = 4096;
  localparam int SEND    = 0;
  localparam int HOLD    = 1;   // `count` clocks at `stop`'s level
  localparam int READY   = 2;   // from here on the reader takes a character with `count` percent in each clock
  localparam int RESET   = 3;
  localparam int NONE    = 1000000;
  localparam int LARGEST = DIV_WIDTH < 8 ? (1 << DIV_WIDTH) - 1 : 300;

  int                   kind        [0:ENTRIES-1];
  int                   count       [0:ENTRIES-1];
  logic [DATA_BITS-1:0] character   [0:ENTRIES-1];
  logic [DATA_BITS-1:0] flips       [0:ENTRIES-1];
  int                   divisor     [0:ENTRIES-1];
  logic                 bad_parity  [0:ENTRIES-1];
  logic                 stop        [0:ENTRIES-1];
  int                   noise_from  [0:ENTRIES-1];
  int                   noise_count [0:ENTRIES-1];
  int                   stretch     [0:ENTRIES-1];
  int                   stop_clocks [0:ENTRIES-1];
  int                   entries = 0;

  task entry(input int what, input int number);
    kind[entries]  = what;
    count[entries] = number;
    entries = entries + 1;
  endtask

  task quiet(input int cycles);
    entry(HOLD, cycles);
  endtask

  task low(input int cycles);
    entry(HOLD, cycles);
    stop[entries-1] = 1'b0;
  endtask

  task ready(input int percent);
    entry(READY, percent);
  endtask

  // A frame; what is not plain about it is set on its entry afterwards.
  task frame(input logic [DATA_BITS-1:0] data, input int baud);
    entry(SEND, 1);
    character[entries-1] = data;
    divisor[entries-1]   = baud;
  endtask

  task wrong(input logic parity, input logic stop_level);
    bad_parity[entries-1] = parity;
    stop[entries-1]       = stop_level;
  endtask

  task noise(input int from, input int periods);
    noise_from[entries-1]  = from;
    noise_count[entries-1] = periods;
  endtask

  logic stop_level;

  initial begin
    // What an entry does not say otherwise.
    for (int e = 0; e < ENTRIES; e = e + 1) begin
      character[e]   = '0;
      flips[e]       = '0;
      divisor[e]     = 1;
      bad_parity[e]  = 1'b0;
      stop[e]        = 1'b1;
      noise_from[e]  = NONE;
      noise_count[e] = 0;
      stretch[e]     = 0;
      stop_clocks[e] = 0;
    end

    quiet(50);
    // Plain characters, the extreme divisors, back to back.
    frame('0, 1);
    frame('1, 1);
    frame({{DATA_BITS - 1{1'b0}}, 1'b1}, 0);
    quiet(3);
    frame(random_data(), LARGEST);
    quiet(20);
    // A stop bit a little longer than half is enough, so that a fast sender is followed.
    repeat (3) begin
      frame(random_data(), 1);
      stop_clocks[entries-1] = 12;
    end
    // Start glitches: low for up to half a bit, so that two of the three samples are high.
    for (int i = 1; i <= 8; i = i + 1) begin
      low(i);
      quiet(30);
    end
    // Wrong stop bit: one character with the flag, then nothing more while the line stays low.
    frame(random_data(), 1);
    wrong(1'b0, 1'b0);
    low(400);
    quiet(20);
    frame(random_data(), 1);
    // Wrong parity, alone and together with a wrong stop bit.
    frame(random_data(), 1);
    wrong(1'b1, 1'b1);
    frame(random_data(), 1);
    frame(random_data(), 1);
    wrong(1'b1, 1'b0);
    quiet(20);
    // Any one of the three samples of any bit may be wrong.
    for (int b = 0; b <= STOP_BIT; b = b + 1) begin
      for (int p = 7; p <= 9; p = p + 1) begin
        frame(random_data(), DIV_WIDTH < 2 ? 1 : 1 + (random_word() >> 4) % 2);
        noise(16 * b + p, 1);
        quiet(4);
      end
    end
    // Two wrong samples change the bit, and with it the parity.
    for (int b = 0; b < DATA_BITS; b = b + 1) begin
      for (int p = 7; p <= 8; p = p + 1) begin
        frame(random_data(), 1);
        noise(16 * (b + 1) + p, 2);
        flips[entries-1] = {{DATA_BITS - 1{1'b0}}, 1'b1} << b;
        quiet(4);
      end
    end
    // Overrun: the first character stays, the second and third are lost; the next one after taking it is whole.
    ready(0);
    quiet(20);
    frame(random_data(), 1);
    frame(random_data(), 1);
    wrong(1'b1, 1'b0);
    quiet(20);
    frame(random_data(), 1);
    ready(100);
    quiet(3);
    frame(random_data(), 1);
    // Resets with a held character and every flag up, and in mid-character.
    ready(0);
    frame('1, 1);
    wrong(1'b1, 1'b0);
    quiet(3);
    frame('1, 1);
    entry(RESET, 0);
    quiet(200);
    low(40);
    entry(RESET, 0);
    quiet(300);
    ready(100);
    // Senders that are 3 % too slow and too fast.
    if (DIV_WIDTH > 2) begin
      for (int i = 0; i < 6; i = i + 1) begin
        frame(random_data(), 4);
        stretch[entries-1] = i < 3 ? 2 : -2;
      end
    end
    quiet(20);
    // Random traffic with a reader that is sometimes too slow.
    for (int i = 0; i < CHARACTERS; i = i + 1) begin
      stop_level = chance(85);
      ready(chance(30) ? 0 : chance(50) ? 3 : 100);
      frame(random_data(), DIV_WIDTH < 2 ? 1 : (random_word() >> 5) % 4);
      wrong(chance(20), stop_level);
      quiet(stop_level ? (random_word() >> 6) % 40 : 4 + (random_word() >> 6) % 40);
    end
    ready(100);
    quiet(10);

    arrives = 1'b0;
    reset();
    for (int e = 0; e < entries; e = e + 1) begin
      case (kind[e])
        SEND: send(character[e], flips[e], divisor[e], bad_parity[e], stop[e], noise_from[e], noise_count[e], stretch[e], stop_clocks[e]);
        HOLD: begin
          // The start of a glitch takes the divisor too.
          baud_div = DIV_WIDTH'(1);
          hold(stop[e], count[e]);
        end
        READY: ready_bias = count[e];
        default: reset();
      endcase
    end
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
