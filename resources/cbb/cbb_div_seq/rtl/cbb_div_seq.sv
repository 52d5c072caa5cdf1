// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Restoring divider: a bit of the quotient in each cycle; magnitudes first, signs at the end.
module cbb_div_seq #(
  parameter int WIDTH  = 32,
  parameter int SIGNED = 0
) (
  input  logic             clk,
  input  logic             rst_n,
  input  logic             start,
  input  logic [WIDTH-1:0] dividend,
  input  logic [WIDTH-1:0] divisor,
  output logic             busy,
  output logic             done,
  output logic [WIDTH-1:0] quotient,
  output logic [WIDTH-1:0] remainder,
  output logic             div_by_zero
);

  generate
    if (WIDTH < 2 || WIDTH > 64) begin : g_illegal_width
      cbb_div_seq_WIDTH_must_be_2_to_64 illegal ();
    end
    if (SIGNED != 0 && SIGNED != 1) begin : g_illegal_signed
      cbb_div_seq_SIGNED_must_be_0_or_1 illegal ();
    end
  endgenerate

  localparam int COUNT_WIDTH = $clog2(WIDTH + 1);

  logic [COUNT_WIDTH-1:0] left;
  logic [WIDTH-1:0]       magnitude;
  logic [WIDTH-1:0]       bits;
  logic [WIDTH-1:0]       rest;
  logic                   negate_quotient;
  logic                   negate_rest;
  logic                   by_zero;
  logic [WIDTH:0]         trial;

  // The next bit of the dividend joins the rest; a divisor of 0 always fits, which gives all ones and the dividend.
  assign trial = {rest, bits[WIDTH-1]} - {1'b0, magnitude};

  // What is under way needs no reset: start writes all of it.
  always_ff @(posedge clk) begin
    if (!busy) begin
      left            <= COUNT_WIDTH'(WIDTH);
      magnitude       <= SIGNED != 0 && divisor[WIDTH-1] ? -divisor : divisor;
      bits            <= SIGNED != 0 && dividend[WIDTH-1] ? -dividend : dividend;
      rest            <= '0;
      negate_quotient <= SIGNED != 0 && (dividend[WIDTH-1] ^ divisor[WIDTH-1]);
      negate_rest     <= SIGNED != 0 && dividend[WIDTH-1];
      by_zero         <= divisor == '0;
    end else begin
      left <= left - 1'b1;
      bits <= {bits[WIDTH-2:0], !trial[WIDTH]};
      rest <= trial[WIDTH] ? {rest[WIDTH-2:0], bits[WIDTH-1]} : trial[WIDTH-1:0];
    end
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      busy        <= 1'b0;
      done        <= 1'b0;
      quotient    <= '0;
      remainder   <= '0;
      div_by_zero <= 1'b0;
    end else begin
      busy <= busy ? left != '0 : start;
      done <= busy && left == '0;
      if (busy && left == '0) begin
        quotient    <= negate_quotient && !by_zero ? -bits : bits;
        remainder   <= negate_rest ? -rest : rest;
        div_by_zero <= by_zero;
      end
    end
  end

endmodule
