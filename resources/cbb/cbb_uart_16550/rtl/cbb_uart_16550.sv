// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// UART with the registers of a 16550 behind an AXI4-Lite slave: FIFOs in both directions, modem lines, prioritised
// interrupts, loopback. Registers lie four bytes apart.
module cbb_uart_16550 #(
  parameter int FIFO_DEPTH = 16
) (
  input  logic        clk,
  input  logic        rst_n,
  input  logic [4:0]  s_axil_awaddr,
  input  logic        s_axil_awvalid,
  output logic        s_axil_awready,
  input  logic [31:0] s_axil_wdata,
  input  logic [3:0]  s_axil_wstrb,
  input  logic        s_axil_wvalid,
  output logic        s_axil_wready,
  output logic [1:0]  s_axil_bresp,
  output logic        s_axil_bvalid,
  input  logic        s_axil_bready,
  input  logic [4:0]  s_axil_araddr,
  input  logic        s_axil_arvalid,
  output logic        s_axil_arready,
  output logic [31:0] s_axil_rdata,
  output logic [1:0]  s_axil_rresp,
  output logic        s_axil_rvalid,
  input  logic        s_axil_rready,
  input  logic        rxd,
  output logic        txd,
  input  logic        cts_n,
  input  logic        dsr_n,
  input  logic        ri_n,
  input  logic        dcd_n,
  output logic        rts_n,
  output logic        dtr_n,
  output logic        out1_n,
  output logic        out2_n,
  output logic        irq
);

  generate
    if (FIFO_DEPTH < 4 || FIFO_DEPTH > 256 || (FIFO_DEPTH & (FIFO_DEPTH - 1)) != 0) begin : g_illegal_fifo_depth
      cbb_uart_16550_FIFO_DEPTH_must_be_a_power_of_2_from_4_to_256 illegal ();
    end
  endgenerate

  localparam int LEVEL_WIDTH = $clog2(FIFO_DEPTH + 1);

  // Registers by word address. RBR, THR and IER give way to the divisor while DLAB is set.
  localparam logic [2:0] DATA = 3'd0;
  localparam logic [2:0] IER  = 3'd1;
  localparam logic [2:0] FCR  = 3'd2;   // IIR when read
  localparam logic [2:0] LCR  = 3'd3;
  localparam logic [2:0] MCR  = 3'd4;
  localparam logic [2:0] LSR  = 3'd5;
  localparam logic [2:0] MSR  = 3'd6;
  localparam logic [2:0] SCR  = 3'd7;

  // Reasons of an interrupt, the most urgent first.
  localparam logic [3:0] LINE_STATUS  = 4'b0110;
  localparam logic [3:0] DATA_READY   = 4'b0100;
  localparam logic [3:0] DATA_WAITING = 4'b1100;
  localparam logic [3:0] THR_EMPTY    = 4'b0010;
  localparam logic [3:0] MODEM_STATUS = 4'b0000;
  localparam logic [3:0] NONE         = 4'b0001;

  // ---- AXI4-Lite ----

  // An address or a word that came without its partner, or while its answer had to wait.
  logic        aw_held;
  logic [2:0]  aw_word;
  logic        w_held;
  logic [7:0]  w_data;
  logic        w_strb;
  logic        ar_held;
  logic [2:0]  ar_word;

  // The access that happens at this edge.
  logic        wr_go;
  logic        wr;          // a write that has the byte of the register
  logic [2:0]  wr_word;
  logic [7:0]  wr_data;
  logic        rd_go;
  logic [2:0]  rd_word;
  logic [7:0]  rd_data;
  logic [30:0] unused;      // what the bus carries and no register has

  assign s_axil_awready = !aw_held;
  assign s_axil_wready  = !w_held;
  assign s_axil_arready = !ar_held;
  assign s_axil_bresp   = '0;
  assign s_axil_rresp   = '0;

  assign wr_word = aw_held ? aw_word : s_axil_awaddr[4:2];
  assign wr_data = w_held ? w_data : s_axil_wdata[7:0];
  assign wr_go   = (aw_held || s_axil_awvalid) && (w_held || s_axil_wvalid) && (!s_axil_bvalid || s_axil_bready);
  assign wr      = wr_go && (w_held ? w_strb : s_axil_wstrb[0]);
  assign rd_word = ar_held ? ar_word : s_axil_araddr[4:2];
  assign rd_go   = (ar_held || s_axil_arvalid) && (!s_axil_rvalid || s_axil_rready);
  assign unused  = {s_axil_awaddr[1:0], s_axil_araddr[1:0], s_axil_wdata[31:8], s_axil_wstrb[3:1]};

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      aw_held       <= 1'b0;
      w_held        <= 1'b0;
      ar_held       <= 1'b0;
      s_axil_bvalid <= 1'b0;
      s_axil_rvalid <= 1'b0;
    end else begin
      aw_held <= (aw_held || s_axil_awvalid) && !wr_go;
      w_held  <= (w_held || s_axil_wvalid) && !wr_go;
      ar_held <= (ar_held || s_axil_arvalid) && !rd_go;
      if (wr_go) s_axil_bvalid <= 1'b1;
      else if (s_axil_bready) s_axil_bvalid <= 1'b0;
      if (rd_go) s_axil_rvalid <= 1'b1;
      else if (s_axil_rready) s_axil_rvalid <= 1'b0;
    end
  end

  always_ff @(posedge clk) begin
    if (!aw_held) aw_word <= s_axil_awaddr[4:2];
    if (!w_held) begin
      w_data <= s_axil_wdata[7:0];
      w_strb <= s_axil_wstrb[0];
    end
    if (!ar_held) ar_word <= s_axil_araddr[4:2];
    if (rd_go) s_axil_rdata <= {24'd0, rd_data};
  end

  // ---- registers ----

  logic [15:0] divisor_latch;
  logic [3:0]  ier;         // received data, THR empty, line status, modem status
  logic        fifo_on;
  logic [1:0]  trigger;
  logic [7:0]  lcr;
  logic [4:0]  mcr;         // DTR, RTS, OUT1, OUT2, loop
  logic [7:0]  scr;

  logic [15:0] divisor;     // where 0 counts as 1
  logic [3:0]  data_bits;   // of a character: 5 to 8
  logic [3:0]  char_bits;   // with parity
  logic [7:0]  data_mask;
  logic        parity_on;
  logic        dlab;
  logic        loop;
  logic        fcr_write;
  logic        mode_change; // between one character and FIFOs: both are emptied
  logic        rd_lsr;
  logic [3:0]  reason;      // of the interrupt

  assign divisor     = divisor_latch == '0 ? 16'd1 : divisor_latch;
  assign data_bits   = {2'b00, lcr[1:0]} + 4'd5;
  assign char_bits   = data_bits + {3'd0, parity_on};
  assign data_mask   = 8'hff >> ~lcr[1:0];
  assign parity_on   = lcr[3];
  assign dlab        = lcr[7];
  assign loop        = mcr[4];
  assign fcr_write   = wr && wr_word == FCR;
  assign mode_change = fcr_write && wr_data[0] != fifo_on;
  assign rd_lsr      = rd_go && rd_word == LSR;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      divisor_latch <= '0;
      ier           <= '0;
      fifo_on       <= 1'b0;
      lcr           <= '0;
      mcr           <= '0;
      scr           <= '0;
    end else if (wr) begin
      case (wr_word)
        DATA:    if (dlab) divisor_latch[7:0] <= wr_data;
        IER: begin
          if (dlab) divisor_latch[15:8] <= wr_data;
          else ier <= wr_data[3:0];
        end
        FCR:     fifo_on <= wr_data[0];
        LCR:     lcr <= wr_data;
        MCR:     mcr <= wr_data[4:0];
        SCR:     scr <= wr_data;
        default: ;
      endcase
    end
  end

  // Written whenever the FIFOs are turned on; without them it says nothing.
  always_ff @(posedge clk) begin
    if (fcr_write && wr_data[0]) trigger <= wr_data[7:6];
  end

  // Parity bit of a character: even, odd, or always the inverse of EPS (stick parity).
  function automatic logic parity_of(input logic [7:0] data);
    parity_of = (lcr[5] ? 1'b0 : ^data) ^ !lcr[4];
  endfunction

  // ---- transmitter ----

  logic                   tx_write;
  logic                   tx_clear;
  logic                   tx_load;
  logic                   tx_empty;
  logic                   tx_full;
  logic [LEVEL_WIDTH-1:0] tx_level;
  logic [7:0]             tx_head;
  logic [7:0]             tx_data;
  logic                   tx_busy;
  logic                   tx_bit;
  logic                   tx_line;     // with break
  logic [18:0]            tx_clock;    // within half a bit
  logic [4:0]             tx_half;     // halves of bits since the start bit began
  logic [4:0]             tx_last;     // half of the stop bit that ends a character
  logic [8:0]             tx_shift;    // what follows the start bit
  logic                   tx_tick;
  logic                   tx_ends;
  logic                   tx_was_empty;
  logic                   thre_asked;   // its interrupt is enabled while there is nothing to send
  logic                   thre_pending;

  assign tx_empty = tx_level == '0;
  assign tx_full  = fifo_on ? 32'(tx_level) == FIFO_DEPTH : !tx_empty;
  assign tx_write = wr && wr_word == DATA && !dlab && !tx_full;
  assign tx_clear = mode_change || (fcr_write && wr_data[0] && wr_data[2]);
  assign tx_tick  = tx_clock >= {divisor, 3'd0} - 19'd1;
  assign tx_last  = {char_bits + 4'd1, 1'b1} + (!lcr[2] ? 5'd0 : lcr[1:0] == 2'd0 ? 5'd1 : 5'd2);
  assign tx_ends  = tx_busy && tx_tick && tx_half == tx_last;
  assign tx_load  = !tx_empty && (!tx_busy || tx_ends);
  assign tx_data  = tx_head & data_mask;
  assign tx_line  = tx_bit && !lcr[6];
  assign thre_asked = wr && wr_word == IER && !dlab && wr_data[1] && !ier[1] && tx_empty;

  cbb_uart_16550_fifo #(.WIDTH(8), .DEPTH(FIFO_DEPTH)) u_tx_fifo (
    .clk   (clk),
    .rst_n (rst_n),
    .clear (tx_clear),
    .push  (tx_write),
    .data  (wr_data),
    .pop   (tx_load),
    .head  (tx_head),
    .level (tx_level)
  );

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      tx_busy <= 1'b0;
      tx_bit  <= 1'b1;
      txd     <= 1'b1;
    end else begin
      txd <= loop || tx_line;
      if (tx_load || tx_ends) begin
        tx_busy <= tx_load;
        tx_bit  <= !tx_load;
      end else if (tx_busy && tx_tick && tx_half[0]) begin
        tx_bit  <= tx_shift[0];
      end
    end
  end

  // What a character sets anew needs no reset.
  always_ff @(posedge clk) begin
    if (tx_load) begin
      tx_clock <= '0;
      tx_half  <= '0;
      tx_shift <= {1'b0, tx_data} | ((parity_on && !parity_of(tx_data) ? 9'h1fe : 9'h1ff) << data_bits);
    end else if (tx_tick) begin
      tx_clock <= '0;
      tx_half  <= tx_half + 5'd1;
      if (tx_half[0]) tx_shift <= {1'b1, tx_shift[8:1]};
    end else begin
      tx_clock <= tx_clock + 19'd1;
    end
  end

  // A transmitter that has run empty asks for data until it is read as the reason, or data comes.
  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      tx_was_empty <= 1'b1;
      thre_pending <= 1'b0;
    end else begin
      tx_was_empty <= tx_empty;
      if (tx_write) thre_pending <= 1'b0;
      else if ((tx_empty && !tx_was_empty) || thre_asked) thre_pending <= 1'b1;
      else if (rd_go && rd_word == FCR && reason == THR_EMPTY) thre_pending <= 1'b0;
    end
  end

  // ---- receiver ----

  // The attributes keep the flops next to each other and out of shift-register primitives.
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [1:0]             rx_sync;
  logic                   rx_line;
  logic                   rx_line_before;
  logic                   receiving;
  logic [15:0]            rx_clock;     // from 1 within a sixteenth of a bit
  logic [3:0]             rx_phase;     // sixteenth within the bit
  logic [3:0]             rx_bits;      // bits decided so far
  logic [1:0]             samples;
  logic [8:0]             rx_payload;   // data and parity
  logic                   rx_sample;
  logic                   decide;
  logic                   value;
  logic                   complete;
  logic [7:0]             rx_data;
  logic                   rx_parity_wrong;
  logic [2:0]             rx_errors;    // break, frame, parity

  assign rx_line   = loop ? tx_line : rx_sync[1];
  assign rx_sample = receiving && rx_clock >= divisor;
  // Samples are taken at 7/16, 8/16 and 9/16 of the bit; the third decides.
  assign decide    = rx_sample && rx_phase == 4'd8;
  assign value     = (samples[0] && samples[1]) || (rx_line && (samples[0] || samples[1]));
  assign complete  = decide && rx_bits == char_bits + 4'd1;
  assign rx_data   = rx_payload[7:0] & data_mask;
  assign rx_parity_wrong = parity_on && rx_payload[data_bits] != parity_of(rx_data);
  assign rx_errors = {!value && rx_payload == '0, !value, rx_parity_wrong};

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      rx_sync        <= '1;
      rx_line_before <= 1'b1;
      receiving      <= 1'b0;
    end else begin
      rx_sync        <= {rx_sync[0], rxd};
      rx_line_before <= rx_line;
      // Only a falling edge starts a character: a line held low (break) is received once.
      if (!receiving) receiving <= rx_line_before && !rx_line;
      // A start bit that is high in its middle was a glitch.
      else if (complete || (decide && rx_bits == '0 && value)) receiving <= 1'b0;
    end
  end

  always_ff @(posedge clk) begin
    if (!receiving) begin
      rx_clock   <= 16'd1;
      rx_phase   <= '0;
      rx_bits    <= '0;
      rx_payload <= '0;
    end else if (!rx_sample) begin
      rx_clock <= rx_clock + 16'd1;
    end else begin
      rx_clock <= 16'd1;
      rx_phase <= rx_phase + 4'd1;
      samples  <= {samples[0], rx_line};
      if (decide) begin
        rx_bits <= rx_bits + 4'd1;
        if (rx_bits != '0) rx_payload[rx_bits - 4'd1] <= value;
      end
    end
  end

  // ---- received characters ----

  logic                   rx_clear;
  logic                   rx_full;
  logic                   rx_empty;
  logic                   rx_taken;      // read by the bus
  logic                   rx_lost;       // one character more than there is room for
  logic                   rx_push;
  logic                   rx_pop;
  logic [LEVEL_WIDTH-1:0] rx_level;
  logic [LEVEL_WIDTH-1:0] rx_trigger;
  logic [10:0]            rx_head;
  logic                   rx_told;       // the errors of the oldest character were read
  logic [2:0]             head_errors;
  logic [2:0]             left_errors;   // of characters that went before their errors were read
  logic                   overrun;
  logic [LEVEL_WIDTH-1:0] untold;        // characters whose errors were not read

  assign rx_clear    = mode_change || (fcr_write && wr_data[0] && wr_data[1]);
  assign rx_empty    = rx_level == '0;
  assign rx_full     = fifo_on ? 32'(rx_level) == FIFO_DEPTH : !rx_empty;
  assign rx_taken    = rd_go && rd_word == DATA && !dlab && !rx_empty;
  assign rx_lost     = complete && rx_full && !rx_taken;
  // A FIFO keeps what it has, a single register is overwritten.
  assign rx_push     = complete && !(rx_lost && fifo_on);
  assign rx_pop      = rx_taken || (rx_lost && !fifo_on);
  assign head_errors = rx_empty || rx_told ? 3'd0 : rx_head[10:8];

  cbb_uart_16550_fifo #(.WIDTH(11), .DEPTH(FIFO_DEPTH)) u_rx_fifo (
    .clk   (clk),
    .rst_n (rst_n),
    .clear (rx_clear),
    .push  (rx_push),
    .data  ({rx_errors, rx_data}),
    .pop   (rx_pop),
    .head  (rx_head),
    .level (rx_level)
  );

  always_comb begin
    case (trigger)
      2'd0:    rx_trigger = LEVEL_WIDTH'(1);
      2'd1:    rx_trigger = LEVEL_WIDTH'(FIFO_DEPTH / 4);
      2'd2:    rx_trigger = LEVEL_WIDTH'(FIFO_DEPTH / 2);
      default: rx_trigger = LEVEL_WIDTH'(FIFO_DEPTH - 2);
    endcase
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      rx_told     <= 1'b0;
      left_errors <= '0;
      overrun     <= 1'b0;
      untold      <= '0;
    end else begin
      rx_told     <= (rx_told || rd_lsr) && !rx_empty && !rx_pop && !rx_clear;
      left_errors <= rd_lsr ? 3'd0 : rx_pop ? left_errors | head_errors : left_errors;
      overrun     <= rx_lost || (overrun && !rd_lsr);
      untold      <= rx_clear ? '0 : untold + LEVEL_WIDTH'(rx_push && rx_errors != '0)
                                            - LEVEL_WIDTH'((rx_pop || rd_lsr) && head_errors != '0);
    end
  end

  // Characters that wait while none comes and none is read, for the time of four, are told below the trigger, too.
  logic [21:0] quiet_clock;   // within four bits
  logic [3:0]  quiet_count;
  logic        quiet_tick;
  logic [3:0]  quiet_last;
  logic        waiting;

  assign quiet_tick = quiet_clock >= {divisor, 6'd0} - 22'd1;
  assign quiet_last = char_bits + 4'd1 + {3'd0, lcr[2]};

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) waiting <= 1'b0;
    else if (!fifo_on || rx_empty || rx_taken) waiting <= 1'b0;
    else if (quiet_tick && quiet_count == quiet_last && !complete) waiting <= 1'b1;
  end

  always_ff @(posedge clk) begin
    if (rx_empty || rx_taken || complete) begin
      quiet_clock <= '0;
      quiet_count <= '0;
    end else if (quiet_tick) begin
      quiet_clock <= '0;
      quiet_count <= quiet_count + 4'd1;
    end else begin
      quiet_clock <= quiet_clock + 22'd1;
    end
  end

  // ---- modem lines ----

  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [3:0] modem_meta;
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [3:0] modem_sync;
  logic [3:0] modem;          // CTS, DSR, RI, DCD
  logic [3:0] modem_before;
  logic [3:0] modem_changes;

  assign modem  = loop ? {mcr[3], mcr[2], mcr[0], mcr[1]} : ~modem_sync;
  assign dtr_n  = loop || !mcr[0];
  assign rts_n  = loop || !mcr[1];
  assign out1_n = loop || !mcr[2];
  assign out2_n = loop || !mcr[3];

  // Of RI only the end counts. A change that comes together with a read stays.
  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      modem_meta    <= '1;
      modem_sync    <= '1;
      modem_before  <= '0;
      modem_changes <= '0;
    end else begin
      modem_meta    <= {dcd_n, ri_n, dsr_n, cts_n};
      modem_sync    <= modem_meta;
      modem_before  <= modem;
      modem_changes <= (rd_go && rd_word == MSR ? 4'd0 : modem_changes)
                       | ((modem ^ modem_before) & {1'b1, modem_before[2], 2'b11});
    end
  end

  // ---- interrupts and what is read ----

  logic       line_status;
  logic       data_ready;
  logic [7:0] rbr;
  logic [7:0] dlm_ier;
  logic [7:0] iir;
  logic [7:0] lsr;

  assign line_status = ier[2] && lsr[4:1] != '0;
  assign data_ready  = ier[0] && (fifo_on ? rx_level >= rx_trigger : !rx_empty);
  assign rbr         = dlab ? divisor_latch[7:0] : rx_empty ? 8'd0 : rx_head[7:0];
  assign dlm_ier     = dlab ? divisor_latch[15:8] : {4'd0, ier};
  assign iir         = {fifo_on, fifo_on, 2'd0, reason};
  assign lsr         = {fifo_on && untold != '0, tx_empty && !tx_busy, tx_empty,
                        left_errors | head_errors, overrun, !rx_empty};
  assign irq = reason != NONE;

  assign reason = line_status                        ? LINE_STATUS
                : data_ready                         ? DATA_READY
                : ier[0] && waiting                  ? DATA_WAITING
                : ier[1] && thre_pending             ? THR_EMPTY
                : ier[3] && modem_changes != '0      ? MODEM_STATUS
                : NONE;

  always_comb begin
    case (rd_word)
      DATA:    rd_data = rbr;
      IER:     rd_data = dlm_ier;
      FCR:     rd_data = iir;
      LCR:     rd_data = lcr;
      MCR:     rd_data = {3'd0, mcr};
      LSR:     rd_data = lsr;
      MSR:     rd_data = {modem, modem_changes};
      default: rd_data = scr;
    endcase
  end

endmodule
