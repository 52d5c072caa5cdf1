// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Bench of cbb_uart_16550: random accesses with random back-pressure; characters, glitches, noise and breaks on the line;
// modem lines that change at any time. Every output in every cycle against a model of registers, FIFOs and wires that
// knows when a character began and counts from there.
`timescale 1ns/1ns

// Compares with ===, so that an unknown value fails. The run stops early once it has failed often enough.
`define CHECK(NAME, GOT, WANT) \
  if ((GOT) !== (WANT)) begin \
    $display("FAIL signal=%s time=%0d", NAME, $time); \
    failures = failures + 1; \
    if (failures >= 4) $finish; \
  end

module tb_cbb_uart_16550 #(
  parameter int FIFO_DEPTH = 16,
  parameter int SESSIONS   = 16
);
  logic        clk = 1'b0;
  logic        rst_n = 1'b0;
  logic [4:0]  s_axil_awaddr = '0;
  logic        s_axil_awvalid = 1'b0;
  logic        s_axil_awready;
  logic [31:0] s_axil_wdata = '0;
  logic [3:0]  s_axil_wstrb = '0;
  logic        s_axil_wvalid = 1'b0;
  logic        s_axil_wready;
  logic [1:0]  s_axil_bresp;
  logic        s_axil_bvalid;
  logic        s_axil_bready = 1'b0;
  logic [4:0]  s_axil_araddr = '0;
  logic        s_axil_arvalid = 1'b0;
  logic        s_axil_arready;
  logic [31:0] s_axil_rdata;
  logic [1:0]  s_axil_rresp;
  logic        s_axil_rvalid;
  logic        s_axil_rready = 1'b0;
  logic        rxd = 1'b1;
  logic        txd;
  logic        cts_n = 1'b1;
  logic        dsr_n = 1'b1;
  logic        ri_n = 1'b1;
  logic        dcd_n = 1'b1;
  logic        rts_n;
  logic        dtr_n;
  logic        out1_n;
  logic        out2_n;
  logic        irq;

  cbb_uart_16550 #(.FIFO_DEPTH(FIFO_DEPTH)) dut (.*);

  always #5 clk = !clk;

  int          failures = 0;
  logic [31:0] seed = 32'h2545_f491;
  logic [31:0] line_seed = 32'h6b43_a9b5;
  string       vcd;

  initial begin
    if ($value$plusargs("vcd=%s", vcd)) begin
      $dumpfile(vcd);
      $dumpvars(0, tb_cbb_uart_16550);
    end
  end

  // xorshift32: the same stimulus under every simulator. The line has a generator of its own.
  function logic [31:0] random_word();
    seed = seed ^ (seed << 13);
    seed = seed ^ (seed >> 17);
    seed = seed ^ (seed << 5);
    random_word = seed >> 3;
  endfunction

  function logic chance(input int percent);
    chance = random_word() % 100 < percent;
  endfunction

  function int line_random(input int limit);
    line_seed = line_seed ^ (line_seed << 13);
    line_seed = line_seed ^ (line_seed >> 17);
    line_seed = line_seed ^ (line_seed << 5);
    line_random = (line_seed >> 3) % limit;
  endfunction

  // ---- the model: what the bus has asked for ----

  // Of each channel: how many transfers were taken; an access that was taken and not done waits in the model.
  int          aw_taken = 0;
  int          w_taken = 0;
  int          written = 0;
  int          ar_taken = 0;
  int          read = 0;
  logic [4:0]  aw_addr;
  logic [31:0] w_data;
  logic [3:0]  w_strb;
  logic [4:0]  ar_addr;
  logic        aw_went = 1'b0;
  logic        w_went = 1'b0;
  logic        ar_went = 1'b0;
  logic        want_bvalid = 1'b0;
  logic        want_rvalid = 1'b0;
  logic [31:0] want_rdata;
  logic [3:0]  want_reason = 4'h1;
  // The access of this edge: register, or -1.
  int          writes;
  int          reads;

  // ---- the model: registers, FIFOs, wires ----

  logic [15:0] dl = '0;
  logic [3:0]  ier = '0;
  logic [7:0]  lcr = '0;
  logic [4:0]  mcr = '0;
  logic [7:0]  scr = '0;
  logic        fifo_on = 1'b0;
  logic [1:0]  trigger = '0;

  logic [7:0]  tx_queue [0:1023];
  int          tx_first = 0;
  int          tx_count = 0;
  int          tx_count_before = 0;
  logic        tx_busy = 1'b0;
  int          tx_age = 0;        // edges since the start bit began
  logic [11:0] tx_frame;
  logic        thre = 1'b0;
  logic        want_txd = 1'b1;

  logic [7:0]  rx_queue [0:1023];
  logic [2:0]  rx_fault [0:1023]; // break, frame, parity; 0 once it was read
  int          rx_first = 0;
  int          rx_count = 0;
  logic [2:0]  left = '0;         // faults of characters that are gone
  logic        overrun = 1'b0;
  int          quiet = 0;
  logic        waiting = 1'b0;
  logic [1:0]  rx_wire = '1;      // as it was one and two edges ago
  logic        line_before = 1'b1;
  logic        receiving = 1'b0;
  int          rx_age = 0;        // edges since the start bit was seen
  int          ones;              // of the three samples of a bit
  logic [10:0] rx_frame;

  logic [3:0]  modem_1 = '1;
  logic [3:0]  modem_2 = '1;
  logic [3:0]  modem_before = '0;
  logic [3:0]  changes = '0;

  function int div();
    div = dl == 0 ? 1 : dl;
  endfunction

  function int data_bits();
    data_bits = 5 + lcr[1:0];
  endfunction

  function int char_bits();
    char_bits = data_bits() + (lcr[3] ? 1 : 0);
  endfunction

  // Clocks of a character on the wire.
  function int frame_clocks();
    frame_clocks = 16 * div() * (char_bits() + 2);
    if (lcr[2]) frame_clocks = frame_clocks + (lcr[1:0] == 0 ? 8 : 16) * div();
  endfunction

  function logic parity_bit(input logic [7:0] data);
    case (lcr[5:4])
      2'b00: parity_bit = ~^data;
      2'b01: parity_bit = ^data;
      2'b10: parity_bit = 1'b1;
      default: parity_bit = 1'b0;
    endcase
  endfunction

  function logic [7:0] cut(input logic [7:0] data);
    cut = data & ((1 << data_bits()) - 1);
  endfunction

  // Start bit, data, parity and as many stop bits as there is room for.
  function logic [11:0] frame_of(input logic [7:0] data);
    frame_of = 12'hffe;
    for (int i = 0; i < data_bits(); i = i + 1) frame_of[i+1] = data[i];
    if (lcr[3]) frame_of[data_bits()+1] = parity_bit(cut(data));
  endfunction

  function logic tx_line();
    tx_line = (tx_busy ? tx_frame[tx_age/(16*div())] : 1'b1) && !lcr[6];
  endfunction

  function logic [3:0] modem();
    modem = mcr[4] ? {mcr[3:2], mcr[0], mcr[1]} : ~modem_2;
  endfunction

  function logic [2:0] faults();
    faults = left;
    if (rx_count > 0) faults = left | rx_fault[rx_first];
  endfunction

  function int level();
    case (trigger)
      0: level = 1;
      1: level = FIFO_DEPTH / 4;
      2: level = FIFO_DEPTH / 2;
      default: level = FIFO_DEPTH - 2;
    endcase
    if (!fifo_on) level = 1;
  endfunction

  function logic [3:0] reason();
    reason = 4'h1;
    if (ier[3] && changes != 0) reason = 4'h0;
    if (ier[1] && thre) reason = 4'h2;
    if (ier[0] && waiting) reason = 4'hc;
    if (ier[0] && rx_count >= level()) reason = 4'h4;
    if (ier[2] && (faults() != 0 || overrun)) reason = 4'h6;
  endfunction

  function logic [7:0] line_status();
    line_status = {1'b0, tx_count == 0 && !tx_busy, tx_count == 0, faults(), overrun, rx_count > 0};
    if (fifo_on)
      for (int i = 0; i < rx_count; i = i + 1)
        if (rx_fault[(rx_first+i)%1024] != 0) line_status[7] = 1'b1;
  endfunction

  function logic [7:0] value_of(input int register);
    case (register)
      0: value_of = lcr[7] ? dl[7:0] : rx_count > 0 ? rx_queue[rx_first] : 8'd0;
      1: value_of = lcr[7] ? dl[15:8] : ier;
      2: value_of = {fifo_on, fifo_on, 2'b00, want_reason};
      3: value_of = lcr;
      4: value_of = mcr;
      5: value_of = line_status();
      6: value_of = {modem(), changes};
      default: value_of = scr;
    endcase
  endfunction

  task rx_drop;
    left = left | rx_fault[rx_first];
    rx_first = (rx_first + 1) % 1024;
    rx_count = rx_count - 1;
  endtask

  // ---- what an edge does; the model sees inputs and its own state only ----

  logic        line;
  logic        sending;            // what the transmitter puts on the wire before the edge
  logic        completed;
  logic        reads_thre;
  logic [2:0]  fault;
  logic [7:0]  character;
  logic [3:0]  modem_now;
  logic        dlab;
  logic        tx_taken;
  logic        tx_loads;
  logic        rx_was_empty;
  logic        rx_taken;
  int          sixteenth;
  int          limit;
  logic [7:0]  byte_in;

  task bus_edge;
    writes = -1;
    reads = -1;
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
    if (s_axil_rready) want_rvalid = 1'b0;
    if (ar_taken > read && !want_rvalid) begin
      read = read + 1;
      want_rvalid = 1'b1;
      reads = ar_addr[4:2];
      // a read sees the registers as they were before the edge
      want_rdata = {24'd0, value_of(reads)};
    end
    if (s_axil_bready) want_bvalid = 1'b0;
    if (aw_taken > written && w_taken > written && !want_bvalid) begin
      written = written + 1;
      want_bvalid = 1'b1;
      if (w_strb[0]) writes = aw_addr[4:2];
    end
  endtask

  // The line at its receiver, and a character that ends at this edge.
  task line_edge;
    completed = 1'b0;
    line = mcr[4] ? sending : rx_wire[1];
    if (!receiving) begin
      receiving = line_before && !line;
      rx_age = 0;
      rx_frame = '0;
      ones = 0;
    end else begin
      rx_age = rx_age + 1;
      if (rx_age % div() == 0) begin
        sixteenth = rx_age / div();
        if (sixteenth % 16 >= 7 && sixteenth % 16 <= 9) ones = ones + line;
        if (sixteenth % 16 == 9) begin
          rx_frame[sixteenth/16] = ones >= 2;
          ones = 0;
          if (sixteenth / 16 == 0 && rx_frame[0]) receiving = 1'b0;
          if (sixteenth / 16 == char_bits() + 1) begin
            receiving = 1'b0;
            completed = 1'b1;
            character = cut(rx_frame[8:1]);
            fault = {rx_frame == 0, !rx_frame[char_bits()+1],
                     lcr[3] && rx_frame[data_bits()+1] != parity_bit(character)};
          end
        end
      end
    end
    line_before = line;
    rx_wire = {rx_wire[0], rxd};
  endtask

  task rx_edge;
    rx_was_empty = rx_count == 0;
    rx_taken = reads == 0 && !dlab && !rx_was_empty;
    if (reads == 5) begin
      left = '0;
      overrun = 1'b0;
      if (!rx_was_empty) rx_fault[rx_first] = '0;
    end
    if (rx_taken) rx_drop();
    if (completed) begin
      if (rx_count == limit) begin
        overrun = 1'b1;
        if (!fifo_on) rx_drop();
      end
      if (rx_count < limit) begin
        rx_queue[(rx_first+rx_count)%1024] = character;
        rx_fault[(rx_first+rx_count)%1024] = fault;
        rx_count = rx_count + 1;
      end
    end
    quiet = quiet + 1;
    if (rx_was_empty || rx_taken || completed) quiet = 0;
    if (quiet == 64 * div() * (char_bits() + 2 + lcr[2])) waiting = 1'b1;
    if (!fifo_on || rx_was_empty || rx_taken) waiting = 1'b0;
  endtask

  task tx_edge;
    want_txd = mcr[4] || sending;
    tx_taken = writes == 0 && !dlab && tx_count < limit;
    if (tx_taken) thre = 1'b0;
    else if ((tx_count == 0 && tx_count_before > 0) || (writes == 1 && !dlab && byte_in[1] && !ier[1] && tx_count == 0))
      thre = 1'b1;
    else if (reads_thre) thre = 1'b0;
    tx_count_before = tx_count;
    if (tx_busy) tx_age = tx_age + 1;
    if (tx_busy && tx_age == frame_clocks()) tx_busy = 1'b0;
    tx_loads = !tx_busy && tx_count > 0;
    if (tx_taken) begin
      tx_queue[(tx_first+tx_count)%1024] = byte_in;
      tx_count = tx_count + 1;
    end
    if (tx_loads) begin
      tx_busy = 1'b1;
      tx_age = 0;
      tx_frame = frame_of(tx_queue[tx_first]);
      tx_first = (tx_first + 1) % 1024;
      tx_count = tx_count - 1;
    end
  endtask

  task modem_edge;
    modem_now = modem();
    if (reads == 6) changes = '0;
    changes = changes | ((modem_now ^ modem_before) & 4'b1011);
    if (modem_before[2] && !modem_now[2]) changes[2] = 1'b1;
    modem_before = modem_now;
    modem_2 = modem_1;
    modem_1 = {dcd_n, ri_n, dsr_n, cts_n};
  endtask

  task register_edge;
    case (writes)
      0: if (dlab) dl[7:0] = byte_in;
      1: if (dlab) dl[15:8] = byte_in;
         else ier = byte_in[3:0];
      2: begin
        if (byte_in[0] != fifo_on || byte_in[1:0] == 2'b11) rx_count = 0;
        if (byte_in[0] != fifo_on || (byte_in[0] && byte_in[2])) tx_count = 0;
        fifo_on = byte_in[0];
        if (fifo_on) trigger = byte_in[7:6];
      end
      3: lcr = byte_in;
      4: mcr = byte_in[4:0];
      7: scr = byte_in;
      default: ;
    endcase
  endtask

  always @(posedge clk) begin
    if (rst_n) begin
      reads_thre = want_reason == 4'h2;
      sending = tx_line();
      bus_edge();
      reads_thre = reads_thre && reads == 2;
      byte_in = w_data[7:0];
      dlab = lcr[7];
      limit = fifo_on ? FIFO_DEPTH : 1;
      line_edge();
      rx_edge();
      tx_edge();
      modem_edge();
      register_edge();
      want_reason = reason();
    end
  end

  task check;
    `CHECK("s_axil_awready", s_axil_awready, aw_taken == written)
    `CHECK("s_axil_wready", s_axil_wready, w_taken == written)
    `CHECK("s_axil_arready", s_axil_arready, ar_taken == read)
    `CHECK("s_axil_bvalid", s_axil_bvalid, want_bvalid)
    `CHECK("s_axil_rvalid", s_axil_rvalid, want_rvalid)
    `CHECK("s_axil_bresp", s_axil_bresp, 2'b00)
    `CHECK("s_axil_rresp", s_axil_rresp, 2'b00)
    if (want_rvalid) begin
      `CHECK("s_axil_rdata", s_axil_rdata, want_rdata)
    end
    `CHECK("txd", txd, want_txd)
    `CHECK("dtr_n", dtr_n, mcr[4] || !mcr[0])
    `CHECK("rts_n", rts_n, mcr[4] || !mcr[1])
    `CHECK("out1_n", out1_n, mcr[4] || !mcr[2])
    `CHECK("out2_n", out2_n, mcr[4] || !mcr[3])
    `CHECK("irq", irq, want_reason != 4'h1)
  endtask

  // ---- stimulus: the bus ----

  // Chances of 128 of a new access and of a ready answer, in percent of what is accessed.
  int          wr_chance = 0;
  int          rd_chance = 0;
  int          b_chance = 50;
  int          r_chance = 50;
  int          send_share = 40;    // of writes
  int          take_share = 40;    // of reads
  int          clear_share = 5;    // of writes to FCR
  int          loop_share = 20;    // of writes to MCR
  int          break_share = 5;    // of writes to LCR
  int          modem_chance = 5;
  // An access of the session, before the random ones.
  logic        ordered = 1'b0;
  int          ordered_register;
  logic [7:0]  ordered_byte;
  // The next write, the format of characters, and whether DLAB will be set once all writes are done.
  logic        aw_left = 1'b0;
  logic        w_left = 1'b0;
  int          next_register;
  logic [7:0]  next_byte;
  logic [7:0]  format = '0;
  logic [15:0] next_dl = '0;
  logic        next_dlab = 1'b0;
  logic        next_fifo = 1'b0;
  logic [3:0]  next_strb;
  logic [28:0] noise;

  task choose_write;
    next_strb = chance(8) ? 4'he & random_word() : 4'h1 | random_word();
    if (ordered) begin
      ordered = 1'b0;
      next_register = ordered_register;
      next_byte = ordered_byte;
      next_strb = 4'h1;
    end else begin
      next_register = chance(send_share) ? 0 : next_dlab && chance(40) ? 3 : random_word() % 12;
      if (next_register > 7) next_register = 1 + next_register % 2;
      next_byte = random_word();
      // while characters are under way neither their format nor the divisor may change
      case (next_register)
        0: if (next_dlab) next_byte = next_dl[7:0];
        1: if (next_dlab) next_byte = next_dl[15:8];
        2: begin
          if (chance(95)) next_byte[0] = next_fifo;
          if (!chance(clear_share)) next_byte[2:1] = '0;
        end
        3: next_byte = {chance(20), chance(break_share), format[5:0]};
        4: next_byte[4] = chance(loop_share);
        default: ;
      endcase
    end
    if (next_strb[0] && next_register == 3) next_dlab = next_byte[7];
  endtask

  task drive_bus;
    // a request stays until it is taken; address and data of a write start on their own
    if (aw_went) s_axil_awvalid = 1'b0;
    if (w_went) s_axil_wvalid = 1'b0;
    if (ar_went) s_axil_arvalid = 1'b0;
    noise = random_word();
    if (!aw_left && !w_left && !s_axil_awvalid && !s_axil_wvalid && (ordered || noise[6:0] < wr_chance)) begin
      choose_write();
      aw_left = 1'b1;
      w_left = 1'b1;
    end
    if (!s_axil_awvalid) begin
      s_axil_awaddr = noise[11:7];
      if (aw_left && noise[1:0] != 0) begin
        s_axil_awvalid = 1'b1;
        s_axil_awaddr[4:2] = next_register;
        aw_left = 1'b0;
      end
    end
    if (!s_axil_wvalid) begin
      s_axil_wdata = {noise, noise[28:26]};
      s_axil_wstrb = noise[15:12];
      if (w_left && noise[3:2] != 0) begin
        s_axil_wvalid = 1'b1;
        s_axil_wdata[7:0] = next_byte;
        s_axil_wstrb = next_strb;
        w_left = 1'b0;
      end
    end
    if (!s_axil_arvalid) begin
      s_axil_araddr = noise[20:16];
      if (noise[13:7] < rd_chance) begin
        s_axil_arvalid = 1'b1;
        if (chance(take_share)) s_axil_araddr[4:2] = '0;
        else if (s_axil_araddr[4:2] == 0) s_axil_araddr[4:2] = 3'd5;
      end
    end
    s_axil_bready = noise[20:14] < b_chance;
    s_axil_rready = noise[27:21] < r_chance;
    if (noise[25:19] < modem_chance)
      {dcd_n, ri_n, dsr_n, cts_n} = {dcd_n, ri_n, dsr_n, cts_n} ^ random_word() & random_word();
  endtask

  always @(negedge clk) begin
    check();
    if (rst_n) drive_bus();
    // No output follows an input without an edge.
    if (noise[7:6] == 0) #1 check();
  end

  // ---- stimulus: the line ----

  int          line_rate = 0;      // percent of the time
  int          fault_rate = 0;     // percent of the characters
  logic        line_rests = 1'b1;
  logic [11:0] sent;
  int          kind;
  int          at;
  int          last;

  // A level for so many clocks, with a spike now and then.
  task level_for(input logic value, input int clocks, input logic noisy);
    at = noisy ? line_random(clocks) : clocks;
    last = at + line_random(2 * div());
    for (int i = 0; i < clocks; i = i + 1) begin
      rxd = i >= at && i <= last ? !value : value;
      @(negedge clk);
    end
    rxd = value;
  endtask

  always @(negedge clk) begin
    line_rests = 1'b1;
    if (line_random(100) < line_rate) begin
      line_rests = 1'b0;
      kind = line_random(100) < fault_rate ? line_random(6) : 6;
      sent = frame_of(line_random(256));
      if (kind == 0) sent = sent ^ (12'd1 << (line_random(char_bits() + 1) + 1));
      if (kind == 1) sent[char_bits()+1] = 1'b0;
      if (kind == 2) level_for(1'b0, line_random(11 * div()) + 1, 1'b0);
      else if (kind == 3) begin
        level_for(1'b0, 16 * div() * (char_bits() + 2) + line_random(40 * div()), 1'b0);
      end else begin
        for (int i = 0; i <= char_bits() + 1; i = i + 1) level_for(sent[i], 16 * div(), kind == 4);
      end
      level_for(1'b1, kind == 5 ? 1 : line_random(12) + 1, 1'b0);
    end
  end

  // ---- sessions ----

  task write(input int register, input logic [7:0] value);
    @(negedge clk);
    #2;
    ordered = 1'b1;
    ordered_register = register;
    ordered_byte = value;
    while (ordered || aw_left || w_left || s_axil_awvalid || s_axil_wvalid || aw_taken != written || w_taken != written)
      @(posedge clk) #7;
  endtask

  // Everything rests, then format and divisor change.
  task configure(input logic [7:0] new_format, input logic [15:0] divisor, input logic [7:0] fcr);
    wr_chance = 0;
    rd_chance = 0;
    line_rate = 0;
    write(3, {2'b00, format[5:0]});   // no break
    write(2, 8'h07);
    @(negedge clk);
    while (!line_rests || receiving || tx_busy) @(negedge clk);
    write(2, 8'h07);
    write(3, {2'b10, new_format[5:0]});
    next_dl = divisor;
    write(0, divisor[7:0]);
    write(1, divisor[15:8]);
    format = {2'b00, new_format[5:0]};
    write(3, format);
    write(2, fcr);
    next_fifo = fcr[0];
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
    aw_left = 1'b0;
    w_left = 1'b0;
    s_axil_awvalid = 1'b0;
    s_axil_wvalid = 1'b0;
    s_axil_arvalid = 1'b0;
    aw_went = 1'b0;
    w_went = 1'b0;
    ar_went = 1'b0;
    next_dlab = 1'b0;
    next_fifo = 1'b0;
    format = '0;
    next_dl = '0;
    dl = '0;
    ier = '0;
    lcr = '0;
    mcr = '0;
    scr = '0;
    fifo_on = 1'b0;
    trigger = '0;
    tx_count = 0;
    tx_count_before = 0;
    tx_busy = 1'b0;
    thre = 1'b0;
    want_txd = 1'b1;
    rx_count = 0;
    left = '0;
    overrun = 1'b0;
    waiting = 1'b0;
    rx_wire = '1;
    line_before = 1'b1;
    receiving = 1'b0;
    modem_1 = '1;
    modem_2 = '1;
    modem_before = '0;
    changes = '0;
    want_reason = 4'h1;
    #1 check();
    repeat (3) @(negedge clk);
    #3 rst_n = 1'b1;
    // what is left of the time before is read, the divisor too
    wr_chance = 0;
    rd_chance = 60;
    take_share = 20;
    clocks(60);
    write(3, 8'h80);
    clocks(60);
    write(3, 8'h00);
  endtask

  task clocks(input int count);
    repeat (count) @(posedge clk);
    #7;
  endtask

  initial begin
    reset();
    clocks(20);
    for (int n = 0; n < SESSIONS; n = n + 1) begin
      configure(n * 27 + 3, n % 5 > 0 ? 1 : n % 10 > 0 ? 0 : 2 + random_word() % 2,
                (random_word() & 8'hc0) | (chance(75) ? 8'h07 : 8'h06));
      if (chance(70)) write(1, 8'h0f);
      send_share = random_word() % 90;
      take_share = random_word() % 90;
      clear_share = chance(50) ? 5 : 60;
      loop_share = chance(50) ? 2 : 60;
      break_share = chance(70) ? 0 : 15;
      modem_chance = random_word() % 12;
      fault_rate = chance(30) ? 0 : random_word() % 90;
      line_rate = chance(20) ? 2 : 60;
      b_chance = 30 + random_word() % 99;
      r_chance = 30 + random_word() % 99;
      wr_chance = 1 + random_word() % 16;
      rd_chance = 1 + random_word() % 16;
      clocks(800);
      if (chance(25)) reset();
    end
    // The longest characters, both kinds of parity.
    for (int n = 0; n < 2; n = n + 1) begin
      configure(n == 0 ? 8'h1b : 8'h0b, 1, 8'h07);
      write(4, 8'h00);
      send_share = 60;
      take_share = 60;
      loop_share = 0;
      break_share = 0;
      fault_rate = 30;
      line_rate = 60;
      wr_chance = 12;
      rd_chance = 12;
      clocks(900);
    end
    // Little is sent, and interrupts and FIFOs are turned on and off all the time.
    for (int n = 0; n < 2; n = n + 1) begin
      configure(8'd0, 1, n == 0 ? 8'h06 : 8'h07);
      write(4, 8'h00);
      send_share = 4;
      take_share = 10;
      clear_share = 80;
      loop_share = 0;
      break_share = 0;
      fault_rate = 20;
      line_rate = 60;
      wr_chance = 30;
      rd_chance = 40;
      clocks(1000);
    end
    // A few characters wait, are taken, and more come with pauses about as long as the time-out.
    for (int n = 0; n < 4; n = n + 1) begin
      configure(n == 1 ? 8'h0c : n == 2 ? 8'h1d : 8'h00, 1, n == 3 ? 8'h06 : 8'hc7);
      write(4, 8'h00);
      write(1, 8'h01);
      fault_rate = 0;
      take_share = 0;
      line_rate = 30;
      rd_chance = 20;
      clocks(250);
      line_rate = 0;
      clocks(850);
      rd_chance = 4;
      take_share = 60;
      line_rate = 1;
      clocks(1200);
    end
    // Nobody takes: the FIFO fills beyond its end, then rests with all that it has.
    for (int n = 0; n < 3; n = n + 1) begin
      configure({4'd0, n[0], 3'b000}, 1, {n[1:0] + 2'd1, 6'b000111});
      write(4, 8'h00);
      write(1, 8'h01);
      send_share = 0;
      take_share = 0;
      clear_share = 0;
      loop_share = 0;
      fault_rate = 20;
      line_rate = 99;
      wr_chance = 1;
      rd_chance = 10;
      clocks(140 * FIFO_DEPTH);
      line_rate = 0;
      take_share = 20;
      clocks(900);
    end
    // A slow character, then a divisor whose start bit outlasts the bench.
    configure(8'd0, 19, 8'h01);
    write(0, 8'hff);
    clocks(19 * 16 * 7 + 50);
    configure(8'd0, 16'ha500, 8'h01);
    write(0, 8'hff);
    rd_chance = 20;
    line_rate = 50;
    clocks(500);
    if (failures == 0) $display("PASS");
    $finish;
  end

endmodule
