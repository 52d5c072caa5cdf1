// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Register slice of one channel: full throughput, and no path between the two sides.
module cbb_axil_xbar_slice #(
  parameter int WIDTH = 8
) (
  input  logic             clk,
  input  logic             rst_n,
  input  logic             in_valid,
  output logic             in_ready,
  input  logic [WIDTH-1:0] in_data,
  output logic             out_valid,
  input  logic             out_ready,
  output logic [WIDTH-1:0] out_data
);

  // The second place takes what comes in the cycle in which the first one is found blocked.
  logic             waiting;
  logic [WIDTH-1:0] second;

  assign in_ready = !waiting;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      out_valid <= 1'b0;
      waiting   <= 1'b0;
    end else begin
      if (!out_valid || out_ready) out_valid <= in_valid || waiting;
      waiting <= out_valid && !out_ready && (waiting || in_valid);
    end
  end

  always_ff @(posedge clk) begin
    if (!out_valid || out_ready) out_data <= waiting ? second : in_data;
    if (!waiting) second <= in_data;
  end

endmodule
