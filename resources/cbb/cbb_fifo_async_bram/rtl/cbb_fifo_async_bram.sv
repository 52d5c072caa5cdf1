// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Dual-clock FIFO whose words lie in block RAM, cycle by cycle the same as cbb_fifo_async. Only Gray-coded pointers cross, one bit of them at a time, through two flops; what a side knows of the
// other is old, so full and empty may last too long and never too short.
module cbb_fifo_async_bram #(
  parameter int WIDTH = 8,
  parameter int DEPTH = 16
) (
  input  logic             wr_clk,
  input  logic             wr_rst_n,
  input  logic             wr_en,
  input  logic [WIDTH-1:0] wr_data,
  output logic             full,
  input  logic             rd_clk,
  input  logic             rd_rst_n,
  input  logic             rd_en,
  output logic [WIDTH-1:0] rd_data,
  output logic             empty
);

  generate
    if (WIDTH < 1 || WIDTH > 4096) begin : g_illegal_width
      cbb_fifo_async_bram_WIDTH_must_be_1_to_4096 illegal ();
    end
    if (DEPTH < 4 || DEPTH > 4096 || (DEPTH & (DEPTH - 1)) != 0) begin : g_illegal_depth
      cbb_fifo_async_bram_DEPTH_must_be_a_power_of_two_from_4_to_4096 illegal ();
    end
  endgenerate

  localparam int ADDR_WIDTH = $clog2(DEPTH);

  (* ram_style = "block", no_rw_check *)
  logic [WIDTH-1:0] mem [0:DEPTH-1];

  // One bit more than an address tells a full FIFO from an empty one.
  logic [ADDR_WIDTH:0] wr_count;
  logic [ADDR_WIDTH:0] wr_next;
  logic [ADDR_WIDTH:0] wr_gray;
  logic [ADDR_WIDTH:0] wr_gray_next;
  logic [ADDR_WIDTH:0] rd_count;
  logic [ADDR_WIDTH:0] rd_next;
  logic [ADDR_WIDTH:0] rd_gray;
  logic [ADDR_WIDTH:0] rd_gray_next;

  // First and second flop of each crossing. The attributes keep them next to each other and out of shift-register
  // primitives.
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [ADDR_WIDTH:0] rd_gray_meta;
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [ADDR_WIDTH:0] rd_gray_seen;
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [ADDR_WIDTH:0] wr_gray_meta;
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [ADDR_WIDTH:0] wr_gray_seen;

  logic push;
  logic pop;

  assign push         = wr_en && !full;
  assign wr_next      = push ? wr_count + 1'b1 : wr_count;
  assign wr_gray_next = wr_next ^ wr_next >> 1;

  always_ff @(posedge wr_clk or negedge wr_rst_n) begin
    if (!wr_rst_n) begin
      wr_count     <= '0;
      wr_gray      <= '0;
      rd_gray_meta <= '0;
      rd_gray_seen <= '0;
      full         <= 1'b0;
    end else begin
      wr_count     <= wr_next;
      wr_gray      <= wr_gray_next;
      rd_gray_meta <= rd_gray;
      rd_gray_seen <= rd_gray_meta;
      // A whole round ahead: in Gray code the two highest bits differ and the rest is equal.
      full         <= wr_gray_next == {~rd_gray_seen[ADDR_WIDTH-:2], rd_gray_seen[ADDR_WIDTH-2:0]};
    end
  end

  always_ff @(posedge wr_clk) begin
    if (push) mem[wr_count[ADDR_WIDTH-1:0]] <= wr_data;
  end

  assign pop          = rd_en && !empty;
  assign rd_next      = pop ? rd_count + 1'b1 : rd_count;
  assign rd_gray_next = rd_next ^ rd_next >> 1;

  always_ff @(posedge rd_clk or negedge rd_rst_n) begin
    if (!rd_rst_n) begin
      rd_count     <= '0;
      rd_gray      <= '0;
      wr_gray_meta <= '0;
      wr_gray_seen <= '0;
      empty        <= 1'b1;
    end else begin
      rd_count     <= rd_next;
      rd_gray      <= rd_gray_next;
      wr_gray_meta <= wr_gray;
      wr_gray_seen <= wr_gray_meta;
      empty        <= rd_gray_next == wr_gray_seen;
    end
  end

  // A word is stored for at least two edges of rd_clk before empty falls; the oldest one is read an edge ahead.
  always_ff @(posedge rd_clk) begin
    rd_data <= mem[rd_next[ADDR_WIDTH-1:0]];
  end

endmodule
