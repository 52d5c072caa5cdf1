// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// RAM with two equal ports on one clock, in the form that every family maps to true dual-port block RAM: an access reads
// or writes, the registered output follows reads only.
module cbb_ram_2p #(
  parameter int WIDTH     = 8,
  parameter int DEPTH     = 256,
  parameter     INIT_FILE = ""
) (
  input  logic                     clk,
  input  logic                     rst_n,
  input  logic                     a_en,
  input  logic                     a_we,
  input  logic [$clog2(DEPTH)-1:0] a_addr,
  input  logic [WIDTH-1:0]         a_wr_data,
  output logic [WIDTH-1:0]         a_rd_data,
  input  logic                     b_en,
  input  logic                     b_we,
  input  logic [$clog2(DEPTH)-1:0] b_addr,
  input  logic [WIDTH-1:0]         b_wr_data,
  output logic [WIDTH-1:0]         b_rd_data
);

  generate
    if (WIDTH < 1 || WIDTH > 1024) begin : g_illegal_width
      cbb_ram_2p_WIDTH_must_be_1_to_1024 illegal ();
    end
    if (DEPTH < 2 || DEPTH > 1048576) begin : g_illegal_depth
      cbb_ram_2p_DEPTH_must_be_2_to_1048576 illegal ();
    end
  endgenerate

  // What a port reads while the other one writes the same word is not promised, and Yosys must not build it.
  (* no_rw_check *)
  logic [WIDTH-1:0] mem [0:DEPTH-1];

  generate
    if (INIT_FILE != "") begin : g_contents
      initial $readmemh(INIT_FILE, mem);
    end
  endgenerate

  // The reset is synchronous: block RAM has no other for its outputs.
  always_ff @(posedge clk) begin
    if (!rst_n)             a_rd_data <= '0;
    else if (a_en && !a_we) a_rd_data <= mem[a_addr];
  end

  always_ff @(posedge clk) begin
    if (!rst_n)             b_rd_data <= '0;
    else if (b_en && !b_we) b_rd_data <= mem[b_addr];
  end

  // Two plain always blocks are the form that every synthesis tool knows; an always_ff would claim the memory for itself.
  always @(posedge clk) begin
    if (a_en && a_we) mem[a_addr] <= a_wr_data;
  end

  always @(posedge clk) begin
    if (b_en && b_we) mem[b_addr] <= b_wr_data;
  end

endmodule
