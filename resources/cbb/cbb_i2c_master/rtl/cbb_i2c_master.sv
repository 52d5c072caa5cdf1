// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// I2C master for buses with several masters: commands of START, one byte and STOP in any combination, clock stretching,
// clock synchronisation, arbitration. What a lost arbitration or a missing acknowledge leaves of a transfer is skipped.
module cbb_i2c_master #(
  parameter int DIV_WIDTH = 16
) (
  input  logic                 clk,
  input  logic                 rst_n,
  input  logic [DIV_WIDTH-1:0] divisor,
  input  logic [4:0]           s_axis_cmd_tdata,
  input  logic                 s_axis_cmd_tvalid,
  output logic                 s_axis_cmd_tready,
  input  logic [7:0]           s_axis_tdata,
  input  logic                 s_axis_tvalid,
  output logic                 s_axis_tready,
  output logic [7:0]           m_axis_tdata,
  output logic                 m_axis_tvalid,
  input  logic                 m_axis_tready,
  output logic                 done,
  output logic                 nack,
  output logic                 arb_lost,
  output logic                 skipped,
  output logic                 owned,
  output logic                 bus_busy,
  input  logic                 scl_in,
  output logic                 scl_out,
  output logic                 scl_oe,
  input  logic                 sda_in,
  output logic                 sda_out,
  output logic                 sda_oe
);

  generate
    if (DIV_WIDTH < 3 || DIV_WIDTH > 24) begin : g_illegal_div_width
      cbb_i2c_master_DIV_WIDTH_must_be_3_to_24 illegal ();
    end
  endgenerate

  localparam logic [3:0] IDLE     = 4'd0;
  localparam logic [3:0] FREE     = 4'd1;    // waiting for the bus
  localparam logic [3:0] START    = 4'd2;    // SDA low, SCL still high
  localparam logic [3:0] FETCH    = 4'd3;    // waiting for the byte to write
  localparam logic [3:0] LOW_HOLD = 4'd4;    // SCL low, SDA as it was
  localparam logic [3:0] LOW_SET  = 4'd5;    // SCL low, SDA as it will be
  localparam logic [3:0] RISE     = 4'd6;    // SCL released, somebody may stretch
  localparam logic [3:0] HIGH     = 4'd7;    // first half of the high time, to the sample
  localparam logic [3:0] HIGH_END = 4'd8;
  localparam logic [3:0] DELIVER  = 4'd9;    // waiting for room for the byte read
  localparam logic [3:0] STOPPED  = 4'd10;   // SDA released behind a STOP
  localparam logic [3:0] FINISH   = 4'd11;

  // What the SCL pulse under way is for.
  localparam logic [1:0] BIT     = 2'd0;
  localparam logic [1:0] RESTART = 2'd1;
  localparam logic [1:0] STOP    = 2'd2;

  logic [3:0]           state;
  logic [1:0]           kind;
  logic                 cmd_write;
  logic                 cmd_read;
  logic                 cmd_stop;
  logic                 cmd_nack;
  logic [DIV_WIDTH-1:0] reload;      // clocks in a quarter of a period, less one
  logic [DIV_WIDTH-1:0] timer;
  logic                 quarter;     // a quarter ends
  logic                 second;      // of two quarters the second
  logic [3:0]           index;       // bit of the byte; 8 is the acknowledge
  logic [7:0]           shift;
  logic                 skip;        // until the next START
  logic                 outgoing;    // the bit that goes out; 1 for one that comes in
  logic                 sends;       // this master alone decides about SDA
  logic                 lost;

  // The wires as they come, and without spikes shorter than three clocks. The attributes keep the flops next to each
  // other and out of shift-register primitives.
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [1:0] scl_sync;
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [1:0] sda_sync;
  logic [1:0] scl_past;
  logic [1:0] sda_past;
  logic       scl;
  logic       sda;
  logic       scl_last;
  logic       sda_last;

  // Quarters for which both wires were high.
  logic [DIV_WIDTH-1:0] rest_timer;
  logic [3:0]           rest;

  assign scl_out = 1'b0;
  assign sda_out = 1'b0;

  // Two wrong samples do not come through the filter: the first flops need no reset.
  always_ff @(posedge clk) begin
    scl_sync <= {scl_sync[0], scl_in};
    sda_sync <= {sda_sync[0], sda_in};
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      scl_past <= '1;
      sda_past <= '1;
      scl      <= 1'b1;
      sda      <= 1'b1;
      scl_last <= 1'b1;
      sda_last <= 1'b1;
    end else begin
      scl_past <= {scl_past[0], scl_sync[1]};
      sda_past <= {sda_past[0], sda_sync[1]};
      if (scl_sync[1] == scl_past[0] && scl_past[0] == scl_past[1]) scl <= scl_past[0];
      if (sda_sync[1] == sda_past[0] && sda_past[0] == sda_past[1]) sda <= sda_past[0];
      scl_last <= scl;
      sda_last <= sda;
    end
  end

  // Busy from a START to a STOP of anybody. After a reset, and should a STOP have been missed, a bus that rests for 16
  // quarters is free.
  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      bus_busy   <= 1'b1;
      rest       <= '0;
      rest_timer <= '0;
    end else begin
      if (scl && scl_last && sda_last && !sda)      bus_busy <= 1'b1;
      else if (scl && scl_last && !sda_last && sda) bus_busy <= 1'b0;
      else if (rest == '1)                          bus_busy <= 1'b0;
      if (!scl || !sda) begin
        rest       <= '0;
        rest_timer <= '0;
      end else if (rest_timer >= reload) begin
        rest_timer <= '0;
        if (rest != '1) rest <= rest + 1'b1;
      end else begin
        rest_timer <= rest_timer + 1'b1;
      end
    end
  end

  assign quarter           = timer == '0;
  assign s_axis_cmd_tready = state == IDLE;
  assign s_axis_tready     = state == FETCH;
  // Of a byte written, the acknowledge comes in; of a byte read, everything else.
  assign outgoing = cmd_write ? index[3] || shift[7] : !index[3] || cmd_nack;
  assign sends    = kind == RESTART || (kind == BIT && cmd_write != index[3]);
  // Somebody holds SDA low where this master let it go, or moves SCL on where it would have moved SDA.
  assign lost     = (state == HIGH || state == HIGH_END)
                    && ((sends && !sda_oe && !sda) || (kind != BIT && !scl));

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      state    <= IDLE;
      kind     <= BIT;
      scl_oe   <= 1'b0;
      sda_oe   <= 1'b0;
      owned    <= 1'b0;
      skip     <= 1'b1;
      done     <= 1'b0;
      nack     <= 1'b0;
      arb_lost <= 1'b0;
      skipped  <= 1'b0;
      second   <= 1'b0;
      index    <= '0;
    end else begin
      done <= 1'b0;
      case (state)
        IDLE: begin
          if (s_axis_cmd_tvalid) begin
            nack     <= 1'b0;
            arb_lost <= 1'b0;
            skipped  <= 1'b0;
            index    <= '0;
            if (s_axis_cmd_tdata[0]) begin
              skip  <= 1'b0;
              kind  <= RESTART;
              state <= owned ? LOW_HOLD : FREE;
            end else if (s_axis_cmd_tdata[1]) begin
              kind  <= BIT;
              state <= FETCH;
            end else if (s_axis_cmd_tdata[2] && !skip) begin
              kind  <= BIT;
              state <= LOW_HOLD;
            end else begin
              skipped <= s_axis_cmd_tdata[2];
              kind    <= STOP;
              state   <= s_axis_cmd_tdata[3] && owned ? LOW_HOLD : FINISH;
            end
          end
        end
        FREE: begin
          if (!bus_busy && rest >= 4'd2 && scl && sda) begin
            sda_oe <= 1'b1;
            state  <= START;
          end
        end
        START: begin
          // Another master may have begun at the same time and be ahead.
          if ((quarter && second) || !scl) begin
            second <= 1'b0;
            scl_oe <= 1'b1;
            owned  <= 1'b1;
            kind   <= cmd_write || cmd_read || !cmd_stop ? BIT : STOP;
            state  <= cmd_write ? FETCH : cmd_read || cmd_stop ? LOW_HOLD : FINISH;
          end else if (quarter) begin
            second <= 1'b1;
          end
        end
        FETCH: begin
          if (s_axis_tvalid) begin
            if (!skip) begin
              state <= LOW_HOLD;
            end else begin
              skipped <= 1'b1;
              kind    <= STOP;
              state   <= cmd_stop && owned ? LOW_HOLD : FINISH;
            end
          end
        end
        LOW_HOLD: begin
          if (quarter) begin
            sda_oe <= kind == STOP || (kind == BIT && !outgoing);
            state  <= LOW_SET;
          end
        end
        LOW_SET: begin
          // Not before the low level has come through the filter, or RISE would see the last high one.
          if (quarter && !scl) begin
            scl_oe <= 1'b0;
            state  <= RISE;
          end
        end
        RISE: begin
          if (scl) state <= HIGH;
        end
        HIGH: begin
          // Another master may end the high time before this one does.
          if (quarter || !scl) begin
            if (index[3] && cmd_write && kind == BIT) begin
              nack <= sda;
              skip <= sda;
            end
            state <= HIGH_END;
          end
        end
        HIGH_END: begin
          if (quarter || !scl) begin
            case (kind)
              BIT: begin
                scl_oe <= 1'b1;
                index  <= index + 1'b1;
                state  <= LOW_HOLD;
                if (index[3]) begin
                  kind  <= STOP;
                  state <= !cmd_write ? DELIVER : cmd_stop ? LOW_HOLD : FINISH;
                end
              end
              RESTART: begin
                sda_oe <= 1'b1;
                state  <= START;
              end
              default: begin
                sda_oe <= 1'b0;
                state  <= STOPPED;
              end
            endcase
          end
        end
        DELIVER: begin
          if (!m_axis_tvalid || m_axis_tready) state <= cmd_stop ? LOW_HOLD : FINISH;
        end
        STOPPED: begin
          // The wire may stay low: somebody else was sending all the time.
          if (!bus_busy || (quarter && second)) begin
            second   <= 1'b0;
            owned    <= 1'b0;
            skip     <= 1'b1;
            arb_lost <= bus_busy;
            state    <= FINISH;
          end else if (quarter) begin
            second <= 1'b1;
          end
        end
        default: begin
          done  <= 1'b1;
          state <= IDLE;
        end
      endcase
      if (lost) begin
        scl_oe   <= 1'b0;
        sda_oe   <= 1'b0;
        owned    <= 1'b0;
        skip     <= 1'b1;
        nack     <= 1'b0;
        arb_lost <= 1'b1;
        state    <= FINISH;
      end
    end
  end

  always_ff @(posedge clk) begin
    // A wait, and a high time that another master cut short, end with a whole quarter ahead.
    if (state == IDLE || state == FREE || state == FETCH || state == RISE || state == DELIVER || quarter) timer <= reload;
    else if ((state == START || state == HIGH || state == HIGH_END) && !scl) timer <= reload;
    else timer <= timer - 1'b1;
    if (state == IDLE) {cmd_nack, cmd_stop, cmd_read, cmd_write} <= s_axis_cmd_tdata[4:1];
    // Bits go out on the left while those on the wire come in on the right.
    if (state == FETCH) shift <= s_axis_tdata;
    else if (state == HIGH && (quarter || !scl) && kind == BIT && !index[3]) shift <= {shift[6:0], sda};
  end

  // With less than four clocks in a quarter the wires would not be seen in time.
  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n)             reload <= DIV_WIDTH'(3);
    else if (state == IDLE) reload <= divisor < DIV_WIDTH'(4) ? DIV_WIDTH'(3) : divisor - 1'b1;
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      m_axis_tvalid <= 1'b0;
      m_axis_tdata  <= '0;
    end else if (!m_axis_tvalid || m_axis_tready) begin
      m_axis_tvalid <= state == DELIVER;
      if (state == DELIVER) m_axis_tdata <= shift;
    end
  end

endmodule
