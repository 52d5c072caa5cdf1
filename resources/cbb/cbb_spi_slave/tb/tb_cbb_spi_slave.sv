// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_spi_slave: a master with a clock of its own and random periods sends frames in all four modes, whole and
// broken off; words that were late or found no room must be told, all others arrive.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_spi_slave #(
  parameter int WIDTH = 8
);
  logic             clk = 1'b0;
  logic             rst_n = 1'b0;
  logic             cpol = 1'b0;
  logic             cpha = 1'b0;
  logic [WIDTH-1:0] s_axis_tdata = '0;
  logic             s_axis_tvalid = 1'b0;
  logic             s_axis_tready;
  logic [WIDTH-1:0] m_axis_tdata;
  logic             m_axis_tvalid;
  logic             m_axis_tready = 1'b0;
  logic             sclk = 1'b0;
  logic             mosi = 1'b0;
  logic             miso;
  logic             miso_oe;
  logic             cs_n = 1'b1;
  logic             selected;
  logic             overrun;
  logic             underrun;

  cbb_spi_slave #(.WIDTH(WIDTH)) dut (.*);

  localparam int PERIOD = 10;
  always #(PERIOD / 2) clk = !clk;

  // Words by number: what the master sends, and what the slave is given.
  localparam int MOST = 8192;
  logic [WIDTH-1:0] sent   [0:MOST-1];
  logic [WIDTH-1:0] stored [0:MOST-1];
  int               sent_count = 0;     // whole words over the wires
  int               heard = 0;          // words that came out or were reported lost
  int               begun = 0;          // words whose first bit was sampled
  int               told = 0;           // of these, words taken from the stream or reported missing
  int               stored_count = 0;
  int               taken = 0;          // from the stream
  logic [WIDTH-1:0] out_word;           // the word that goes out now
  logic             was_valid = 1'b0;
  logic             was_ready = 1'b0;
  logic [WIDTH-1:0] was_data;
  logic             went = 1'b0;
  int               lost_words = 0;
  int               late_words = 0;
  int               valid_chance = 100;
  int               ready_chance = 100;
  time              sample_time = 0;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_spi_slave);
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

  function logic [WIDTH-1:0] random_data();
    for (int i = 0; i < WIDTH; i = i + 1) begin
      seed = random_word();
      random_data[i] = seed[9];
    end
  endfunction

  // The streams, as they stand at the edge.
  always @(posedge clk) begin
    if (rst_n) begin
      went = s_axis_tvalid && s_axis_tready;
      // Asked for or missed: once for each word that begins, soon after its first bit was sampled.
      if (s_axis_tready || underrun) begin
        `CHECK("s_axis_tready", told + 1, begun)
        `CHECK("underrun", s_axis_tready && underrun, 1'b0)
        told = told + 1;
        if (s_axis_tready) begin
          `CHECK("s_axis_tready", s_axis_tvalid, 1'b1)
          out_word = stored[taken];
          taken = taken + 1;
        end else begin
          out_word = '0;
          late_words = late_words + 1;
          `CHECK("underrun", valid_chance, 0)
        end
      end
      `CHECK("s_axis_tready", s_axis_tready === 1'b1 || s_axis_tready === 1'b0, 1'b1)
      `CHECK("m_axis_tvalid", m_axis_tvalid === 1'b1 || m_axis_tvalid === 1'b0, 1'b1)
      // A new word at the output is the next one of the wire.
      if (was_valid && !was_ready) begin
        `CHECK("m_axis_tvalid", {m_axis_tvalid, m_axis_tdata}, {1'b1, was_data})
      end else if (m_axis_tvalid) begin
        `CHECK("m_axis_tvalid", heard < sent_count, 1'b1)
        `CHECK("m_axis_tdata", m_axis_tdata, sent[heard])
        // Two flops, and the edge that gives it out; seen with the edge behind.
        `CHECK("m_axis_tvalid", $time - sample_time > 3 * PERIOD && $time - sample_time <= 4 * PERIOD, 1'b1)
        heard = heard + 1;
      end
      if (overrun) begin
        `CHECK("overrun", was_valid && !was_ready, 1'b1)
        `CHECK("overrun", heard < sent_count, 1'b1)
        heard = heard + 1;
        lost_words = lost_words + 1;
      end
      was_valid = m_axis_tvalid;
      was_ready = m_axis_tready;
      was_data  = m_axis_tdata;
    end
  end

  always @(negedge clk) begin
    if (!s_axis_tvalid || went) begin
      s_axis_tvalid = chance(valid_chance);
      if (s_axis_tvalid) begin
        stored[stored_count] = random_data();
        stored_count = stored_count + 1;
      end
    end
    s_axis_tdata = s_axis_tvalid ? stored[stored_count-1] : random_data();
    m_axis_tready = chance(ready_chance);
    went = 1'b0;
  end

  always @(cs_n) begin
    #1 `CHECK("miso_oe", miso_oe, !cs_n)
  end

  int half;

  // Times of the master: at least four and a half clocks for half a period, and never at an edge of clk.
  task pause;
    #(half + (random_word() >> 4) % 9);
    if ($time % PERIOD == PERIOD / 2) #1;
  endtask

  // The same; `miso` must not have moved before the third edge of clk, which is the one that moves it.
  task pause_to_change;
    before_change = miso;
    repeat (3) @(posedge clk);
    `CHECK("miso", miso, before_change)
    #(half - 30);
    if ($time % PERIOD == PERIOD / 2) #1;
  endtask

  // A frame of so many bits; one that is no multiple of WIDTH is broken off in the middle of a word.
  task frame(input int bits, input logic want_cpol, input logic want_cpha, input int valid, input int ready);
    valid_chance = valid;
    ready_chance = ready;
    half = 46 + (random_word() >> 4) % 40;
    cpol = want_cpol;
    cpha = want_cpha;
    sclk = want_cpol;
    repeat (4) pause();
    `CHECK("selected", selected, 1'b0)
    cs_n = 1'b0;
    mosi = chance(50);
    repeat (3) @(posedge clk);
    `CHECK("selected", selected, 1'b0)
    #1 `CHECK("selected", selected, 1'b1)
    pause();
    for (int i = 0; i < bits; i = i + 1) begin
      if (i % WIDTH == 0) begin
        sent[sent_count] = random_data();
      end
      // The bit stands around the sampling edge only, a clock and a bit behind it.
      if (want_cpha) begin
        sclk = !sclk;
        mosi = sent[sent_count][WIDTH-1 - i % WIDTH];
        pause_to_change();
      end else begin
        mosi = sent[sent_count][WIDTH-1 - i % WIDTH];
        pause();
      end
      // The sampling edge: the master looks, and the slave will.
      sclk = !sclk;
      if (i % WIDTH == 0) begin
        out_bit = miso;
        begun = begun + 1;
      end else begin
        `CHECK("s_axis_tready", told, begun)
        `CHECK("miso", miso, out_word[WIDTH-1 - i % WIDTH])
      end
      if (i % WIDTH == WIDTH - 1) begin
        sent_count = sent_count + 1;
        sample_time = $time;
      end
      #11 mosi = !mosi;
      pause();
      if (i % WIDTH == 0) begin
        `CHECK("miso", out_bit, out_word[WIDTH-1])
      end
      if (i % WIDTH == WIDTH - 1) begin
        `CHECK("m_axis_tvalid", heard, sent_count)
      end
      if (!want_cpha) begin
        sclk = !sclk;
        pause_to_change();
      end
    end
    pause();
    cs_n = 1'b1;
    mosi = !mosi;
    repeat (3) @(posedge clk);
    `CHECK("selected", selected, 1'b1)
    #1 `CHECK("selected", selected, 1'b0)
    repeat (2) pause();
    // Edges for another slave mean nothing.
    if (chance(50)) begin
      repeat (2 * WIDTH) begin
        sclk = !sclk;
        pause();
      end
    end
    `CHECK("selected", selected, 1'b0)
    `CHECK("s_axis_tready", told, begun)
    `CHECK("m_axis_tvalid", heard, sent_count)
  endtask

  logic out_bit;
  logic before_change;
  int   before_lost;
  int   before_late;

  task reset;
    #3 rst_n = 1'b0;
    #1;
    `CHECK("selected", selected, 1'b0)
    `CHECK("miso", miso, 1'b0)
    `CHECK("overrun", overrun, 1'b0)
    `CHECK("underrun", underrun, 1'b0)
    `CHECK("s_axis_tready", s_axis_tready, 1'b0)
    `CHECK("m_axis_tvalid", {m_axis_tvalid, m_axis_tdata}, '0)
    was_valid = 1'b0;
    begun = told;
    heard = sent_count;
    repeat (2) @(negedge clk);
    #3 rst_n = 1'b1;
    // Nothing is left of what was before.
    repeat (4) begin
      @(negedge clk);
      `CHECK("selected", selected, 1'b0)
      `CHECK("miso", miso, 1'b0)
      `CHECK("overrun", {overrun, underrun, s_axis_tready, m_axis_tvalid}, 4'd0)
    end
  endtask

  initial begin
    repeat (2) @(negedge clk);
    `CHECK("miso_oe", miso_oe, 1'b0)
    reset();
    for (int mode = 0; mode < 4; mode = mode + 1) begin
      // Everything at hand; then nobody takes; then nothing to send.
      frame(3 * WIDTH, mode[1], mode[0], 100, 100);
      before_lost = lost_words;
      frame(3 * WIDTH, mode[1], mode[0], 100, 0);
      `CHECK("overrun", lost_words - before_lost >= 2, 1'b1)
      // Drop the word that is still offered, so that none is at hand.
      frame(WIDTH, mode[1], mode[0], 0, 100);
      before_late = late_words;
      frame(2 * WIDTH, mode[1], mode[0], 0, 100);
      `CHECK("underrun", late_words - before_late, 2)
      // Broken off within a word, and with no bit at all; the next frame begins anew.
      frame(WIDTH + 1, mode[1], mode[0], 100, 100);
      frame(WIDTH - 1, mode[1], mode[0], 100, 100);
      frame(0, mode[1], mode[0], 100, 100);
      frame(2 * WIDTH, mode[1], mode[0], 100, 100);
    end
    for (int n = 0; n < 60; n = n + 1) begin
      frame(chance(70) ? WIDTH * (1 + (random_word() >> 4) % 4) : (random_word() >> 4) % (3 * WIDTH), chance(50), chance(50), 100,
            chance(60) ? 100 : 1 + (random_word() >> 4) % 20);
    end
    // A reset with a word that nobody takes, and one within a frame.
    frame(WIDTH, 1'b0, 1'b0, 100, 0);
    reset();
    frame(2 * WIDTH, 1'b1, 1'b1, 100, 100);
    cs_n = 1'b0;
    repeat (3) begin
      repeat (2) pause();
      sclk = !sclk;
      begun = begun + (sclk == 1'b0);
    end
    cs_n = 1'b1;
    repeat (2) pause();
    reset();
    repeat (2) pause();
    frame(2 * WIDTH, 1'b0, 1'b1, 100, 100);
    `CHECK("miso", lost_words > 0 && late_words > 0, 1'b1)
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
