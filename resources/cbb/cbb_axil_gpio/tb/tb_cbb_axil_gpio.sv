// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_axil_gpio: independent random traffic on all five channels with random back-pressure, inputs that change at
// any time, every output in every cycle against a model of handshakes, registers and edges.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 20) $finish; \
  end

module tb_cbb_axil_gpio #(
  parameter int WIDTH  = 8,
  parameter int CYCLES = 8000
);
  logic                   clk = 1'b0;
  logic                   rst_n = 1'b0;
  logic [5:0]             s_axil_awaddr = '0;
  logic                   s_axil_awvalid = 1'b0;
  logic                   s_axil_awready;
  logic [31:0]            s_axil_wdata = '0;
  logic [3:0]             s_axil_wstrb = '0;
  logic                   s_axil_wvalid = 1'b0;
  logic                   s_axil_wready;
  logic [1:0]             s_axil_bresp;
  logic                   s_axil_bvalid;
  logic                   s_axil_bready = 1'b0;
  logic [5:0]             s_axil_araddr = '0;
  logic                   s_axil_arvalid = 1'b0;
  logic                   s_axil_arready;
  logic [31:0]            s_axil_rdata;
  logic [1:0]             s_axil_rresp;
  logic                   s_axil_rvalid;
  logic                   s_axil_rready = 1'b0;
  logic [WIDTH-1:0]       gpio_in = '0;
  logic [WIDTH-1:0]       gpio_out;
  logic [WIDTH-1:0]       gpio_oe;
  logic                   irq;

  cbb_axil_gpio #(.WIDTH(WIDTH)) dut (.*);

  always #5 clk = !clk;

  // Of each channel: how many transfers were taken; an access that was taken and not done waits in the model.
  int                     aw_taken = 0;
  int                     w_taken = 0;
  int                     written = 0;
  int                     ar_taken = 0;
  int                     read = 0;
  logic [5:0]             aw_addr;
  logic [31:0]            w_data;
  logic [3:0]             w_strb;
  logic [5:0]             ar_addr;
  logic                   aw_went = 1'b0;
  logic                   w_went = 1'b0;
  logic                   ar_went = 1'b0;
  logic                   want_bvalid = 1'b0;
  logic [1:0]             want_bresp;
  logic                   want_rvalid = 1'b0;
  logic [1:0]             want_rresp;
  logic [31:0]            want_rdata;
  // The registers, and the inputs as they were one, two and three edges ago.
  logic [WIDTH-1:0]       want_out = '0;
  logic [WIDTH-1:0]       want_oe = '0;
  logic [WIDTH-1:0]       rise = '0;
  logic [WIDTH-1:0]       fall = '0;
  logic [WIDTH-1:0]       pending = '0;
  logic [WIDTH-1:0]       in_1 = '0;
  logic [WIDTH-1:0]       in_2 = '0;
  logic [WIDTH-1:0]       in_3 = '0;
  logic [31:0]            mask;
  logic [31:0]            data;
  logic [31:0]            cleared;
  logic [WIDTH-1:0]       next_rise;
  logic [WIDTH-1:0]       next_fall;
  int                     toggles = 0;
  // Chances in percent of a new request and of a ready answer.
  int                     aw_chance = 0;
  int                     w_chance = 0;
  int                     b_chance = 0;
  int                     ar_chance = 0;
  int                     r_chance = 0;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_axil_gpio);
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

  // A register, mostly.
  function logic [5:0] random_address();
    random_address = ((random_word() >> 4) % 9) * 4 + (random_word() >> 4) % 4;
    if (chance(10)) random_address = random_word() >> 5;
  endfunction

  // What the edge does: the model sees inputs and its own state only.
  always @(posedge clk) begin
    if (rst_n) begin
      cleared = '0;
      next_rise = rise;
      next_fall = fall;
      aw_went = s_axil_awvalid && aw_taken == written;
      w_went  = s_axil_wvalid && w_taken == written;
      ar_went = s_axil_arvalid && ar_taken == read;
      if (aw_went) begin
        aw_addr = s_axil_awaddr;
        aw_taken = aw_taken + 1;
      end
      if (w_went) begin
        w_data = s_axil_wdata;
        w_strb = s_axil_wstrb;
        w_taken = w_taken + 1;
      end
      if (ar_went) begin
        ar_addr = s_axil_araddr;
        ar_taken = ar_taken + 1;
      end
      // A read sees the registers as they were before the edge.
      if (s_axil_rready) want_rvalid = 1'b0;
      if (ar_taken > read && !want_rvalid) begin
        read = read + 1;
        want_rvalid = 1'b1;
        want_rresp = 2'b00;
        case (ar_addr[5:2])
          0, 3, 4, 5: want_rdata = want_out;
          1: want_rdata = want_oe;
          2: want_rdata = in_2;
          6: want_rdata = rise;
          7: want_rdata = fall;
          8: want_rdata = pending;
          default: begin
            want_rdata = '0;
            want_rresp = 2'b10;
          end
        endcase
      end
      if (s_axil_bready) want_bvalid = 1'b0;
      if (aw_taken > written && w_taken > written && !want_bvalid) begin
        written = written + 1;
        want_bvalid = 1'b1;
        mask = {{8{w_strb[3]}}, {8{w_strb[2]}}, {8{w_strb[1]}}, {8{w_strb[0]}}};
        data = w_data & mask;
        want_bresp = 2'b00;
        case (aw_addr[5:2])
          0: want_out = want_out & ~mask | data;
          1: want_oe = want_oe & ~mask | data;
          3: want_out = want_out | data;
          4: want_out = want_out & ~data;
          5: want_out = want_out ^ data;
          6: next_rise = rise & ~mask | data;
          7: next_fall = fall & ~mask | data;
          8: cleared = data;
          default: want_bresp = 2'b10;
        endcase
      end
      // What was enabled before this edge counts for the edges that are seen at it.
      pending = pending & ~cleared | in_2 & ~in_3 & rise | ~in_2 & in_3 & fall;
      rise = next_rise;
      fall = next_fall;
      in_3 = in_2;
      in_2 = in_1;
      in_1 = gpio_in;
    end
  end

  task check;
    `CHECK("s_axil_awready", s_axil_awready, aw_taken == written)
    `CHECK("s_axil_wready", s_axil_wready, w_taken == written)
    `CHECK("s_axil_arready", s_axil_arready, ar_taken == read)
    `CHECK("s_axil_bvalid", s_axil_bvalid, want_bvalid)
    `CHECK("s_axil_rvalid", s_axil_rvalid, want_rvalid)
    if (want_bvalid) begin
      `CHECK("s_axil_bresp", s_axil_bresp, want_bresp)
    end
    if (want_rvalid) begin
      `CHECK("s_axil_rresp", s_axil_rresp, want_rresp)
      `CHECK("s_axil_rdata", s_axil_rdata, want_rdata)
    end
    `CHECK("gpio_out", gpio_out, want_out)
    `CHECK("gpio_oe", gpio_oe, want_oe)
    `CHECK("irq", irq, pending != 0)
  endtask

  always @(negedge clk) begin
    check();
    // A request stays until it is taken.
    if (!s_axil_awvalid || aw_went) begin
      s_axil_awvalid = chance(aw_chance);
      s_axil_awaddr = random_address();
    end
    if (!s_axil_wvalid || w_went) begin
      s_axil_wvalid = chance(w_chance);
      s_axil_wdata = random_word();
      s_axil_wstrb = chance(40) ? 4'hf : random_word() >> 6;
    end
    if (!s_axil_arvalid || ar_went) begin
      s_axil_arvalid = chance(ar_chance);
      s_axil_araddr = random_address();
    end
    s_axil_bready = chance(b_chance);
    s_axil_rready = chance(r_chance);
    if (chance(toggles)) gpio_in = gpio_in ^ (random_word() & random_word());
    // No output follows an input without an edge.
    #1 check();
  end

  task run(input int cycles, input int aw, input int w, input int b, input int ar, input int r);
    aw_chance = aw;
    w_chance = w;
    b_chance = b;
    ar_chance = ar;
    r_chance = r;
    repeat (cycles) @(posedge clk);
  endtask

  task reset;
    @(negedge clk);
    #3 rst_n = 1'b0;
    aw_taken = 0;
    w_taken = 0;
    written = 0;
    ar_taken = 0;
    read = 0;
    want_bvalid = 1'b0;
    want_rvalid = 1'b0;
    want_out = '0;
    want_oe = '0;
    rise = '0;
    fall = '0;
    pending = '0;
    in_1 = '0;
    in_2 = '0;
    in_3 = '0;
    aw_went = 1'b1;
    w_went = 1'b1;
    ar_went = 1'b1;
    s_axil_awvalid = 1'b0;
    s_axil_wvalid = 1'b0;
    s_axil_arvalid = 1'b0;
    aw_chance = 0;
    w_chance = 0;
    ar_chance = 0;
    #1 check();
    `CHECK("s_axil_bresp", s_axil_bresp, 2'b00)
    `CHECK("s_axil_rresp", s_axil_rresp, 2'b00)
    `CHECK("s_axil_rdata", s_axil_rdata, 32'd0)
    repeat (3) @(negedge clk);
    #3 rst_n = 1'b1;
  endtask

  initial begin
    reset();
    // Full speed, then each side starving or blocking the other, then everything at random.
    toggles = 30;
    run(300, 100, 100, 100, 100, 100);
    run(200, 100, 20, 100, 100, 20);
    run(200, 20, 100, 100, 20, 100);
    run(200, 100, 100, 10, 100, 10);
    run(100, 100, 0, 50, 0, 50);
    run(100, 0, 100, 50, 100, 0);
    for (int n = 0; n < CYCLES / 100; n = n + 1) begin
      run(100, 5 + random_word() % 95, 5 + (random_word() >> 4) % 95, 5 + (random_word() >> 4) % 95,
          5 + (random_word() >> 4) % 95, 5 + (random_word() >> 4) % 95);
      toggles = (random_word() >> 4) % 60;
    end
    reset();
    run(100, 60, 60, 60, 60, 60);
    // A reset finds an address without data and two answers that nobody takes.
    run(20, 100, 100, 0, 100, 0);
    reset();
    run(20, 100, 0, 0, 0, 0);
    reset();
    run(20, 0, 100, 0, 0, 0);
    reset();
    run(200, 70, 70, 70, 70, 70);
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
