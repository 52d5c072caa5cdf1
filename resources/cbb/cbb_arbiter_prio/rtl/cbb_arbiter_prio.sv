// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Fixed-priority arbiter: at each edge the lowest set bit of req becomes the one-hot grant.
module cbb_arbiter_prio #(
  parameter int N = 4
) (
  input  logic         clk,
  input  logic         rst_n,
  input  logic [N-1:0] req,
  output logic [N-1:0] grant,
  output logic         grant_valid
);

  generate
    if (N < 2 || N > 64) begin : g_illegal_n
      cbb_arbiter_prio_N_must_be_2_to_64 illegal ();
    end
  endgenerate

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      grant       <= '0;
      grant_valid <= 1'b0;
    end else begin
      // x & -x keeps the lowest set bit.
      grant       <= req & (~req + 1'b1);
      grant_valid <= |req;
    end
  end

endmodule
