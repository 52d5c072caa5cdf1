// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// SPI master for the modes 0 to 3: frames of one or more words between a stream of words to send and a stream of words
// received. It waits, with the clock at rest, for the next word and for room for the last one: none is lost.
module cbb_spi_master #(
  parameter int WIDTH     = 8,
  parameter int CS_COUNT  = 1,
  parameter int DIV_WIDTH = 8
) (
  input  logic                                            clk,
  input  logic                                            rst_n,
  input  logic                                            cpol,
  input  logic                                            cpha,
  input  logic [DIV_WIDTH-1:0]                            divisor,
  input  logic [WIDTH-1:0]                                s_axis_tdata,
  input  logic [(CS_COUNT>1 ? $clog2(CS_COUNT) : 1)-1:0]  s_axis_tdest,
  input  logic                                            s_axis_tlast,
  input  logic                                            s_axis_tvalid,
  output logic                                            s_axis_tready,
  output logic [WIDTH-1:0]                                m_axis_tdata,
  output logic                                            m_axis_tlast,
  output logic                                            m_axis_tvalid,
  input  logic                                            m_axis_tready,
  output logic                                            sclk,
  output logic                                            mosi,
  input  logic                                            miso,
  output logic [CS_COUNT-1:0]                             cs_n,
  output logic                                            busy
);

  generate
    if (WIDTH < 2 || WIDTH > 64) begin : g_illegal_width
      cbb_spi_master_WIDTH_must_be_2_to_64 illegal ();
    end
    if (CS_COUNT < 1 || CS_COUNT > 32) begin : g_illegal_cs_count
      cbb_spi_master_CS_COUNT_must_be_1_to_32 illegal ();
    end
    if (DIV_WIDTH < 1 || DIV_WIDTH > 24) begin : g_illegal_div_width
      cbb_spi_master_DIV_WIDTH_must_be_1_to_24 illegal ();
    end
  endgenerate

  localparam int EDGE_WIDTH = $clog2(2 * WIDTH);

  localparam logic [2:0] IDLE    = 3'd0;
  localparam logic [2:0] SHIFT   = 3'd1;   // up to each of the 2 * WIDTH edges of a word
  localparam logic [2:0] DELIVER = 3'd2;   // a word is received and waits for room
  localparam logic [2:0] NEXT    = 3'd3;   // within a frame, waiting for its next word
  localparam logic [2:0] TRAIL   = 3'd4;   // from the last edge to the end of the frame
  localparam logic [2:0] GAP     = 3'd5;   // between two frames

  logic [2:0]            state;
  logic                  phase;        // cpha of this frame
  logic [DIV_WIDTH-1:0]  reload;       // clocks in half a period of sclk, less one; of this frame
  logic [DIV_WIDTH-1:0]  timer;
  logic [EDGE_WIDTH-1:0] edges;        // edges of sclk so far in this word
  logic                  last_edge;
  logic                  last_word;
  logic [WIDTH-1:0]      tx;           // what is still to be sent, next bit on the left
  logic [WIDTH-1:0]      rx;
  logic                  take;
  logic                  first_phase;  // of the word that is taken

  assign s_axis_tready = state == IDLE || state == NEXT;
  assign take          = s_axis_tvalid && s_axis_tready;
  assign first_phase   = state == IDLE ? cpha : phase;
  assign last_edge     = 32'(edges) == 2 * WIDTH - 1;
  assign busy          = state != IDLE;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      state <= IDLE;
      cs_n  <= '1;
      sclk  <= 1'b0;
      mosi  <= 1'b0;
    end else begin
      case (state)
        IDLE: begin
          sclk <= cpol;
          if (take) begin
            state <= SHIFT;
            for (int i = 0; i < CS_COUNT; i = i + 1) cs_n[i] <= 32'(s_axis_tdest) != i;
          end
        end
        SHIFT: begin
          if (timer == '0) begin
            sclk <= !sclk;
            // In phase 0 the odd edges bring the next bit, of which there is none after the last; in phase 1 the even ones do.
            if (edges[0] != phase && !(last_edge && !phase)) mosi <= tx[WIDTH-1];
            if (last_edge) state <= DELIVER;
          end
        end
        DELIVER: begin
          if (!m_axis_tvalid || m_axis_tready) state <= last_word ? TRAIL : NEXT;
        end
        NEXT: begin
          if (take) state <= SHIFT;
        end
        TRAIL: begin
          if (timer == '0) begin
            state <= GAP;
            cs_n  <= '1;
          end
        end
        default: begin
          if (timer == '0) state <= IDLE;
        end
      endcase
      // In phase 0 the first bit stands there before the first edge.
      if (take && !first_phase) mosi <= s_axis_tdata[WIDTH-1];
    end
  end

  // What the beginning of a frame or of a word sets anew needs no reset.
  always_ff @(posedge clk) begin
    if (state == IDLE) begin
      phase  <= cpha;
      reload <= divisor == '0 ? '0 : divisor - 1'b1;
      timer  <= divisor == '0 ? '0 : divisor - 1'b1;
    end else if (state == DELIVER || state == NEXT || timer == '0) begin
      timer <= reload;
    end else begin
      timer <= timer - 1'b1;
    end
    if (take) begin
      edges     <= '0;
      last_word <= s_axis_tlast;
      tx        <= first_phase ? s_axis_tdata : {s_axis_tdata[WIDTH-2:0], 1'b0};
    end else if (state == SHIFT && timer == '0) begin
      edges <= edges + 1'b1;
      if (edges[0] != phase) tx <= {tx[WIDTH-2:0], 1'b0};
      else                   rx <= {rx[WIDTH-2:0], miso};
    end
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      m_axis_tvalid <= 1'b0;
      m_axis_tdata  <= '0;
      m_axis_tlast  <= 1'b0;
    end else if (!m_axis_tvalid || m_axis_tready) begin
      m_axis_tvalid <= state == DELIVER;
      if (state == DELIVER) begin
        m_axis_tdata <= rx;
        m_axis_tlast <= last_word;
      end
    end
  end

endmodule
