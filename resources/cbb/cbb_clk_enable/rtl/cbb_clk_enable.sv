// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Clock-enable divider: tick is high for one cycle in every `divisor` cycles; 0 and 1 keep it high.
module cbb_clk_enable #(
  parameter int WIDTH = 16
) (
  input  logic             clk,
  input  logic             rst_n,
  input  logic [WIDTH-1:0] divisor,
  output logic             tick
);

  generate
    if (WIDTH < 2 || WIDTH > 64) begin : g_illegal_width
      cbb_clk_enable_WIDTH_must_be_2_to_64 illegal ();
    end
  endgenerate

  // Counts from 1, so that one comparison also covers the divisors 0 and 1,
  // and a divisor made smaller while counting takes effect at once instead of after an overflow.
  logic [WIDTH-1:0] cycle;

  assign tick = cycle >= divisor;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n)    cycle <= WIDTH'(1);
    else if (tick) cycle <= WIDTH'(1);
    else           cycle <= cycle + 1'b1;
  end

endmodule
