// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// SEC-DED: Hamming check bits over the positions 1, 2, 3, … and a parity bit over everything. The code word is systematic:
// {parity, check bits, data}; check bit j has position 2^j, the data bits have the other positions in their order.
module cbb_secded #(
  parameter int DATA_WIDTH = 32
) (
  input  logic [DATA_WIDTH-1:0]                                            enc_data,
  output logic [DATA_WIDTH+$clog2(DATA_WIDTH+$clog2(DATA_WIDTH)+1):0]       enc_code,
  input  logic [DATA_WIDTH+$clog2(DATA_WIDTH+$clog2(DATA_WIDTH)+1):0]       dec_code,
  output logic [DATA_WIDTH-1:0]                                            dec_data,
  output logic                                                             dec_corrected,
  output logic                                                             dec_uncorrectable
);

  generate
    if (DATA_WIDTH < 4 || DATA_WIDTH > 120) begin : g_illegal_data_width
      cbb_secded_DATA_WIDTH_must_be_4_to_120 illegal ();
    end
  endgenerate

  localparam int CHECKS = $clog2(DATA_WIDTH + $clog2(DATA_WIDTH) + 1);

  // Position of each data bit, CHECKS bits each: the numbers from 3 on that are no power of two.
  function [DATA_WIDTH*CHECKS-1:0] positions(input integer first);
    integer position;
    integer index;
    begin
      positions = '0;
      position = first;
      for (index = 0; index < DATA_WIDTH; index = index + 1) begin
        if ((position & (position - 1)) == 0) position = position + 1;
        positions[index*CHECKS +: CHECKS] = position[CHECKS-1:0];
        position = position + 1;
      end
    end
  endfunction

  localparam [DATA_WIDTH*CHECKS-1:0] POSITIONS = positions(3);

  function [CHECKS-1:0] checks_of(input [DATA_WIDTH-1:0] data);
    integer index;
    begin
      checks_of = '0;
      for (index = 0; index < DATA_WIDTH; index = index + 1) begin
        if (data[index]) checks_of = checks_of ^ POSITIONS[index*CHECKS +: CHECKS];
      end
    end
  endfunction

  logic [CHECKS-1:0] enc_checks;

  assign enc_checks = checks_of(enc_data);
  assign enc_code   = {^{enc_checks, enc_data}, enc_checks, enc_data};

  // The position of a single wrong bit; 0 for none and for the parity bit.
  logic [CHECKS-1:0] syndrome;
  logic              odd;
  logic              known;

  assign syndrome = dec_code[DATA_WIDTH +: CHECKS] ^ checks_of(dec_code[DATA_WIDTH-1:0]);
  assign odd      = ^dec_code;
  assign known    = 32'(syndrome) <= DATA_WIDTH + CHECKS;

  assign dec_corrected     = odd && known;
  assign dec_uncorrectable = odd ? !known : |syndrome;

  generate
    for (genvar i = 0; i < DATA_WIDTH; i = i + 1) begin : g_correct
      assign dec_data[i] = dec_code[i] ^ (odd && syndrome == POSITIONS[i*CHECKS +: CHECKS]);
    end
  endgenerate

endmodule
