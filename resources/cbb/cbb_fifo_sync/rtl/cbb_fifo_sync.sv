// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Single-clock FIFO of any depth from 2 on. A push when full and a pop when empty are ignored.
// FWFT = 1: rd_data shows the oldest word while empty is low. FWFT = 0: rd_data follows the pop by one edge.
module cbb_fifo_sync #(
  parameter int WIDTH = 8,
  parameter int DEPTH = 16,
  parameter int FWFT  = 1
) (
  input  logic                       clk,
  input  logic                       rst_n,
  input  logic                       wr_en,
  input  logic [WIDTH-1:0]           wr_data,
  output logic                       full,
  output logic                       almost_full,
  input  logic                       rd_en,
  output logic [WIDTH-1:0]           rd_data,
  output logic                       empty,
  output logic                       almost_empty,
  output logic [$clog2(DEPTH+1)-1:0] level
);

  generate
    if (WIDTH < 1 || WIDTH > 4096) begin : g_illegal_width
      cbb_fifo_sync_WIDTH_must_be_1_to_4096 illegal ();
    end
    if (DEPTH < 2 || DEPTH > 65536) begin : g_illegal_depth
      cbb_fifo_sync_DEPTH_must_be_2_to_65536 illegal ();
    end
    if (FWFT != 0 && FWFT != 1) begin : g_illegal_fwft
      cbb_fifo_sync_FWFT_must_be_0_or_1 illegal ();
    end
  endgenerate

  localparam int ADDR_WIDTH = $clog2(DEPTH);

  logic [WIDTH-1:0]      mem [0:DEPTH-1];
  logic [ADDR_WIDTH-1:0] wr_addr;
  logic [ADDR_WIDTH-1:0] rd_addr;
  logic                  push;
  logic                  pop;

  assign push = wr_en && !full;
  assign pop  = rd_en && !empty;

  assign full         = 32'(level) == DEPTH;
  assign almost_full  = 32'(level) >= DEPTH - 1;
  assign empty        = 32'(level) == 0;
  assign almost_empty = 32'(level) <= 1;

  // The addresses wrap by comparison, so that DEPTH need not be a power of two.
  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      wr_addr <= '0;
      rd_addr <= '0;
      level   <= '0;
    end else begin
      if (push) wr_addr <= 32'(wr_addr) == DEPTH - 1 ? '0 : wr_addr + 1'b1;
      if (pop)  rd_addr <= 32'(rd_addr) == DEPTH - 1 ? '0 : rd_addr + 1'b1;
      if (push && !pop)      level <= level + 1'b1;
      else if (pop && !push) level <= level - 1'b1;
    end
  end

  // No reset on the storage: it must stay inferable as distributed or block RAM.
  always_ff @(posedge clk) begin
    if (push) mem[wr_addr] <= wr_data;
  end

  generate
    if (FWFT != 0) begin : g_fwft
      assign rd_data = mem[rd_addr];
    end else begin : g_registered
      logic [WIDTH-1:0] rd_word;
      always_ff @(posedge clk or negedge rst_n) begin
        if (!rst_n)   rd_word <= '0;
        else if (pop) rd_word <= mem[rd_addr];
      end
      assign rd_data = rd_word;
    end
  endgenerate

endmodule
