// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Timer: counts 0 to period - 1 while en is high; pwm is high while count is below compare.
module cbb_timer_pwm #(
  parameter int WIDTH = 16
) (
  input  logic             clk,
  input  logic             rst_n,
  input  logic             en,
  input  logic [WIDTH-1:0] period,
  input  logic [WIDTH-1:0] compare,
  output logic             pwm,
  output logic             expired,
  output logic [WIDTH-1:0] count
);

  generate
    if (WIDTH < 2 || WIDTH > 64) begin : g_illegal_width
      cbb_timer_pwm_WIDTH_must_be_2_to_64 illegal ();
    end
  endgenerate

  logic             running;
  logic             last;
  logic [WIDTH-1:0] next;

  // One bit wider, so that the greatest period does not wrap.
  assign last = {1'b0, count} + 1'b1 >= {1'b0, period};
  assign next = running && !last ? count + 1'b1 : '0;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      running <= 1'b0;
      count   <= '0;
      expired <= 1'b0;
      pwm     <= 1'b0;
    end else if (!en) begin
      running <= 1'b0;
      count   <= '0;
      expired <= 1'b0;
      pwm     <= 1'b0;
    end else begin
      running <= 1'b1;
      count   <= next;
      expired <= running && last;
      // Compared with the count to come, so that pwm and count change together.
      pwm     <= next < compare;
    end
  end

endmodule
