// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_spi_master: random frames in all four modes against slaves that live on the edges of sclk alone; every time
// between edges is measured, every word checked on both sides.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_spi_master #(
  parameter int WIDTH     = 8,
  parameter int CS_COUNT  = 1,
  parameter int DIV_WIDTH = 8
);
  localparam int DEST_WIDTH = CS_COUNT > 1 ? $clog2(CS_COUNT) : 1;

  logic                  clk = 1'b0;
  logic                  rst_n = 1'b0;
  logic                  cpol = 1'b0;
  logic                  cpha = 1'b0;
  logic [DIV_WIDTH-1:0]  divisor = '0;
  logic [WIDTH-1:0]      s_axis_tdata = '0;
  logic [DEST_WIDTH-1:0] s_axis_tdest = '0;
  logic                  s_axis_tlast = 1'b0;
  logic                  s_axis_tvalid = 1'b0;
  logic                  s_axis_tready;
  logic [WIDTH-1:0]      m_axis_tdata;
  logic                  m_axis_tlast;
  logic                  m_axis_tvalid;
  logic                  m_axis_tready = 1'b0;
  logic                  sclk;
  logic                  mosi;
  logic                  miso = 1'b0;
  logic [CS_COUNT-1:0]   cs_n;
  logic                  busy;

  cbb_spi_master #(.WIDTH(WIDTH), .CS_COUNT(CS_COUNT), .DIV_WIDTH(DIV_WIDTH)) dut (.*);

  localparam int PERIOD = 10;
  always #(PERIOD / 2) clk = !clk;

  // Words by number: what the master is given, what the slave gives.
  localparam int MOST = 4096;
  logic [WIDTH-1:0] out_word  [0:MOST-1];
  logic             out_last  [0:MOST-1];
  int               out_dest  [0:MOST-1];
  logic [WIDTH-1:0] in_word   [0:MOST-1];
  int               given = 0;       // taken from the bench
  int               crossed = 0;     // fully over the wires
  int               taken = 0;       // got back
  // The frame under way.
  int               half = 1;
  logic             mode_cpol = 1'b0;
  logic             mode_cpha = 1'b0;
  int               edges = 0;       // of sclk in this word
  logic [WIDTH-1:0] seen;
  time              last_edge_time = 0;
  time              cs_time = 0;
  time              take_time = 0;
  int               first_word = 0;
  // Chance in percent that a word of the master waits for room or comes late.
  int               valid_chance = 100;
  int               ready_chance = 100;
  logic             went = 1'b0;
  logic [WIDTH+1:0] held;
  logic             holding = 1'b0;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_spi_master);
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

  // The slave. It knows the mode; its line is undefined wherever the master must not look.
  always @(negedge (&cs_n)) begin
    if (rst_n) begin
      cs_time = $time;
      edges = 0;
      first_word = crossed;
      `CHECK("sclk", sclk, mode_cpol)
      for (int i = 0; i < CS_COUNT; i = i + 1) begin
        `CHECK("cs_n", cs_n[i], out_dest[crossed] != i)
      end
      miso = mode_cpha ? !in_word[crossed][WIDTH-1] : in_word[crossed][WIDTH-1];
    end
  end

  always @(posedge (&cs_n)) begin
    if (rst_n) begin
      `CHECK("cs_n", crossed > first_word && out_last[crossed-1], 1'b1)
      `CHECK("sclk", edges, 0)
      `CHECK("sclk", sclk, mode_cpol)
      // Half a period behind the last edge, one clock to hand over the word; longer only when there was no room for it.
      if (ready_chance == 100) begin
        `CHECK("cs_n", $time - last_edge_time, (half + 1) * PERIOD)
      end
      `CHECK("cs_n", $time - last_edge_time >= half * PERIOD, 1'b1)
      cs_time = $time;
      miso = 1'b0;
    end
  end

  always @(sclk) begin
    if (rst_n && !(&cs_n) && $time > cs_time) begin
      if (edges > 0) begin
        `CHECK("sclk", $time - last_edge_time, half * PERIOD)
      end else if (crossed == first_word) begin
        `CHECK("sclk", $time - cs_time, half * PERIOD)
      end else begin
        // Half a period behind the handshake that brought the word.
        `CHECK("sclk", $time - take_time, half * PERIOD)
      end
      last_edge_time = $time;
      `CHECK("sclk", sclk, edges[0] ? mode_cpol : !mode_cpol)
      // The edge at which the slave samples, and the one at which it brings its next bit.
      if (edges[0] == mode_cpha) begin
        seen = {seen[WIDTH-2:0], mosi};
      end else begin
        #1;
        if (mode_cpha) miso = in_word[crossed][WIDTH-1 - edges/2];
        else if (edges < 2 * WIDTH - 1) miso = in_word[crossed][WIDTH-2 - edges/2];
        else miso = crossed + 1 < given || !out_last[crossed] ? in_word[crossed+1][WIDTH-1] : !miso;
      end
      edges = edges + 1;
      if (edges == 2 * WIDTH) begin
        `CHECK("mosi", seen, out_word[crossed])
        crossed = crossed + 1;
        edges = 0;
      end
    end
  end

  // The master's sides of the two streams.
  always @(posedge clk) begin
    if (rst_n) begin
      went = s_axis_tvalid && s_axis_tready;
      if (went) begin
        given = given + 1;
        take_time = $time;
        // The settings count from the first word of a frame on.
        if (busy === 1'b0) begin
          half = divisor == 0 ? 1 : divisor;
          mode_cpol = cpol;
          mode_cpha = cpha;
        end
      end
      `CHECK("s_axis_tready", s_axis_tready === 1'b1 || s_axis_tready === 1'b0, 1'b1)
      `CHECK("m_axis_tvalid", m_axis_tvalid === 1'b1 || m_axis_tvalid === 1'b0, 1'b1)
      if (holding) begin
        `CHECK("m_axis_tvalid", {m_axis_tvalid, m_axis_tlast, m_axis_tdata}, held)
      end
      holding = m_axis_tvalid && !m_axis_tready;
      held = {m_axis_tvalid, m_axis_tlast, m_axis_tdata};
      if (m_axis_tvalid && m_axis_tready) begin
        `CHECK("m_axis_tvalid", taken < crossed, 1'b1)
        `CHECK("m_axis_tdata", m_axis_tdata, in_word[taken])
        `CHECK("m_axis_tlast", m_axis_tlast, out_last[taken])
        taken = taken + 1;
      end
      // Outside of frames nothing moves.
      if (busy === 1'b0) begin
        `CHECK("cs_n", cs_n, {CS_COUNT{1'b1}})
      end
      `CHECK("busy", busy || (&cs_n), 1'b1)
    end
  end

  int planned = 0;

  always @(negedge clk) begin
    if (!s_axis_tvalid || went) s_axis_tvalid = given < planned && chance(valid_chance);
    s_axis_tdata = s_axis_tvalid ? out_word[given] : random_data();
    s_axis_tdest = s_axis_tvalid ? out_dest[given] : random_word();
    s_axis_tlast = s_axis_tvalid ? out_last[given] : chance(50);
    m_axis_tready = chance(ready_chance);
    // Settings that change within a frame do not count.
    if (busy === 1'b1 && chance(10)) begin
      cpha = chance(50);
      cpol = chance(50);
      divisor = random_word() >> 4;
    end
    went = 1'b0;
  end

  int  wait_cycles;
  int  to_idle;
  time frame_end;

  // One frame; the settings stand two clocks before, so that sclk has its level at rest.
  task frame(input int words, input logic want_cpol, input logic want_cpha, input int setting, input int valid, input int ready);
    wait_cycles = 0;
    @(negedge clk);
    #1;
    cpol = want_cpol;
    cpha = want_cpha;
    divisor = setting;
    valid_chance = valid;
    ready_chance = ready;
    repeat (2) @(negedge clk);
    `CHECK("sclk", sclk, want_cpol)
    `CHECK("s_axis_tready", s_axis_tready, 1'b1)
    #1;
    for (int i = 0; i < words; i = i + 1) begin
      out_word[planned + i] = random_data();
      out_last[planned + i] = i == words - 1;
      out_dest[planned + i] = (random_word() >> 5) % CS_COUNT;
      in_word[planned + i] = random_data();
    end
    planned = planned + words;
    while ((taken < planned || busy !== 1'b0) && wait_cycles < 40000) begin
      @(negedge clk);
      wait_cycles = wait_cycles + 1;
    end
    #1;
    `CHECK("m_axis_tvalid", taken, planned)
    `CHECK("busy", busy, 1'b0)
    // All frames but those with slow streams: exactly so long.
    if (valid == 100 && ready == 100) begin
      `CHECK("busy", wait_cycles, words * (2 * WIDTH * half + 2) + 2 * half + 1)
    end
  endtask

  task reset;
    #3 rst_n = 1'b0;
    #1;
    `CHECK("cs_n", cs_n, {CS_COUNT{1'b1}})
    `CHECK("sclk", sclk, 1'b0)
    `CHECK("mosi", mosi, 1'b0)
    `CHECK("busy", busy, 1'b0)
    `CHECK("s_axis_tready", s_axis_tready, 1'b1)
    `CHECK("m_axis_tvalid", {m_axis_tvalid, m_axis_tdata, m_axis_tlast}, '0)
    planned = given;
    crossed = given;
    taken = given;
    holding = 1'b0;
    s_axis_tvalid = 1'b0;
    repeat (3) @(negedge clk);
    #3 rst_n = 1'b1;
  endtask

  initial begin
    repeat (2) @(negedge clk);
    reset();
    for (int mode = 0; mode < 4; mode = mode + 1) begin
      frame(1, mode[1], mode[0], 2, 100, 100);
      frame(3, mode[1], mode[0], 1, 100, 100);
      frame(2, mode[1], mode[0], 0, 100, 100);
      frame(2, mode[1], mode[0], 3, 20, 100);
      frame(3, mode[1], mode[0], 1, 100, 3);
    end
    for (int n = 0; n < 60; n = n + 1) begin
      frame(1 + (random_word() >> 4) % 4, chance(50), chance(50), (random_word() >> 4) % 5,
            chance(50) ? 100 : 5 + (random_word() >> 4) % 90, chance(50) ? 100 : 2 + (random_word() >> 4) % 50);
    end
    frame(1, 1'b0, 1'b1, (1 << DIV_WIDTH) - 1 > 200 ? 200 : (1 << DIV_WIDTH) - 1, 100, 100);
    // Resets within a word, and with a word that nobody takes.
    for (int n = 0; n < 3; n = n + 1) begin
      cpol = 1'b1;
      cpha = n == 1;
      divisor = 1;
      repeat (3) @(negedge clk);
      #1;
      ready_chance = 0;
      valid_chance = 100;
      for (int i = 0; i < 2; i = i + 1) begin
        out_word[planned + i] = '1;
        out_last[planned + i] = 1'b0;
        out_dest[planned + i] = 0;
        in_word[planned + i] = '1;
      end
      planned = planned + 2;
      repeat (n == 2 ? 5 * WIDTH : 3 + WIDTH) @(negedge clk);
      reset();
    end
    frame(2, 1'b1, 1'b0, 2, 100, 100);
    frame(2, 1'b0, 1'b1, 2, 100, 100);
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
