// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Single-clock FIFO whose words lie in block RAM, cycle by cycle the same as cbb_fifo_sync. A push when full and a pop when
// empty are ignored.
// FWFT = 1: rd_data shows the oldest word while empty is low. FWFT = 0: rd_data follows the pop by one edge.
module cbb_fifo_sync_bram #(
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
      cbb_fifo_sync_bram_WIDTH_must_be_1_to_4096 illegal ();
    end
    if (DEPTH < 2 || DEPTH > 65536) begin : g_illegal_depth
      cbb_fifo_sync_bram_DEPTH_must_be_2_to_65536 illegal ();
    end
    if (FWFT != 0 && FWFT != 1) begin : g_illegal_fwft
      cbb_fifo_sync_bram_FWFT_must_be_0_or_1 illegal ();
    end
  endgenerate

  localparam int ADDR_WIDTH = $clog2(DEPTH);

  // A word that is read at the edge at which it is written comes around the RAM, or is not asked for.
  (* ram_style = "block", no_rw_check *)
  logic [WIDTH-1:0]      mem [0:DEPTH-1];
  logic [ADDR_WIDTH-1:0] wr_addr;
  logic [ADDR_WIDTH-1:0] rd_addr;
  logic [ADDR_WIDTH-1:0] rd_next;
  logic [WIDTH-1:0]      rd_word;
  logic                  push;
  logic                  pop;

  assign push = wr_en && !full;
  assign pop  = rd_en && !empty;

  assign full         = 32'(level) == DEPTH;
  assign almost_full  = 32'(level) >= DEPTH - 1;
  assign empty        = 32'(level) == 0;
  assign almost_empty = 32'(level) <= 1;

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
    if (push) mem[wr_addr] <= wr_data;
  end

  generate
    if (FWFT != 0) begin : g_fwft
      // The word that will be the oldest is read one edge ahead; one that is written at that edge is kept beside.
      logic             around;
      logic [WIDTH-1:0] word_around;

      always_ff @(posedge clk) begin
        rd_word     <= mem[rd_next];
        around      <= push && wr_addr == rd_next;
        word_around <= wr_data;
      end
      assign rd_data = around ? word_around : rd_word;
    end else begin : g_registered
      // Block RAM has no asynchronous reset for its output: 0 is shown until the first pop.
      logic popped;

      always_ff @(posedge clk or negedge rst_n) begin
        if (!rst_n)   popped <= 1'b0;
        else if (pop) popped <= 1'b1;
      end
      always_ff @(posedge clk) begin
        if (pop) rd_word <= mem[rd_addr];
      end
      assign rd_data = popped ? rd_word : '0;
    end
  endgenerate

endmodule
