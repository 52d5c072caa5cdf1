// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_axil_xbar: numbered accesses through independent channels to slaves of three tempers (eager, slow, and one
// that is ready only once address and data are both offered); every slave sees its accesses and nothing else, in order,
// and the master its answers, in order.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_axil_xbar #(
  parameter int              N    = 2,
  parameter logic [32*N-1:0] BASE = 64'h0001_0000_0000_0000,
  parameter logic [32*N-1:0] MASK = 64'hFFFF_0000_FFFF_0000
);
  logic            clk = 1'b0;
  logic            rst_n = 1'b0;
  logic [31:0]     s_axil_awaddr = '0;
  logic [2:0]      s_axil_awprot = '0;
  logic            s_axil_awvalid = 1'b0;
  logic            s_axil_awready;
  logic [31:0]     s_axil_wdata = '0;
  logic [3:0]      s_axil_wstrb = '0;
  logic            s_axil_wvalid = 1'b0;
  logic            s_axil_wready;
  logic [1:0]      s_axil_bresp;
  logic            s_axil_bvalid;
  logic            s_axil_bready = 1'b0;
  logic [31:0]     s_axil_araddr = '0;
  logic [2:0]      s_axil_arprot = '0;
  logic            s_axil_arvalid = 1'b0;
  logic            s_axil_arready;
  logic [31:0]     s_axil_rdata;
  logic [1:0]      s_axil_rresp;
  logic            s_axil_rvalid;
  logic            s_axil_rready = 1'b0;
  logic [32*N-1:0] m_axil_awaddr;
  logic [3*N-1:0]  m_axil_awprot;
  logic [N-1:0]    m_axil_awvalid;
  logic [N-1:0]    m_axil_awready = '0;
  logic [32*N-1:0] m_axil_wdata;
  logic [4*N-1:0]  m_axil_wstrb;
  logic [N-1:0]    m_axil_wvalid;
  logic [N-1:0]    m_axil_wready = '0;
  logic [2*N-1:0]  m_axil_bresp = '0;
  logic [N-1:0]    m_axil_bvalid = '0;
  logic [N-1:0]    m_axil_bready;
  logic [32*N-1:0] m_axil_araddr;
  logic [3*N-1:0]  m_axil_arprot;
  logic [N-1:0]    m_axil_arvalid;
  logic [N-1:0]    m_axil_arready = '0;
  logic [32*N-1:0] m_axil_rdata = '0;
  logic [2*N-1:0]  m_axil_rresp = '0;
  logic [N-1:0]    m_axil_rvalid = '0;
  logic [N-1:0]    m_axil_rready;

  cbb_axil_xbar #(.N(N), .BASE(BASE), .MASK(MASK)) dut (.*);

  always #5 clk = !clk;

  // Accesses by number. `owner` N stands for nobody.
  localparam int MOST = 8192;
  logic [31:0] wr_addr  [0:MOST-1];
  logic [2:0]  wr_prot  [0:MOST-1];
  logic [31:0] wr_data  [0:MOST-1];
  logic [3:0]  wr_strb  [0:MOST-1];
  int          wr_owner [0:MOST-1];
  logic [31:0] rd_addr  [0:MOST-1];
  logic [2:0]  rd_prot  [0:MOST-1];
  int          rd_owner [0:MOST-1];
  // Of the master: how many it offered, and how many were taken and answered.
  int          planned_wr = 0;
  int          planned_rd = 0;
  int          aw_taken = 0;
  int          w_taken = 0;
  int          b_taken = 0;
  int          ar_taken = 0;
  int          r_taken = 0;
  // Of each slave (and nobody): the next number that is for it, and how many it took.
  int          aw_next [0:N];
  int          w_next  [0:N];
  int          b_next  [0:N];
  int          aw_seen [0:N];
  int          w_seen  [0:N];
  int          b_given [0:N];
  int          ar_next [0:N];
  int          r_next  [0:N];
  int          ar_seen [0:N];
  int          r_given [0:N];
  int          b_shown [0:N];
  int          r_shown [0:N];
  // What stood on the channels of the slaves before the last edge and was not taken.
  logic [N-1:0] aw_stuck = '0;
  logic [N-1:0] w_stuck = '0;
  logic [N-1:0] ar_stuck = '0;
  logic         b_stuck = 1'b0;
  logic         r_stuck = 1'b0;
  logic [1:0]   stuck_bresp;
  logic [33:0]  stuck_r;
  logic         aw_went = 1'b0;
  logic         w_went = 1'b0;
  logic         ar_went = 1'b0;
  int           aw_chance = 0;
  int           w_chance = 0;
  int           b_chance = 0;
  int           ar_chance = 0;
  int           r_chance = 0;
  int           slave_chance = 100;
  int           answer_chance = 100;
  // 0 to N-1: accesses of this slave only; N: of all; N + 1: of nobody.
  int           aim = N;
  int           quiet = 0;
  // Nothing new; of a write that was begun, the other half.
  logic         finish = 1'b0;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_axil_xbar);
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

  function int owner_of(input logic [31:0] address);
    owner_of = N;
    for (int i = 0; i < N; i = i + 1) begin
      if (owner_of == N && ((address ^ BASE[32*i +: 32]) & MASK[32*i +: 32]) == 0) owner_of = i;
    end
  endfunction

  // An address in a window, now and then its first, its last, or the one behind.
  function logic [31:0] random_address();
    int window;
    window = aim < N ? aim : (random_word() >> 4) % N;
    random_address = BASE[32*window +: 32] | (random_word() & ~MASK[32*window +: 32]);
    if (chance(10)) random_address = BASE[32*window +: 32];
    if (chance(10)) random_address = BASE[32*window +: 32] | ~MASK[32*window +: 32];
    if (aim == N && chance(10)) random_address = (BASE[32*window +: 32] | ~MASK[32*window +: 32]) + 1;
    if (aim == N && chance(10)) random_address = random_word();
    if (aim == N && chance(10)) random_address = BASE[32*window +: 32] ^ (32'd1 << ((random_word() >> 4) % 32));
    if (aim != N) begin
      while (owner_of(random_address) != (aim < N ? aim : N)) begin
        random_address = aim < N ? BASE[32*window +: 32] | (random_word() & ~MASK[32*window +: 32]) : random_word();
      end
    end
  endfunction

  // Answers are a function of number and direction, so that a swapped one shows.
  function logic [1:0] answer(input int number, input int owner);
    answer = owner == N ? 2'b11 : number % 3 == 0 ? 2'b10 : 2'b00;
  endfunction

  function logic [31:0] answer_data(input int number, input int owner);
    answer_data = owner == N ? 32'd0 : (number * 32'h9E37_79B1) ^ (owner << 28);
  endfunction

  // What the master offers has a number from the moment on at which it stands there.
  task plan_write;
    while (planned_wr <= aw_taken || planned_wr <= w_taken) begin
      wr_addr[planned_wr]  = random_address();
      wr_prot[planned_wr]  = random_word() >> 7;
      wr_data[planned_wr]  = random_word();
      wr_strb[planned_wr]  = random_word() >> 7;
      wr_owner[planned_wr] = owner_of(wr_addr[planned_wr]);
      planned_wr = planned_wr + 1;
    end
  endtask

  task plan_read;
    rd_addr[planned_rd]  = random_address();
    rd_prot[planned_rd]  = random_word() >> 7;
    rd_owner[planned_rd] = owner_of(rd_addr[planned_rd]);
    planned_rd = planned_rd + 1;
  endtask

  // The edge, on the master's side.
  always @(posedge clk) begin
    if (rst_n) begin
      aw_went = s_axil_awvalid && s_axil_awready;
      w_went  = s_axil_wvalid && s_axil_wready;
      ar_went = s_axil_arvalid && s_axil_arready;
      if (aw_went) aw_taken = aw_taken + 1;
      if (w_went) w_taken = w_taken + 1;
      if (ar_went) ar_taken = ar_taken + 1;
      if (b_stuck) begin
        `CHECK("s_axil_bvalid", {s_axil_bvalid, s_axil_bresp}, {1'b1, stuck_bresp})
      end
      if (r_stuck) begin
        `CHECK("s_axil_rvalid", {s_axil_rvalid, s_axil_rdata, s_axil_rresp}, {1'b1, stuck_r})
      end
      b_stuck = s_axil_bvalid && !s_axil_bready;
      r_stuck = s_axil_rvalid && !s_axil_rready;
      stuck_bresp = s_axil_bresp;
      stuck_r = {s_axil_rdata, s_axil_rresp};
      `CHECK("s_axil_bvalid", s_axil_bvalid === 1'b1 || s_axil_bvalid === 1'b0, 1'b1)
      `CHECK("s_axil_rvalid", s_axil_rvalid === 1'b1 || s_axil_rvalid === 1'b0, 1'b1)
      if (s_axil_bvalid && s_axil_bready) begin
        // No answer before its access, which also catches one too many.
        `CHECK("s_axil_bvalid", b_taken < aw_taken && b_taken < w_taken, 1'b1)
        `CHECK("s_axil_bresp", s_axil_bresp, answer(b_taken, wr_owner[b_taken]))
        b_taken = b_taken + 1;
        quiet = 0;
      end
      if (s_axil_rvalid && s_axil_rready) begin
        `CHECK("s_axil_rvalid", r_taken < ar_taken, 1'b1)
        `CHECK("s_axil_rresp", s_axil_rresp, answer(r_taken + 1, rd_owner[r_taken]))
        `CHECK("s_axil_rdata", s_axil_rdata, answer_data(r_taken, rd_owner[r_taken]))
        r_taken = r_taken + 1;
        quiet = 0;
      end
      quiet = quiet + 1;
    end
  end

  // The edge, on the side of the slaves.
  always @(posedge clk) begin
    if (rst_n) begin
      for (int i = 0; i < N; i = i + 1) begin
        while (aw_next[i] < planned_wr && wr_owner[aw_next[i]] != i) aw_next[i] = aw_next[i] + 1;
        while (w_next[i] < planned_wr && wr_owner[w_next[i]] != i) w_next[i] = w_next[i] + 1;
        while (ar_next[i] < planned_rd && rd_owner[ar_next[i]] != i) ar_next[i] = ar_next[i] + 1;
        // What stands there stays until it is taken.
        if (aw_stuck[i]) begin
          `CHECK("m_axil_awvalid", m_axil_awvalid[i], 1'b1)
        end
        if (w_stuck[i]) begin
          `CHECK("m_axil_wvalid", m_axil_wvalid[i], 1'b1)
        end
        if (ar_stuck[i]) begin
          `CHECK("m_axil_arvalid", m_axil_arvalid[i], 1'b1)
        end
        `CHECK("m_axil_awvalid", m_axil_awvalid[i] === 1'b1 || m_axil_awvalid[i] === 1'b0, 1'b1)
        `CHECK("m_axil_wvalid", m_axil_wvalid[i] === 1'b1 || m_axil_wvalid[i] === 1'b0, 1'b1)
        `CHECK("m_axil_arvalid", m_axil_arvalid[i] === 1'b1 || m_axil_arvalid[i] === 1'b0, 1'b1)
        aw_stuck[i] = m_axil_awvalid[i] && !m_axil_awready[i];
        w_stuck[i]  = m_axil_wvalid[i] && !m_axil_wready[i];
        ar_stuck[i] = m_axil_arvalid[i] && !m_axil_arready[i];
        if (m_axil_awvalid[i]) begin
          `CHECK("m_axil_awvalid", aw_next[i] < aw_taken, 1'b1)
          `CHECK("m_axil_awaddr", m_axil_awaddr[32*i +: 32], wr_addr[aw_next[i]])
          `CHECK("m_axil_awprot", m_axil_awprot[3*i +: 3], wr_prot[aw_next[i]])
          // Every other slave has answered before.
          for (int j = 0; j < N; j = j + 1) begin
            if (j != i) begin
              `CHECK("m_axil_awvalid", aw_seen[j], b_given[j])
            end
          end
        end
        if (m_axil_wvalid[i]) begin
          `CHECK("m_axil_wvalid", w_next[i] < w_taken, 1'b1)
          `CHECK("m_axil_wdata", m_axil_wdata[32*i +: 32], wr_data[w_next[i]])
          `CHECK("m_axil_wstrb", m_axil_wstrb[4*i +: 4], wr_strb[w_next[i]])
        end
        if (m_axil_arvalid[i]) begin
          `CHECK("m_axil_arvalid", ar_next[i] < ar_taken, 1'b1)
          `CHECK("m_axil_araddr", m_axil_araddr[32*i +: 32], rd_addr[ar_next[i]])
          `CHECK("m_axil_arprot", m_axil_arprot[3*i +: 3], rd_prot[ar_next[i]])
          for (int j = 0; j < N; j = j + 1) begin
            if (j != i) begin
              `CHECK("m_axil_arvalid", ar_seen[j], r_given[j])
            end
          end
        end
        if (m_axil_bvalid[i] && m_axil_bready[i]) begin
          b_given[i] = b_given[i] + 1;
          b_next[i] = b_next[i] + 1;
        end
        if (m_axil_rvalid[i] && m_axil_rready[i]) begin
          r_given[i] = r_given[i] + 1;
          r_next[i] = r_next[i] + 1;
        end
        if (m_axil_awvalid[i] && m_axil_awready[i]) begin
          aw_seen[i] = aw_seen[i] + 1;
          aw_next[i] = aw_next[i] + 1;
        end
        if (m_axil_wvalid[i] && m_axil_wready[i]) begin
          w_seen[i] = w_seen[i] + 1;
          w_next[i] = w_next[i] + 1;
        end
        if (m_axil_arvalid[i] && m_axil_arready[i]) begin
          ar_seen[i] = ar_seen[i] + 1;
          ar_next[i] = ar_next[i] + 1;
        end
      end
    end
  end

  // The master's next offers: what is offered stays until it is taken.
  always @(negedge clk) begin
    if (!s_axil_awvalid || aw_went) s_axil_awvalid = finish ? aw_taken < planned_wr : chance(aw_chance);
    if (!s_axil_wvalid || w_went) s_axil_wvalid = finish ? w_taken < planned_wr : chance(w_chance);
    if (s_axil_awvalid || s_axil_wvalid) plan_write();
    s_axil_awaddr = s_axil_awvalid ? wr_addr[aw_taken] : random_word();
    s_axil_awprot = s_axil_awvalid ? wr_prot[aw_taken] : 3'd0;
    s_axil_wdata = s_axil_wvalid ? wr_data[w_taken] : random_word();
    s_axil_wstrb = s_axil_wvalid ? wr_strb[w_taken] : 4'd0;
    if (!s_axil_arvalid || ar_went) begin
      s_axil_arvalid = chance(ar_chance);
      if (s_axil_arvalid) plan_read();
    end
    s_axil_araddr = s_axil_arvalid ? rd_addr[ar_taken] : random_word();
    s_axil_arprot = s_axil_arvalid ? rd_prot[ar_taken] : 3'd0;
    s_axil_bready = chance(b_chance);
    s_axil_rready = chance(r_chance);
    aw_went = 1'b0;
    w_went = 1'b0;
    ar_went = 1'b0;
  end

  // The slaves: number 0 is ready only once it sees address and data together, as AXI allows.
  always @(negedge clk) begin
    for (int i = 0; i < N; i = i + 1) begin
      if (i == 0) begin
        m_axil_awready[i] = m_axil_awvalid[i] && m_axil_wvalid[i] && chance(slave_chance);
        m_axil_wready[i]  = m_axil_awready[i];
      end else begin
        m_axil_awready[i] = chance(slave_chance);
        m_axil_wready[i]  = chance(slave_chance);
      end
      m_axil_arready[i] = chance(slave_chance);
      // An answer once begun stays; between answers the lines carry anything.
      if (b_next[i] < MOST) begin
        while (b_next[i] < planned_wr && wr_owner[b_next[i]] != i) b_next[i] = b_next[i] + 1;
        if (!m_axil_bvalid[i] || b_given[i] != b_shown[i]) begin
          m_axil_bvalid[i] = aw_seen[i] > b_given[i] && w_seen[i] > b_given[i] && chance(answer_chance);
          b_shown[i] = b_given[i];
        end
        m_axil_bresp[2*i +: 2] = m_axil_bvalid[i] ? answer(b_next[i], i) : random_word() >> 5;
        while (r_next[i] < planned_rd && rd_owner[r_next[i]] != i) r_next[i] = r_next[i] + 1;
        if (!m_axil_rvalid[i] || r_given[i] != r_shown[i]) begin
          m_axil_rvalid[i] = ar_seen[i] > r_given[i] && chance(answer_chance);
          r_shown[i] = r_given[i];
        end
        m_axil_rresp[2*i +: 2] = m_axil_rvalid[i] ? answer(r_next[i] + 1, i) : random_word() >> 5;
        m_axil_rdata[32*i +: 32] = m_axil_rvalid[i] ? answer_data(r_next[i], i) : random_word();
      end
    end
  end

  task run(
    input int cycles, input int aw_wanted, input int w_wanted, input int b, input int ar_wanted, input int r, input int s,
    input int a
  );
    aw_chance = aw_wanted;
    w_chance = w_wanted;
    b_chance = b;
    ar_chance = ar_wanted;
    r_chance = r;
    slave_chance = s;
    answer_chance = a;
    repeat (cycles) @(posedge clk);
  endtask

  // Everything that was begun is finished, and soon.
  task drain;
    finish = 1'b1;
    run(1, 0, 0, 100, 0, 100, 100, 100);
    quiet = 0;
    while (quiet < 60 && (b_taken < planned_wr || r_taken < planned_rd)) @(negedge clk);
    `CHECK("s_axil_bvalid", b_taken, planned_wr)
    `CHECK("s_axil_rvalid", r_taken, planned_rd)
    finish = 1'b0;
  endtask

  task reset;
    @(negedge clk);
    #3 rst_n = 1'b0;
    s_axil_awvalid = 1'b0;
    s_axil_wvalid = 1'b0;
    s_axil_arvalid = 1'b0;
    aw_chance = 0;
    w_chance = 0;
    ar_chance = 0;
    #1 `CHECK("s_axil_bvalid", s_axil_bvalid, 1'b0)
    `CHECK("s_axil_rvalid", s_axil_rvalid, 1'b0)
    `CHECK("m_axil_awvalid", m_axil_awvalid, {N{1'b0}})
    `CHECK("m_axil_wvalid", m_axil_wvalid, {N{1'b0}})
    `CHECK("m_axil_arvalid", m_axil_arvalid, {N{1'b0}})
    m_axil_bvalid = '0;
    m_axil_rvalid = '0;
    aw_stuck = '0;
    w_stuck = '0;
    ar_stuck = '0;
    b_stuck = 1'b0;
    r_stuck = 1'b0;
    planned_wr = 0;
    planned_rd = 0;
    aw_taken = 0;
    w_taken = 0;
    b_taken = 0;
    ar_taken = 0;
    r_taken = 0;
    for (int i = 0; i <= N; i = i + 1) begin
      aw_next[i] = 0;
      w_next[i] = 0;
      b_next[i] = 0;
      aw_seen[i] = 0;
      w_seen[i] = 0;
      b_given[i] = 0;
      ar_next[i] = 0;
      r_next[i] = 0;
      ar_seen[i] = 0;
      r_given[i] = 0;
      b_shown[i] = 0;
      r_shown[i] = 0;
    end
    repeat (3) @(negedge clk);
    #3 rst_n = 1'b1;
  endtask

  int before_wr;
  int before_rd;

  // The same slave all the time and everybody ready: one access in each cycle.
  task full_speed;
    run(12, 100, 100, 100, 100, 100, 100, 100);
    before_wr = b_taken;
    before_rd = r_taken;
    run(100, 100, 100, 100, 100, 100, 100, 100);
    `CHECK("s_axil_bvalid", b_taken - before_wr, 100)
    `CHECK("s_axil_rvalid", r_taken - before_rd, 100)
    drain();
  endtask

  // A slave that takes and does not answer: 15 accesses are under way and two wait in the slice; then they all finish.
  task limit;
    before_wr = aw_taken;
    before_rd = ar_taken;
    run(60, 100, 100, 100, 100, 100, 100, 0);
    `CHECK("s_axil_awready", aw_taken - before_wr, 17)
    `CHECK("s_axil_arready", ar_taken - before_rd, 17)
    drain();
  endtask

  initial begin
    reset();
    for (int i = 0; i < N; i = i + 1) begin
      aim = i;
      full_speed();
      limit();
    end
    if (owner_of(32'hdead_0000) == N) begin
      aim = N + 1;
      full_speed();
      // Addresses without data, data without addresses, and answers that nobody takes.
      run(20, 100, 0, 100, 100, 0, 100, 100);
      drain();
      run(20, 0, 100, 100, 100, 0, 100, 100);
      drain();
      run(40, 100, 100, 0, 100, 0, 100, 100);
      drain();
    end
    aim = N;
    for (int n = 0; n < 40; n = n + 1) begin
      run(60, 5 + random_word() % 95, 5 + (random_word() >> 4) % 95, 5 + (random_word() >> 4) % 95, 5 + (random_word() >> 4) % 95,
          5 + (random_word() >> 4) % 95, 5 + (random_word() >> 4) % 95, 5 + (random_word() >> 4) % 95);
      if (chance(30)) drain();
    end
    drain();
    // Resets in the middle of everything, and with halves of a write.
    run(30, 100, 100, 20, 100, 20, 60, 60);
    reset();
    run(30, 100, 100, 100, 100, 100, 100, 0);
    reset();
    aim = 0;
    run(20, 0, 100, 100, 0, 100, 100, 100);
    reset();
    run(20, 100, 0, 100, 100, 0, 100, 100);
    reset();
    aim = N;
    run(200, 80, 80, 80, 80, 80, 80, 80);
    drain();
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
