// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_i2c_master: a wired bus with a slave that stretches and refuses, and with a rival master that takes the bus,
// wins arbitration at every place where one can, and shortens the clock. What happens on the wires is read from the wires.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_i2c_master #(
  parameter int DIV_WIDTH = 16,
  parameter int ROUNDS    = 10
);
  logic                 clk = 1'b0;
  logic                 rst_n = 1'b0;
  logic [DIV_WIDTH-1:0] divisor = 5;
  logic [4:0]           s_axis_cmd_tdata = '0;
  logic                 s_axis_cmd_tvalid = 1'b0;
  logic                 s_axis_cmd_tready;
  logic [7:0]           s_axis_tdata = '0;
  logic                 s_axis_tvalid = 1'b0;
  logic                 s_axis_tready;
  logic [7:0]           m_axis_tdata;
  logic                 m_axis_tvalid;
  logic                 m_axis_tready = 1'b0;
  logic                 done;
  logic                 nack;
  logic                 arb_lost;
  logic                 skipped;
  logic                 owned;
  logic                 bus_busy;
  logic                 scl_in;
  logic                 scl_out;
  logic                 scl_oe;
  logic                 sda_in;
  logic                 sda_out;
  logic                 sda_oe;

  cbb_i2c_master #(.DIV_WIDTH(DIV_WIDTH)) dut (.*);

  localparam int PERIOD = 10;
  always #(PERIOD / 2) clk = !clk;

  localparam logic [4:0] START = 5'd1;
  localparam logic [4:0] WRITE = 5'd2;
  localparam logic [4:0] READ  = 5'd4;
  localparam logic [4:0] STOP  = 5'd8;
  localparam logic [4:0] NACK  = 5'd16;

  // The wires: whoever pulls, wins. Spikes reach the pins of the master only.
  logic slave_scl = 1'b0;
  logic slave_sda = 1'b0;
  logic rival_scl = 1'b0;
  logic rival_sda = 1'b0;
  logic scl_spike = 1'b0;
  logic sda_spike = 1'b0;
  wire  scl = !((scl_oe && !scl_out) || slave_scl || rival_scl);
  wire  sda = !((sda_oe && !sda_out) || slave_sda || rival_sda);
  assign scl_in = scl ^ scl_spike;
  assign sda_in = sda ^ sda_spike;

  // What the wires said.
  int         starts = 0;
  int         stops = 0;
  int         bytes = 0;
  int         pulses = 0;          // of SCL since the last START
  logic [7:0] last_byte;
  logic       last_ack;            // as seen on the wire: 1 is no acknowledge
  // The slave.
  logic       listening = 1'b0;
  logic       sending = 1'b0;      // after an address with the read bit
  logic       first = 1'b0;        // the byte under way is an address
  int         position = 0;        // of the next bit
  logic [7:0] shift;
  logic [7:0] give;                // byte that the slave sends
  logic       refuse = 1'b0;       // it will not acknowledge
  int         stretch_chance = 0;
  // Times of the wires.
  time        scl_fell = 0;
  time        scl_rose = 0;
  time        scl_let = 0;
  time        sda_moved = 0;
  time        start_time = 0;
  time        stop_time = 0;
  int         quarter = 5;
  logic       prompt = 1'b0;       // the command came right behind the last one
  logic       exact = 1'b0;        // nobody but the master moves SCL
  logic       within_byte = 1'b0;  // of such a low time: it lies between two bits
  // The master's side.
  logic       skip = 1'b1;
  logic       mine = 1'b0;
  int         read_count = 0;
  logic [7:0] expected [0:4095];
  int         expected_count = 0;
  int         write_delay = 0;
  int         ready_chance = 100;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_i2c_master);
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

  // START and STOP, of whomever.
  always @(negedge sda) begin
    if (scl && rst_n) begin
      starts = starts + 1;
      start_time = $time;
      pulses = 0;
      position = 0;
      first = 1'b1;
      sending = 1'b0;
      listening = 1'b1;
      if (exact) begin
        // The bus rests before a START, and SCL was high before a repeated one.
        `CHECK("sda_oe", $time - stop_time >= 2 * quarter * PERIOD, 1'b1)
        // It does not rest a quarter longer than it has to.
        if (prompt && stop_time > scl_fell) begin
          `CHECK("sda_oe", $time - stop_time <= (2 * quarter + 9) * PERIOD, 1'b1)
        end
        `CHECK("sda_oe", $time - scl_rose >= 2 * quarter * PERIOD, 1'b1)
      end
    end
  end

  always @(posedge sda) begin
    if (scl && rst_n) begin
      stops = stops + 1;
      stop_time = $time;
      listening = 1'b0;
      if (exact) begin
        `CHECK("sda_oe", $time - scl_rose, (2 * quarter + 6) * PERIOD)
      end
    end
  end

  always @(posedge scl) begin
    scl_rose = $time;
    pulses = pulses + 1;
    if (listening) begin
      if (position < 8) begin
        shift = {shift[6:0], sda};
        position = position + 1;
      end else begin
        last_byte = shift;
        last_ack = sda;
        bytes = bytes + 1;
        position = 0;
        // A reader that does not acknowledge wants no more; a slave that refused its address does not answer.
        if (sda && (first || sending)) listening = 1'b0;
        if (first) sending = shift[0];
        first = 1'b0;
        give = random_word() >> 5;
        refuse = 1'b0;
      end
    end
  end

  always @(negedge scl) begin
    scl_fell = $time;
    within_byte = exact && position > 0;
    if (rst_n && exact) begin
      // Half a period, and what it takes to see SCL high: two flops, three equal samples, one edge.
      if (start_time > scl_rose) begin
        `CHECK("scl_oe", $time - start_time, 2 * quarter * PERIOD)
      end else begin
        `CHECK("scl_oe", $time - scl_rose, (2 * quarter + 6) * PERIOD)
      end
    end
    #(quarter * PERIOD - 7);
    if (!scl) begin
      if (!listening) slave_sda = 1'b0;
      else if (sending && !first) slave_sda = position < 8 ? !give[7-position] : 1'b0;
      else slave_sda = position == 8 && !refuse;
    end
  end

  int stretch;

  always @(negedge scl) begin
    if (listening && chance(stretch_chance)) begin
      slave_scl = 1'b1;
      stretch = (random_word() >> 4) % (32 * quarter * PERIOD) + 1;
      #(stretch) slave_scl = 1'b0;
    end
  end

  // The master moves SDA in the middle of the low time, and lets SCL go a quarter later.
  always @(sda_oe) begin
    if (rst_n && !scl && $time > 0) begin
      `CHECK("sda_oe", arb_lost || $time - scl_fell >= quarter * PERIOD, 1'b1)
    end
    sda_moved = $time;
  end

  always @(negedge scl_oe) begin
    if (rst_n && !arb_lost) begin
      `CHECK("scl_oe", $time - scl_fell >= 2 * quarter * PERIOD, 1'b1)
      `CHECK("scl_oe", $time - sda_moved >= quarter * PERIOD, 1'b1)
      if (within_byte) begin
        `CHECK("scl_oe", $time - scl_fell, 2 * quarter * PERIOD)
      end
    end
  end

  // Open drain: never a 1.
  always @(negedge clk) begin
    `CHECK("scl_out", scl_out, 1'b0)
    `CHECK("sda_out", sda_out, 1'b0)
  end

  // Bytes that were read come out in their order.
  logic [8:0] held;
  logic       holding = 1'b0;

  always @(posedge clk) begin
    if (rst_n) begin
      `CHECK("m_axis_tvalid", m_axis_tvalid === 1'b1 || m_axis_tvalid === 1'b0, 1'b1)
      if (holding) begin
        `CHECK("m_axis_tvalid", {m_axis_tvalid, m_axis_tdata}, held)
      end
      holding = m_axis_tvalid && !m_axis_tready;
      held = {m_axis_tvalid, m_axis_tdata};
      if (m_axis_tvalid && m_axis_tready) begin
        // The slave's byte, from the wire: it is logged with the ninth bit, before it is given.
        expected[read_count] = m_axis_tdata;
        read_count = read_count + 1;
      end
    end
  end

  always @(negedge clk) begin
    m_axis_tready = chance(ready_chance);
  end

  // Spikes shorter than three clocks, in the middle of clocks, on one wire after the other.
  int spike_chance = 0;

  always @(posedge clk) begin
    #3;
    if (chance(spike_chance)) begin
      scl_spike = chance(50);
      sda_spike = !scl_spike;
      #(2 * PERIOD);
      scl_spike = 1'b0;
      sda_spike = 1'b0;
      #(6 * PERIOD);
    end
  end

  // The run is a list of steps, so that the long code stands here once: Verilator copies a task to each of its calls.
  // A step is a command with what must come of it, and what the rival does meanwhile.
  localparam int STEPS = 4096;
  localparam int NORMAL  = 0;    // alone on the bus, or nobody in the way
  localparam int LOST    = 1;    // arbitration is lost in it
  localparam int ASIDE   = 2;    // a rival has the bus, the command is skipped
  localparam int WAITS   = 3;    // a START that waits for the rival's STOP
  localparam int RESETS  = 4;    // no command: a reset, in the middle of a read byte
  localparam int STARTUP = 5;    // before anything is known of the bus
  // What the rival does.
  localparam int NOTHING    = 0;
  localparam int PULLS_NOW  = 1;    // SDA, at once
  localparam int PULLS_AT   = 2;    // SDA, from the low time before pulse `rival_at` of the transfer on
  localparam int MOVES_ON   = 3;    // SCL, in the middle of the first high time
  localparam int HOLDS_HIGH = 4;    // SDA, from the first high time on
  localparam int AGREES     = 5;    // SDA, for one bit that the master sends as 0 anyway
  localparam int CUTS_FIRST = 6;    // SCL, in the first half of every high time
  localparam int CUTS_LAST  = 7;    // SCL, in the second half
  localparam int BEGINS_TOO = 8;    // SCL, soon after the START
  localparam int HAS_BUS    = 9;    // a START of its own before, no STOP
  localparam int GOES_ON    = 10;   // three pulses and a STOP
  logic [4:0] step_command [0:STEPS-1];
  logic [7:0] step_data    [0:STEPS-1];
  logic       step_refusal [0:STEPS-1];
  int         step_kind    [0:STEPS-1];
  int         step_cycles  [0:STEPS-1];    // how long it takes; -1: any time
  int         step_setting [0:STEPS-1];    // a new divisor before it; -1: none
  int         step_rest    [0:STEPS-1];    // clocks of rest before it
  int         step_rival   [0:STEPS-1];
  int         step_pulse   [0:STEPS-1];
  logic       step_busy    [0:STEPS-1];    // streams, stretching and spikes as they may be
  int         steps = 0;

  int         plan_setting = -1;
  logic       plan_busy = 1'b0;

  task plan(input int kind, input logic [4:0] what, input logic [7:0] data, input logic refusal, input int how_long);
    step_kind[steps]    = kind;
    step_command[steps] = what;
    step_data[steps]    = data;
    step_refusal[steps] = refusal;
    step_cycles[steps]  = how_long;
    step_setting[steps] = plan_setting;
    step_rest[steps]    = 0;
    step_rival[steps]   = NOTHING;
    step_pulse[steps]   = 0;
    step_busy[steps]    = plan_busy;
    plan_setting        = -1;
    steps               = steps + 1;
  endtask

  task command(input logic [4:0] what, input logic [7:0] data, input logic refusal);
    plan(NORMAL, what, data, refusal, -1);
  endtask

  // Of the step planned last.
  task with_rival(input int action, input int pulse);
    step_rival[steps-1] = action;
    step_pulse[steps-1] = pulse;
  endtask

  logic [7:0] address;

  // A write, then a read behind a repeated START, in one of the ways in which commands may be cut.
  task transfer(input int written, input int read, input int refuse_at);
    address = random_word() >> 4;
    address[0] = 1'b0;
    command(START | WRITE, address, refuse_at == 0);
    for (int i = 0; i < written; i = i + 1) begin
      command(i == written - 1 && read == 0 && chance(50) ? WRITE | STOP : WRITE, random_word() >> 4, refuse_at == i + 1);
    end
    if (read > 0) begin
      address[0] = 1'b1;
      if (chance(50)) begin
        command(START, 8'd0, 1'b0);
        command(WRITE, address, 1'b0);
      end else begin
        command(START | WRITE, address, refuse_at > 100);
      end
      for (int i = 0; i < read; i = i + 1) begin
        command(i < read - 1 ? READ : chance(50) ? READ | NACK | STOP : READ | NACK, 8'd0, 1'b0);
      end
    end
    command(STOP, 8'd0, 1'b0);
  endtask

  // The rest of a lost transfer passes without touching the wires; the next one waits for the rival's STOP.
  task after_loss;
    plan(ASIDE, WRITE, 8'h00, 1'b0, -1);
    with_rival(GOES_ON, 0);
    plan(ASIDE, READ | STOP, 8'h00, 1'b0, -1);
    plan(ASIDE, STOP, 8'h00, 1'b0, -1);
    plan(WAITS, START, 8'h00, 1'b0, -1);
    command(WRITE | STOP, 8'h5A, 1'b0);
  endtask

  task plan_everything;
    // Nobody knows the bus yet. Commands without a START do nothing.
    plan_setting = 5;
    plan(STARTUP, WRITE | STOP, 8'h11, 1'b0, -1);
    step_rest[steps-1] = 10;
    plan(NORMAL, READ, 8'h11, 1'b0, -1);
    step_rest[steps-1] = 80;
    plan(NORMAL, 5'd0, 8'h11, 1'b0, -1);
    // Alone and undisturbed: every time is exact, the length of a command, too.
    for (int n = 0; n < 3; n = n + 1) begin
      int q;
      q = n == 0 ? 5 : n == 1 ? 4 : 7;
      plan_setting = q;
      transfer(3, 2, -1);
      transfer(1, 0, -1);
      transfer(0, 3, -1);
      command(START | STOP, 8'd0, 1'b0);
      transfer(2, 1, 0);
      transfer(3, 1, 2);
      transfer(1, 1, 1000);
      plan(NORMAL, START | WRITE, 8'hA4, 1'b0, 9 * (4 * q + 6) + 2 * q + 3);
      step_rest[steps-1] = 20 * q;
      plan(NORMAL, WRITE, 8'h0F, 1'b0, 9 * (4 * q + 6) + 2);
      plan(NORMAL, START, 8'h00, 1'b0, 6 * q + 7);
      plan(NORMAL, WRITE, 8'hA5, 1'b0, -1);
      plan(NORMAL, READ, 8'h00, 1'b0, 9 * (4 * q + 6) + 2);
      plan(NORMAL, READ | NACK | STOP, 8'h00, 1'b0, 10 * (4 * q + 6) + 2 + 7);
    end
    plan_setting = 2;
    transfer(1, 1, -1);
    plan_setting = 0;
    transfer(1, 1, -1);
    // Stretching, slow streams, spikes, all together.
    plan_busy = 1'b1;
    for (int n = 0; n < ROUNDS; n = n + 1) begin
      plan_setting = (random_word() >> 4) % 12;
      transfer((random_word() >> 4) % 4, (random_word() >> 4) % 4, chance(70) ? -1 : (random_word() >> 4) % 4);
    end
    plan_busy = 1'b0;
    // Arbitration: in every bit of an address, in a byte.
    plan_setting = 6;
    for (int n = 0; n < 8; n = n + 1) begin
      plan(LOST, START | WRITE, 8'hFF, 1'b0, -1);
      with_rival(PULLS_AT, n);
      after_loss();
    end
    for (int n = 0; n < 4; n = n + 1) begin
      command(START | WRITE, 8'h60, 1'b0);
      // Pulses so far: nine of the address.
      plan(LOST, WRITE, 8'hFF >> n, 1'b0, -1);
      with_rival(n == 0 ? PULLS_NOW : PULLS_AT, 9 + 2 * n);
      after_loss();
    end
    // At the acknowledge that this master would not give.
    command(START | WRITE, 8'h61, 1'b0);
    plan(LOST, READ | NACK, 8'h00, 1'b0, -1);
    with_rival(PULLS_AT, 17);
    after_loss();
    // At a repeated START, where somebody holds SDA or moves the clock on; at a STOP likewise.
    for (int n = 0; n < 4; n = n + 1) begin
      command(START | WRITE, 8'h60, 1'b0);
      plan(LOST, n < 2 ? START : STOP, 8'h00, 1'b0, -1);
      with_rival(n == 0 ? PULLS_NOW : n == 3 ? HOLDS_HIGH : MOVES_ON, 0);
      after_loss();
    end
    // Not arbitration: the rival sends the same.
    command(START | WRITE | STOP, 8'hBE, 1'b0);
    with_rival(AGREES, 1);
    // Clock synchronisation.
    for (int n = 0; n < 2; n = n + 1) begin
      plan_setting = 12;
      command(START | WRITE, 8'hC6, 1'b0);
      with_rival(n == 0 ? CUTS_FIRST : CUTS_LAST, 0);
      command(WRITE, 8'h3A, 1'b0);
      with_rival(n == 0 ? CUTS_FIRST : CUTS_LAST, 0);
      // The last cut is over before times are exact again.
      command(START | WRITE, 8'hC7, 1'b0);
      step_rest[steps-1] = 100;
      command(READ, 8'h00, 1'b0);
      with_rival(n == 0 ? CUTS_FIRST : CUTS_LAST, 0);
      command(READ | NACK | STOP, 8'h00, 1'b0);
      step_rest[steps-1] = 100;
    end
    // Both begin at once, and the rival is the first with SCL.
    command(START, 8'h00, 1'b0);
    with_rival(BEGINS_TOO, 0);
    command(WRITE | STOP, 8'h98, 1'b0);
    // A rival has the bus, and its STOP never comes: the command waits for a long rest.
    plan_setting = 6;
    command(START | WRITE, 8'h42, 1'b0);
    with_rival(HAS_BUS, 0);
    step_rest[steps-1] = 40;
    command(STOP, 8'h00, 1'b0);
    // A reset lets the wires go in the middle of a byte, and forgets what was read.
    command(START | WRITE, 8'h43, 1'b0);
    command(READ, 8'h00, 1'b0);
    plan(RESETS, 5'd0, 8'h00, 1'b0, -1);
    plan_setting = 4;
    command(5'd0, 8'h00, 1'b0);
    step_rest[steps-1] = 200;
    // Behind a reset nothing is written before a START.
    command(WRITE, 8'h5C, 1'b0);
    transfer(2, 2, -1);
  endtask

  // The rival. It acts once for each step that asks for it.
  int rival = NOTHING;
  int rival_at = 0;
  int cuts = 0;

  always @(negedge scl) begin
    if (rival == PULLS_AT && pulses == rival_at) begin
      rival = NOTHING;
      #17 rival_sda = 1'b1;
    end else if (rival == AGREES && pulses == rival_at) begin
      rival = NOTHING;
      #17 rival_sda = 1'b1;
      @(negedge scl);
      #27 rival_sda = 1'b0;
    end
  end

  always @(posedge scl) begin
    if (rival == MOVES_ON) begin
      rival = NOTHING;
      #((6 + quarter) * PERIOD) rival_scl = 1'b1;
    end else if (rival == HOLDS_HIGH) begin
      rival = NOTHING;
      #17 rival_sda = 1'b1;
    end else if (rival == CUTS_FIRST || rival == CUTS_LAST) begin
      #((8 + (rival == CUTS_FIRST ? 2 : quarter + 2)) * PERIOD) rival_scl = 1'b1;
      cuts = cuts + 1;
    end
  end

  always @(posedge rival_scl) begin
    if (rival == CUTS_FIRST || rival == CUTS_LAST) begin
      #(5 * quarter * PERIOD) rival_scl = 1'b0;
    end
  end

  always @(negedge sda) begin
    if (rival == BEGINS_TOO) begin
      rival = NOTHING;
      #(quarter * PERIOD) rival_scl = 1'b1;
      #(9 * PERIOD) `CHECK("scl_oe", scl_oe, 1'b1)
      rival_scl = 1'b0;
    end
  end

  always @(posedge clk) begin
    if (rival == GOES_ON) begin
      // The slave was not meant.
      listening = 1'b0;
      slave_sda = 1'b0;
      #(3 * quarter * PERIOD);
      rival_sda = 1'b1;
      rival_scl = 1'b1;
      repeat (3) begin
        #(2 * quarter * PERIOD + 3) rival_scl = 1'b0;
        #(2 * quarter * PERIOD + 3) rival_scl = 1'b1;
      end
      #(2 * quarter * PERIOD) rival_scl = 1'b0;
      #(2 * quarter * PERIOD) rival_sda = 1'b0;
      rival = NOTHING;
    end else if (rival == HAS_BUS) begin
      rival_sda = 1'b1;
      #(20 * PERIOD) rival_scl = 1'b1;
      rival = NOTHING;
      #(30 * PERIOD) `CHECK("bus_busy", bus_busy, 1'b1)
      #(200 * PERIOD) `CHECK("scl_oe", scl_oe || sda_oe, 1'b0)
      rival_sda = 1'b0;
      #100 rival_scl = 1'b0;
      #(12 * quarter * PERIOD) `CHECK("sda_oe", scl_oe || sda_oe, 1'b0)
    end
  end

  int         cycles;
  int         before_bytes;
  int         before_starts;
  int         before_stops;
  int         before_reads;
  int         taken_writes;
  int         kind;
  logic [4:0] what;
  logic [7:0] data;
  logic       byte_wanted;
  logic [2:0] flags;

  initial begin
    plan_everything();
    repeat (2) @(negedge clk);
    for (int n = -1; n < steps; n = n + 1) begin
      kind = n < 0 ? RESETS : step_kind[n];
      if (kind == RESETS) begin
        if (n > 0) begin
          // Nobody takes what is read; the next byte is under way.
          ready_chance = 0;
          s_axis_cmd_tdata = READ;
          s_axis_cmd_tvalid = 1'b1;
          repeat (9 * (4 * quarter + 8)) @(negedge clk);
          `CHECK("m_axis_tvalid", m_axis_tvalid, 1'b1)
          repeat (4 * quarter + 3) @(negedge clk);
          s_axis_cmd_tvalid = 1'b0;
        end
        #3 rst_n = 1'b0;
        exact = 1'b0;
        #1;
        `CHECK("scl_oe", scl_oe, 1'b0)
        `CHECK("sda_oe", sda_oe, 1'b0)
        `CHECK("owned", owned, 1'b0)
        `CHECK("bus_busy", bus_busy, 1'b1)
        `CHECK("done", {done, nack, arb_lost, skipped}, 4'd0)
        `CHECK("s_axis_cmd_tready", {s_axis_cmd_tready, s_axis_tready}, 2'b10)
        `CHECK("m_axis_tvalid", {m_axis_tvalid, m_axis_tdata}, 9'd0)
        slave_sda = 1'b0;
        listening = 1'b0;
        holding = 1'b0;
        mine = 1'b0;
        skip = 1'b1;
        repeat (2) @(negedge clk);
        #3 rst_n = 1'b1;
        ready_chance = 100;
        repeat (2) @(negedge clk);
        // Nothing is known of the bus until it has rested.
        cycles = 2;
        while (n > 0 && bus_busy === 1'b1 && cycles < 1000) begin
          @(negedge clk);
          cycles = cycles + 1;
        end
        if (n > 0) begin
          `CHECK("bus_busy", cycles, 15 * quarter + 1)
        end else begin
          repeat (14) begin
            `CHECK("bus_busy", bus_busy, 1'b1)
            @(negedge clk);
          end
        end
      end else begin
        what = step_command[n];
        data = step_data[n];
        exact = 1'b0;
        if (step_setting[n] >= 0) begin
          divisor = step_setting[n];
          quarter = step_setting[n] < 4 ? 4 : step_setting[n];
          stretch_chance = step_busy[n] && chance(70) ? 10 : 0;
          write_delay = step_busy[n] && chance(50) ? (random_word() >> 4) % 100 : 0;
          ready_chance = step_busy[n] && chance(50) ? 1 + (random_word() >> 4) % 20 : 100;
          // Spikes are harmless where a quarter has eight clocks.
          spike_chance = step_busy[n] && quarter >= 8 ? 5 : 0;
          // The bus rests as long as the new setting asks for; the last spike is over.
          repeat (20) @(negedge clk);
        end
        repeat (step_rest[n]) @(negedge clk);
        if (kind == STARTUP) begin
          `CHECK("bus_busy", bus_busy, 1'b1)
        end
        if (step_rival[n] != NOTHING) begin
          rival_at = step_pulse[n];
          rival = step_rival[n];
          if (rival == PULLS_NOW) rival_sda = 1'b1;
          if (rival == HAS_BUS) repeat (30) @(negedge clk);
        end
        exact = kind == NORMAL && step_rival[n] == NOTHING && !step_busy[n];
        prompt = step_rest[n] == 0 && step_setting[n] < 0;
        before_bytes = bytes;
        before_starts = starts;
        before_stops = stops;
        before_reads = read_count;
        if (what[0]) skip = 1'b0;
        byte_wanted = (what[1] || what[2]) && !skip;
        refuse = step_refusal[n];

        // The command and its byte.
        cycles = 0;
        taken_writes = 0;
        @(negedge clk);
        `CHECK("s_axis_cmd_tready", s_axis_cmd_tready, 1'b1)
        s_axis_cmd_tdata = what;
        s_axis_cmd_tvalid = 1'b1;
        s_axis_tdata = data;
        s_axis_tvalid = write_delay == 0;
        @(negedge clk);
        s_axis_cmd_tvalid = 1'b0;
        s_axis_cmd_tdata = random_word();
        `CHECK("s_axis_cmd_tready", s_axis_cmd_tready, 1'b0)
        `CHECK("done", done, 1'b0)
        while (done !== 1'b1 && cycles < 20000) begin
          if (cycles == write_delay) begin
            s_axis_tdata = data;
            s_axis_tvalid = 1'b1;
          end
          #1;
          if (s_axis_tready === 1'b1 && s_axis_tvalid) taken_writes = taken_writes + 1;
          @(negedge clk);
          if (taken_writes > 0) begin
            s_axis_tvalid = 1'b0;
            s_axis_tdata = random_word();
          end
          cycles = cycles + 1;
        end
        s_axis_tvalid = 1'b0;
        flags = {nack, arb_lost, skipped};
        `CHECK("done", done, 1'b1)
        `CHECK("s_axis_tready", taken_writes, what[1] ? 1 : 0)
        `CHECK("s_axis_cmd_tready", s_axis_cmd_tready, 1'b1)
        if (step_cycles[n] >= 0) begin
          `CHECK("done", cycles, step_cycles[n])
        end

        // What came of it.
        if (rival == CUTS_FIRST || rival == CUTS_LAST) begin
          `CHECK("scl_oe", cuts >= 9, 1'b1)
          rival = NOTHING;
          cuts = 0;
        end
        if (what[0]) mine = 1'b1;
        if (kind == LOST) begin
          mine = 1'b0;
          skip = 1'b1;
          `CHECK("arb_lost", flags, 3'b010)
        end else begin
          `CHECK("arb_lost", arb_lost, 1'b0)
          `CHECK("skipped", skipped, (what[1] || what[2]) && !byte_wanted)
          `CHECK("nack", nack, byte_wanted && what[1] && step_refusal[n])
          `CHECK("sda_oe", starts - before_starts, what[0] ? 1 : 0)
          `CHECK("scl_oe", bytes - before_bytes, byte_wanted ? 1 : 0)
          if (byte_wanted) begin
            `CHECK("sda_oe", last_ack, what[1] ? step_refusal[n] : what[4])
          end
          if (byte_wanted && what[1]) begin
            `CHECK("sda_oe", last_byte, data)
            skip = step_refusal[n];
          end
          if (byte_wanted && !what[1]) begin
            cycles = 0;
            while (read_count == before_reads && cycles < 2000) begin
              @(negedge clk);
              cycles = cycles + 1;
            end
            `CHECK("m_axis_tdata", expected[before_reads], last_byte)
          end
          `CHECK("m_axis_tvalid", read_count - before_reads, byte_wanted && !what[1] ? 1 : 0)
          if (kind == NORMAL) begin
            `CHECK("scl_oe", stops - before_stops, what[3] && mine ? 1 : 0)
          end
          if (kind == WAITS) begin
            `CHECK("sda_oe", stops - before_stops, 1)
            `CHECK("sda_oe", start_time - stop_time >= 2 * quarter * PERIOD, 1'b1)
          end
          if (what[3]) begin
            mine = 1'b0;
            skip = 1'b1;
          end
        end
        `CHECK("owned", owned, mine)
        // A bus that is held rests with SCL low; one that is not, with both let go.
        `CHECK("scl_oe", scl_oe, mine)
        if (!mine) begin
          `CHECK("sda_oe", sda_oe, 1'b0)
        end
        if (kind == NORMAL || kind == WAITS) begin
          `CHECK("bus_busy", bus_busy, mine)
        end
        // Done for one cycle only; the flags stay.
        @(negedge clk);
        `CHECK("done", done, 1'b0)
        `CHECK("nack", {nack, arb_lost, skipped}, flags)
      end
    end
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
