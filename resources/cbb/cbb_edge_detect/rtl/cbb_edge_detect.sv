// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Edge detector for a synchronous signal: rose and fell are registered and last one cycle.
module cbb_edge_detect (
  input  logic clk,
  input  logic rst_n,
  input  logic d,
  output logic rose,
  output logic fell
);

  logic previous;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      previous <= 1'b0;
      rose     <= 1'b0;
      fell     <= 1'b0;
    end else begin
      previous <= d;
      rose     <= d && !previous;
      fell     <= !d && previous;
    end
  end

endmodule
