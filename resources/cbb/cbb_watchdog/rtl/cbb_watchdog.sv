// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Two-stage watchdog: bark after timeout_cycles without a kick, bite after as many again.
module cbb_watchdog #(
  parameter int WIDTH = 16
) (
  input  logic             clk,
  input  logic             rst_n,
  input  logic             en,
  input  logic             kick,
  input  logic [WIDTH-1:0] timeout_cycles,
  output logic             bark,
  output logic             bite
);

  generate
    if (WIDTH < 2 || WIDTH > 64) begin : g_illegal_width
      cbb_watchdog_WIDTH_must_be_2_to_64 illegal ();
    end
  endgenerate

  logic [WIDTH-1:0] count;
  logic             last;

  // One bit wider, so that the greatest time-out does not wrap.
  assign last = {1'b0, count} + 1'b1 >= {1'b0, timeout_cycles};

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      count <= '0;
      bark  <= 1'b0;
      bite  <= 1'b0;
    end else if (!en) begin
      count <= '0;
      bark  <= 1'b0;
      bite  <= 1'b0;
    end else if (kick) begin
      // A bite is for ever: a program that ran wild may still kick.
      count <= '0;
      bark  <= 1'b0;
    end else if (last) begin
      count <= '0;
      bark  <= 1'b1;
      bite  <= bite || bark;
    end else begin
      count <= count + 1'b1;
    end
  end

endmodule
