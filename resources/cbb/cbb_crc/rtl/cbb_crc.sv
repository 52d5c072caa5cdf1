// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Parallel CRC of any polynomial: DATA_WIDTH bits of the message in each cycle. The parameters are those of the usual
// catalogues of CRCs (width, poly, init, refin, refout, xorout), with the polynomial in its normal form.
module cbb_crc #(
  parameter int               WIDTH       = 32,
  parameter int               DATA_WIDTH  = 8,
  parameter logic [WIDTH-1:0] POLY        = 32'h04C1_1DB7,
  parameter logic [WIDTH-1:0] INIT        = 32'hFFFF_FFFF,
  parameter int               REFLECT_IN  = 1,
  parameter int               REFLECT_OUT = 1,
  parameter logic [WIDTH-1:0] XOR_OUT     = 32'hFFFF_FFFF
) (
  input  logic                  clk,
  input  logic                  rst_n,
  input  logic                  init,
  input  logic                  in_valid,
  input  logic [DATA_WIDTH-1:0] in_data,
  output logic [WIDTH-1:0]      crc
);

  generate
    if (WIDTH < 3 || WIDTH > 64) begin : g_illegal_width
      cbb_crc_WIDTH_must_be_3_to_64 illegal ();
    end
    if (DATA_WIDTH < 1 || DATA_WIDTH > 512) begin : g_illegal_data_width
      cbb_crc_DATA_WIDTH_must_be_1_to_512 illegal ();
    end
    if (!POLY[0]) begin : g_illegal_poly
      cbb_crc_POLY_must_be_odd illegal ();
    end
    if (REFLECT_IN != 0 && REFLECT_IN != 1) begin : g_illegal_reflect_in
      cbb_crc_REFLECT_IN_must_be_0_or_1 illegal ();
    end
    if (REFLECT_OUT != 0 && REFLECT_OUT != 1) begin : g_illegal_reflect_out
      cbb_crc_REFLECT_OUT_must_be_0_or_1 illegal ();
    end
  endgenerate

  // The remainder, highest power on the left whatever is reflected outside.
  logic [WIDTH-1:0]      remainder;
  logic [WIDTH-1:0]      opening;
  logic [WIDTH-1:0]      following;
  logic [DATA_WIDTH-1:0] message;

  // The first bit of the message on the left.
  generate
    for (genvar i = 0; i < DATA_WIDTH; i = i + 1) begin : g_message
      assign message[i] = in_data[REFLECT_IN != 0 ? DATA_WIDTH - 1 - i : i];
    end
  endgenerate

  function logic [WIDTH-1:0] divide(input logic [WIDTH-1:0] start, input logic [DATA_WIDTH-1:0] bits);
    divide = start;
    for (int i = DATA_WIDTH - 1; i >= 0; i = i - 1) begin
      divide = {divide[WIDTH-2:0], 1'b0} ^ ({WIDTH{divide[WIDTH-1] ^ bits[i]}} & POLY);
    end
  endfunction

  // A message begins with `init`, which may come together with its first word.
  assign opening   = init ? INIT : remainder;
  assign following  = in_valid ? divide(opening, message) : opening;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) remainder <= INIT;
    else        remainder <= following;
  end

  generate
    for (genvar i = 0; i < WIDTH; i = i + 1) begin : g_crc
      assign crc[i] = remainder[REFLECT_OUT != 0 ? WIDTH - 1 - i : i] ^ XOR_OUT[i];
    end
  endgenerate

endmodule
