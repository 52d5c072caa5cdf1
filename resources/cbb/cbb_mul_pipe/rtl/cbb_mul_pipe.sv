// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Pipelined multiplier: the product of a and b after STAGES edges. Registers behind the product leave retiming to synthesis.
module cbb_mul_pipe #(
  parameter int WIDTH_A = 16,
  parameter int WIDTH_B = 16,
  parameter int SIGNED  = 0,
  parameter int STAGES  = 2
) (
  input  logic                       clk,
  input  logic                       rst_n,
  input  logic                       in_valid,
  input  logic [WIDTH_A-1:0]         a,
  input  logic [WIDTH_B-1:0]         b,
  output logic                       out_valid,
  output logic [WIDTH_A+WIDTH_B-1:0] p
);

  generate
    if (WIDTH_A < 2 || WIDTH_A > 64) begin : g_illegal_width_a
      cbb_mul_pipe_WIDTH_A_must_be_2_to_64 illegal ();
    end
    if (WIDTH_B < 2 || WIDTH_B > 64) begin : g_illegal_width_b
      cbb_mul_pipe_WIDTH_B_must_be_2_to_64 illegal ();
    end
    if (SIGNED != 0 && SIGNED != 1) begin : g_illegal_signed
      cbb_mul_pipe_SIGNED_must_be_0_or_1 illegal ();
    end
    if (STAGES < 1 || STAGES > 8) begin : g_illegal_stages
      cbb_mul_pipe_STAGES_must_be_1_to_8 illegal ();
    end
  endgenerate

  localparam int WIDTH = WIDTH_A + WIDTH_B;

  // Both factors as wide as the product: modulo 2^WIDTH one multiplication serves signed and unsigned numbers.
  logic [WIDTH-1:0] wide_a;
  logic [WIDTH-1:0] wide_b;

  assign wide_a = {{WIDTH_B{SIGNED != 0 && a[WIDTH_A-1]}}, a};
  assign wide_b = {{WIDTH_A{SIGNED != 0 && b[WIDTH_B-1]}}, b};

  // Stage 0 is the lowest part of each.
  logic [STAGES*WIDTH-1:0] products;
  logic [STAGES-1:0]       valids;

  generate
    if (STAGES == 1) begin : g_one
      always_ff @(posedge clk or negedge rst_n) begin
        if (!rst_n) begin
          products <= '0;
          valids   <= '0;
        end else begin
          products <= wide_a * wide_b;
          valids   <= in_valid;
        end
      end
    end else begin : g_many
      always_ff @(posedge clk or negedge rst_n) begin
        if (!rst_n) begin
          products <= '0;
          valids   <= '0;
        end else begin
          products <= {products[(STAGES-1)*WIDTH-1:0], wide_a * wide_b};
          valids   <= {valids[STAGES-2:0], in_valid};
        end
      end
    end
  endgenerate

  assign out_valid = valids[STAGES-1];
  assign p         = products[STAGES*WIDTH-1 -: WIDTH];

endmodule
