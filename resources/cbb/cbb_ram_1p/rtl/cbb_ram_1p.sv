// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Single-port RAM in the form that synthesis maps to block RAM: read-first, registered output.
module cbb_ram_1p #(
  parameter int WIDTH     = 8,
  parameter int DEPTH     = 256,
  parameter     INIT_FILE = ""
) (
  input  logic                     clk,
  input  logic                     rst_n,
  input  logic                     en,
  input  logic                     we,
  input  logic [$clog2(DEPTH)-1:0] addr,
  input  logic [WIDTH-1:0]         wr_data,
  output logic [WIDTH-1:0]         rd_data
);

  generate
    if (WIDTH < 1 || WIDTH > 1024) begin : g_illegal_width
      cbb_ram_1p_WIDTH_must_be_1_to_1024 illegal ();
    end
    if (DEPTH < 2 || DEPTH > 1048576) begin : g_illegal_depth
      cbb_ram_1p_DEPTH_must_be_2_to_1048576 illegal ();
    end
  endgenerate

  logic [WIDTH-1:0] mem [0:DEPTH-1];

  generate
    if (INIT_FILE != "") begin : g_contents
      initial $readmemh(INIT_FILE, mem);
    end
  endgenerate

  // The reset is synchronous: block RAM has no other for its output.
  always_ff @(posedge clk) begin
    if (!rst_n)  rd_data <= '0;
    else if (en) rd_data <= mem[addr];
  end

  always_ff @(posedge clk) begin
    if (en && we) mem[addr] <= wr_data;
  end

endmodule
