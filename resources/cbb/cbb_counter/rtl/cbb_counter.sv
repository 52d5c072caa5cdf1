// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Up/down counter with load: load beats en; wrap is combinational at en and the terminal count of the direction.
module cbb_counter #(
  parameter int WIDTH = 8
) (
  input  logic             clk,
  input  logic             rst_n,
  input  logic             en,
  input  logic             up,
  input  logic             load,
  input  logic [WIDTH-1:0] load_value,
  output logic [WIDTH-1:0] count,
  output logic             wrap
);

  generate
    if (WIDTH < 1 || WIDTH > 1024) begin : g_illegal_width
      cbb_counter_WIDTH_must_be_1_to_1024 illegal ();
    end
  endgenerate

  assign wrap = en && (up ? &count : ~|count);

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n)    count <= '0;
    else if (load) count <= load_value;
    else if (en)   count <= up ? count + 1'b1 : count - 1'b1;
  end

endmodule
