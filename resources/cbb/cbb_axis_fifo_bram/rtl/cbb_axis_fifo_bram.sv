// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// AXI4-Stream FIFO whose words lie in block RAM, cycle by cycle the same as cbb_axis_fifo; tlast is stored beside its word.
module cbb_axis_fifo_bram #(
  parameter int WIDTH = 8,
  parameter int DEPTH = 16
) (
  input  logic                       clk,
  input  logic                       rst_n,
  input  logic [WIDTH-1:0]           s_axis_tdata,
  input  logic                       s_axis_tvalid,
  input  logic                       s_axis_tlast,
  output logic                       s_axis_tready,
  output logic [WIDTH-1:0]           m_axis_tdata,
  output logic                       m_axis_tvalid,
  output logic                       m_axis_tlast,
  input  logic                       m_axis_tready,
  output logic [$clog2(DEPTH+1)-1:0] level
);

  generate
    if (WIDTH < 1 || WIDTH > 4095) begin : g_illegal_width
      cbb_axis_fifo_bram_WIDTH_must_be_1_to_4095 illegal ();
    end
    if (DEPTH < 2 || DEPTH > 65536) begin : g_illegal_depth
      cbb_axis_fifo_bram_DEPTH_must_be_2_to_65536 illegal ();
    end
  endgenerate

  localparam int ADDR_WIDTH = $clog2(DEPTH);

  // A word that is read at the edge at which it is written comes around the RAM.
  (* ram_style = "block", no_rw_check *)
  logic [WIDTH:0]        mem [0:DEPTH-1];
  logic [ADDR_WIDTH-1:0] wr_addr;
  logic [ADDR_WIDTH-1:0] rd_addr;
  logic [ADDR_WIDTH-1:0] rd_next;
  logic [WIDTH:0]        rd_word;
  logic                  around;
  logic [WIDTH:0]        word_around;
  logic                  push;
  logic                  pop;

  assign s_axis_tready = 32'(level) != DEPTH;
  assign m_axis_tvalid = 32'(level) != 0;
  assign push          = s_axis_tvalid && s_axis_tready;
  assign pop           = m_axis_tready && m_axis_tvalid;

  // The addresses wrap by comparison, so that DEPTH need not be a power of two.
  assign rd_next = !pop ? rd_addr : 32'(rd_addr) == DEPTH - 1 ? '0 : rd_addr + 1'b1;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      wr_addr <= '0;
      rd_addr <= '0;
      level   <= '0;
    end else begin
      if (push) wr_addr <= 32'(wr_addr) == DEPTH - 1 ? '0 : wr_addr + 1'b1;
      rd_addr <= rd_next;
      if (push && !pop)      level <= level + 1'b1;
      else if (pop && !push) level <= level - 1'b1;
    end
  end

  always_ff @(posedge clk) begin
    if (push) mem[wr_addr] <= {s_axis_tlast, s_axis_tdata};
  end

  // The word that will be the oldest is read one edge ahead; one that is written at that edge is kept beside.
  always_ff @(posedge clk) begin
    rd_word     <= mem[rd_next];
    around      <= push && wr_addr == rd_next;
    word_around <= {s_axis_tlast, s_axis_tdata};
  end
  assign {m_axis_tlast, m_axis_tdata} = around ? word_around : rd_word;

endmodule
