// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// AXI4-Stream register slice: a register for the output and one for the word that comes while the output is held.
module cbb_axis_skid #(
  parameter int WIDTH = 8
) (
  input  logic             clk,
  input  logic             rst_n,
  input  logic [WIDTH-1:0] s_axis_tdata,
  input  logic             s_axis_tvalid,
  output logic             s_axis_tready,
  output logic [WIDTH-1:0] m_axis_tdata,
  output logic             m_axis_tvalid,
  input  logic             m_axis_tready
);

  generate
    if (WIDTH < 1 || WIDTH > 4096) begin : g_illegal_width
      cbb_axis_skid_WIDTH_must_be_1_to_4096 illegal ();
    end
  endgenerate

  // Full only while tready is low: the word that was already under way.
  logic [WIDTH-1:0] skid;
  logic             take;
  logic             move;

  assign take = s_axis_tvalid && s_axis_tready;
  assign move = m_axis_tready || !m_axis_tvalid;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      s_axis_tready <= 1'b1;
      m_axis_tvalid <= 1'b0;
      m_axis_tdata  <= '0;
      skid          <= '0;
    end else if (move) begin
      s_axis_tready <= 1'b1;
      m_axis_tvalid <= take || !s_axis_tready;
      m_axis_tdata  <= s_axis_tready ? s_axis_tdata : skid;
    end else if (take) begin
      s_axis_tready <= 1'b0;
      skid          <= s_axis_tdata;
    end
  end

endmodule
