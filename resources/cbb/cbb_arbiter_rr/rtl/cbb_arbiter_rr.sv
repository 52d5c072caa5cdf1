// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Round-robin arbiter: a grant is held until ack; then the search goes on above the requester that had it.
module cbb_arbiter_rr #(
  parameter int N = 4
) (
  input  logic         clk,
  input  logic         rst_n,
  input  logic [N-1:0] req,
  input  logic         ack,
  output logic [N-1:0] grant,
  output logic         grant_valid
);

  generate
    if (N < 2 || N > 64) begin : g_illegal_n
      cbb_arbiter_rr_N_must_be_2_to_64 illegal ();
    end
  endgenerate

  // Requesters that come before the search wraps: those above the one granted last.
  logic [N-1:0] above;
  logic [N-1:0] first;
  logic [N-1:0] next;

  assign first = req & above;
  // x & -x keeps the lowest set bit.
  assign next = |first ? first & (~first + 1'b1) : req & (~req + 1'b1);

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      grant       <= '0;
      grant_valid <= 1'b0;
      above       <= '0;
    end else if (!grant_valid || ack) begin
      grant       <= next;
      grant_valid <= |req;
      if (|req) above <= ~(next | (next - 1'b1));
    end
  end

endmodule
