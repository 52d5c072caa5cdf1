// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_axil_to_apb: independent random traffic on all five channels, an APB slave with a memory, random wait states
// and errors; the rules of APB at every edge, every output in every cycle against a model.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_axil_to_apb;
  logic        clk = 1'b0;
  logic        rst_n = 1'b0;
  logic [31:0] s_axil_awaddr = '0;
  logic [2:0]  s_axil_awprot = '0;
  logic        s_axil_awvalid = 1'b0;
  logic        s_axil_awready;
  logic [31:0] s_axil_wdata = '0;
  logic [3:0]  s_axil_wstrb = '0;
  logic        s_axil_wvalid = 1'b0;
  logic        s_axil_wready;
  logic [1:0]  s_axil_bresp;
  logic        s_axil_bvalid;
  logic        s_axil_bready = 1'b0;
  logic [31:0] s_axil_araddr = '0;
  logic [2:0]  s_axil_arprot = '0;
  logic        s_axil_arvalid = 1'b0;
  logic        s_axil_arready;
  logic [31:0] s_axil_rdata;
  logic [1:0]  s_axil_rresp;
  logic        s_axil_rvalid;
  logic        s_axil_rready = 1'b0;
  logic [31:0] paddr;
  logic [2:0]  pprot;
  logic        psel;
  logic        penable;
  logic        pwrite;
  logic [31:0] pwdata;
  logic [3:0]  pstrb;
  logic        pready = 1'b0;
  logic [31:0] prdata = '0;
  logic        pslverr = 1'b0;

  cbb_axil_to_apb dut (.*);

  always #5 clk = !clk;

  // What was taken and waits for its transfer.
  logic        aw_full = 1'b0;
  logic        w_full = 1'b0;
  logic        ar_full = 1'b0;
  logic [34:0] aw;
  logic [35:0] w;
  logic [34:0] ar;
  logic        aw_went = 1'b0;
  logic        w_went = 1'b0;
  logic        ar_went = 1'b0;
  logic        write_last = 1'b0;
  logic        may_write;
  logic        may_read;
  // What the outputs must be.
  logic        want_psel = 1'b0;
  logic        want_penable = 1'b0;
  logic        want_pwrite = 1'b0;
  logic [31:0] want_paddr = '0;
  logic [2:0]  want_pprot = '0;
  logic [31:0] want_pwdata = '0;
  logic [3:0]  want_pstrb = '0;
  logic        want_bvalid = 1'b0;
  logic [1:0]  want_bresp = '0;
  logic        want_rvalid = 1'b0;
  logic [1:0]  want_rresp = '0;
  logic [31:0] want_rdata = '0;
  // The APB slave's memory as the slave sees the writes, and as the model does.
  logic [31:0] apb_memory [0:15];
  // The rules of APB: what stood there before the last edge.
  logic        last_psel = 1'b0;
  logic        last_penable = 1'b0;
  logic        last_pready = 1'b0;
  logic [71:0] last_request;
  int          transfers = 0;
  int          aw_chance = 0;
  int          w_chance = 0;
  int          b_chance = 0;
  int          ar_chance = 0;
  int          r_chance = 0;
  int          ready_chance = 100;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_axil_to_apb);
    end
    for (int i = 0; i < 16; i = i + 1) apb_memory[i] = 32'h1111_0000 * i + 7;
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

  // The rules of APB, of the pins alone.
  always @(posedge clk) begin
    if (rst_n) begin
      if (last_psel && !last_penable) begin
        `CHECK("penable", psel && penable, 1'b1)
      end
      if (last_psel && last_penable && !last_pready) begin
        `CHECK("penable", psel && penable, 1'b1)
      end
      if (!last_psel || (last_penable && last_pready)) begin
        `CHECK("penable", penable, 1'b0)
      end
      if (last_psel && !(last_penable && last_pready)) begin
        `CHECK("paddr", {paddr, pprot, pwrite, pwdata, pstrb}, last_request)
      end
      if (psel && !pwrite) begin
        `CHECK("pstrb", pstrb, 4'b0000)
      end
      if (psel && penable && pready) begin
        transfers = transfers + 1;
        for (int i = 0; i < 4; i = i + 1) begin
          if (pwrite && pstrb[i] && !pslverr) apb_memory[paddr[5:2]][8*i +: 8] = pwdata[8*i +: 8];
        end
      end
      last_psel    = psel;
      last_penable = penable;
      last_pready  = pready;
      last_request = {paddr, pprot, pwrite, pwdata, pstrb};
    end
  end

  // What the edge does: the model sees inputs and its own state only.
  always @(posedge clk) begin
    if (rst_n) begin
      aw_went = s_axil_awvalid && !aw_full;
      w_went  = s_axil_wvalid && !w_full;
      ar_went = s_axil_arvalid && !ar_full;
      if (s_axil_bready) want_bvalid = 1'b0;
      if (s_axil_rready) want_rvalid = 1'b0;
      if (want_psel && want_penable && pready) begin
        want_psel = 1'b0;
        want_penable = 1'b0;
        if (want_pwrite) begin
          want_bvalid = 1'b1;
          want_bresp = pslverr ? 2'b10 : 2'b00;
        end else begin
          want_rvalid = 1'b1;
          want_rresp = pslverr ? 2'b10 : 2'b00;
          want_rdata = prdata;
        end
      end else if (want_psel) begin
        want_penable = 1'b1;
      end
      if (!want_psel) begin
        may_write = aw_full && w_full && !want_bvalid;
        may_read  = ar_full && !want_rvalid;
        if (may_write && !(may_read && write_last)) begin
          {want_paddr, want_pprot} = aw;
          {want_pwdata, want_pstrb} = w;
          want_pwrite = 1'b1;
          want_psel = 1'b1;
          write_last = 1'b1;
          aw_full = 1'b0;
          w_full = 1'b0;
        end else if (may_read) begin
          {want_paddr, want_pprot} = ar;
          want_pstrb = '0;
          want_pwrite = 1'b0;
          want_psel = 1'b1;
          write_last = 1'b0;
          ar_full = 1'b0;
        end
      end
      if (aw_went) begin
        aw = {s_axil_awaddr, s_axil_awprot};
        aw_full = 1'b1;
      end
      if (w_went) begin
        w = {s_axil_wdata, s_axil_wstrb};
        w_full = 1'b1;
      end
      if (ar_went) begin
        ar = {s_axil_araddr, s_axil_arprot};
        ar_full = 1'b1;
      end
    end
  end

  task check;
    `CHECK("s_axil_awready", s_axil_awready, !aw_full)
    `CHECK("s_axil_wready", s_axil_wready, !w_full)
    `CHECK("s_axil_arready", s_axil_arready, !ar_full)
    `CHECK("s_axil_bvalid", s_axil_bvalid, want_bvalid)
    `CHECK("s_axil_rvalid", s_axil_rvalid, want_rvalid)
    `CHECK("s_axil_bresp", s_axil_bresp, want_bresp)
    `CHECK("s_axil_rresp", s_axil_rresp, want_rresp)
    `CHECK("s_axil_rdata", s_axil_rdata, want_rdata)
    `CHECK("psel", psel, want_psel)
    `CHECK("penable", penable, want_penable)
    `CHECK("pwrite", pwrite, want_pwrite)
    `CHECK("paddr", paddr, want_paddr)
    `CHECK("pprot", pprot, want_pprot)
    `CHECK("pwdata", pwdata, want_pwdata)
    `CHECK("pstrb", pstrb, want_pstrb)
  endtask

  always @(negedge clk) begin
    check();
    // A request stays until it is taken.
    if (!s_axil_awvalid || aw_went) begin
      s_axil_awvalid = chance(aw_chance);
      s_axil_awaddr = random_word();
      s_axil_awprot = random_word() >> 7;
    end
    if (!s_axil_wvalid || w_went) begin
      s_axil_wvalid = chance(w_chance);
      s_axil_wdata = random_word();
      s_axil_wstrb = chance(40) ? 4'hf : random_word() >> 6;
    end
    if (!s_axil_arvalid || ar_went) begin
      s_axil_arvalid = chance(ar_chance);
      s_axil_araddr = random_word();
      s_axil_arprot = random_word() >> 7;
    end
    s_axil_bready = chance(b_chance);
    s_axil_rready = chance(r_chance);
    // The slave answers in the access phase; what it drives at other times means nothing.
    pready = chance(ready_chance);
    pslverr = chance(20);
    prdata = psel && penable && pready && !pslverr ? apb_memory[paddr[5:2]] : random_word();
    // No output follows an input without an edge.
    #1 check();
  end

  task run(input int cycles, input int aw_wanted, input int w_wanted, input int b, input int ar_wanted, input int r, input int p);
    aw_chance = aw_wanted;
    w_chance = w_wanted;
    b_chance = b;
    ar_chance = ar_wanted;
    r_chance = r;
    ready_chance = p;
    repeat (cycles) @(posedge clk);
  endtask

  task reset;
    @(negedge clk);
    #3 rst_n = 1'b0;
    aw_full = 1'b0;
    w_full = 1'b0;
    ar_full = 1'b0;
    write_last = 1'b0;
    want_psel = 1'b0;
    want_penable = 1'b0;
    want_pwrite = 1'b0;
    want_paddr = '0;
    want_pprot = '0;
    want_pwdata = '0;
    want_pstrb = '0;
    want_bvalid = 1'b0;
    want_bresp = '0;
    want_rvalid = 1'b0;
    want_rresp = '0;
    want_rdata = '0;
    last_psel = 1'b0;
    last_penable = 1'b0;
    s_axil_awvalid = 1'b0;
    s_axil_wvalid = 1'b0;
    s_axil_arvalid = 1'b0;
    aw_chance = 0;
    w_chance = 0;
    ar_chance = 0;
    #1 check();
    repeat (3) @(negedge clk);
    #3 rst_n = 1'b1;
  endtask

  int transfers_before;

  initial begin
    reset();
    // Full speed: a transfer every two cycles, reads and writes in turn.
    run(20, 100, 100, 100, 100, 100, 100);
    transfers_before = transfers;
    run(200, 100, 100, 100, 100, 100, 100);
    `CHECK("psel", transfers - transfers_before, 100)
    run(200, 100, 100, 100, 0, 100, 100);
    run(200, 0, 0, 100, 100, 100, 100);
    run(200, 100, 20, 100, 100, 20, 50);
    run(200, 20, 100, 100, 20, 100, 50);
    run(200, 100, 100, 10, 100, 10, 100);
    run(100, 100, 0, 50, 0, 50, 100);
    run(100, 0, 100, 50, 100, 0, 100);
    for (int n = 0; n < 60; n = n + 1) begin
      run(100, 5 + random_word() % 95, 5 + (random_word() >> 4) % 95, 5 + (random_word() >> 4) % 95,
          5 + (random_word() >> 4) % 95, 5 + (random_word() >> 4) % 95, 5 + (random_word() >> 4) % 95);
    end
    // Resets that find a transfer under way, answers that nobody takes, and halves of a request.
    run(20, 100, 100, 100, 100, 100, 0);
    reset();
    run(20, 100, 100, 0, 100, 0, 100);
    reset();
    run(20, 100, 0, 0, 0, 0, 100);
    reset();
    run(20, 0, 100, 0, 0, 0, 100);
    reset();
    run(200, 70, 70, 70, 70, 70, 70);
    reset();
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
