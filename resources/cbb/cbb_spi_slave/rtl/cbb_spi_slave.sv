// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// SPI slave for the modes 0 to 3, wholly in the domain of clk: the wires are synchronised and their edges found there.
module cbb_spi_slave #(
  parameter int WIDTH = 8
) (
  input  logic             clk,
  input  logic             rst_n,
  input  logic             cpol,
  input  logic             cpha,
  input  logic [WIDTH-1:0] s_axis_tdata,
  input  logic             s_axis_tvalid,
  output logic             s_axis_tready,
  output logic [WIDTH-1:0] m_axis_tdata,
  output logic             m_axis_tvalid,
  input  logic             m_axis_tready,
  input  logic             sclk,
  input  logic             mosi,
  output logic             miso,
  output logic             miso_oe,
  input  logic             cs_n,
  output logic             selected,
  output logic             overrun,
  output logic             underrun
);

  generate
    if (WIDTH < 2 || WIDTH > 64) begin : g_illegal_width
      cbb_spi_slave_WIDTH_must_be_2_to_64 illegal ();
    end
  endgenerate

  localparam int COUNT_WIDTH = $clog2(WIDTH);

  // The attributes keep the flops next to each other and out of shift-register primitives.
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [1:0]             sclk_sync;
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [1:0]             mosi_sync;
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [1:0]             cs_sync;       // 1: selected
  logic                   sclk_last;
  logic                   inverted;      // data is sampled at falling edges
  logic                   sample;        // an edge that samples
  logic                   change;        // an edge that brings the next bit
  logic                   load;          // the first bit of a word goes out
  logic                   first;         // no bit of this word was sampled yet
  logic                   complete;
  logic [COUNT_WIDTH-1:0] count;         // bits sampled in this word
  logic [WIDTH-1:0]       tx;
  logic                   tx_real;       // tx came from the stream
  logic [WIDTH-2:0]       rx;
  logic [WIDTH-1:0]       received;      // with the bit of this edge
  logic                   lost;

  assign inverted = cpol ^ cpha;
  assign sample   = selected && sclk_sync[1] != sclk_last && sclk_sync[1] != inverted;
  assign change   = selected && sclk_sync[1] != sclk_last && sclk_sync[1] == inverted;
  assign first    = count == '0;
  assign complete = sample && 32'(count) == WIDTH - 1;
  // In phase 0 the first bit of a frame must stand there before any edge.
  assign load     = (change && first) || (cs_sync[1] && !selected && !cpha);
  // The word is taken with its first bit sampled: one that was only shown at the end of a frame is not lost.
  assign s_axis_tready = sample && first && tx_real;
  assign miso          = tx[WIDTH-1];
  // At once, for the sake of the other slaves on the wire.
  assign miso_oe       = !cs_n;
  assign received      = {rx, mosi_sync[1]};
  assign lost          = complete && m_axis_tvalid && !m_axis_tready;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      cs_sync  <= '0;
      selected <= 1'b0;
      tx       <= '0;
      underrun <= 1'b0;
    end else begin
      cs_sync  <= {cs_sync[0], !cs_n};
      selected <= cs_sync[1];
      underrun <= sample && first && !tx_real;
      if (load)        tx <= s_axis_tvalid ? s_axis_tdata : '0;
      else if (change) tx <= {tx[WIDTH-2:0], tx[WIDTH-1]};
    end
  end

  // What counts within frames only, and is set anew by each, needs no reset.
  always_ff @(posedge clk) begin
    sclk_sync <= {sclk_sync[0], sclk};
    mosi_sync <= {mosi_sync[0], mosi};
    sclk_last <= sclk_sync[1];
    // A word that a frame leaves unfinished is forgotten.
    if (!selected || complete) count <= '0;
    else if (sample)           count <= count + 1'b1;
    if (load) tx_real <= s_axis_tvalid;
    if (sample) rx <= received[WIDTH-2:0];
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      m_axis_tvalid <= 1'b0;
      m_axis_tdata  <= '0;
      overrun       <= 1'b0;
    end else begin
      overrun <= lost;
      if (!m_axis_tvalid || m_axis_tready) begin
        m_axis_tvalid <= complete;
        m_axis_tdata  <= received;
      end
    end
  end

endmodule
