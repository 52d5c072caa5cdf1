// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Combinational integer ALU. Subtraction and both comparisons share the adder.
module cbb_alu #(
  parameter int WIDTH = 32
) (
  input  logic [3:0]       op,
  input  logic [WIDTH-1:0] a,
  input  logic [WIDTH-1:0] b,
  output logic [WIDTH-1:0] y,
  output logic             zero,
  output logic             negative,
  output logic             carry,
  output logic             overflow
);

  generate
    if (WIDTH < 2 || WIDTH > 128) begin : g_illegal_width
      cbb_alu_WIDTH_must_be_2_to_128 illegal ();
    end
  endgenerate

  localparam logic [3:0] OP_ADD  = 4'd0;
  localparam logic [3:0] OP_SUB  = 4'd1;
  localparam logic [3:0] OP_AND  = 4'd2;
  localparam logic [3:0] OP_OR   = 4'd3;
  localparam logic [3:0] OP_XOR  = 4'd4;
  localparam logic [3:0] OP_SLL  = 4'd5;
  localparam logic [3:0] OP_SRL  = 4'd6;
  localparam logic [3:0] OP_SRA  = 4'd7;
  localparam logic [3:0] OP_SLT  = 4'd8;
  localparam logic [3:0] OP_SLTU = 4'd9;

  logic                     subtract;
  logic [WIDTH:0]           sum;
  logic                     signs_clash;
  logic                     arithmetic;
  logic [$clog2(WIDTH)-1:0] distance;
  logic [WIDTH-1:0]         total;
  logic [WIDTH-1:0]         fill;
  logic                     less;
  logic                     below;

  assign subtract    = op != OP_ADD;
  assign sum         = {1'b0, a} + {1'b0, subtract ? ~b : b} + {{WIDTH{1'b0}}, subtract};
  // Two operands of one sign whose sum has the other.
  assign signs_clash = (a[WIDTH-1] ^ b[WIDTH-1] ^ !subtract) && (sum[WIDTH-1] ^ a[WIDTH-1]);
  assign arithmetic  = op == OP_ADD || op == OP_SUB;
  assign carry       = arithmetic && sum[WIDTH];
  assign overflow    = arithmetic && signs_clash;
  assign distance    = b[$clog2(WIDTH)-1:0];
  assign total       = sum[WIDTH-1:0];
  assign less        = sum[WIDTH-1] ^ signs_clash;
  assign below       = !sum[WIDTH];
  // The places that an arithmetic shift to the right leaves to the sign.
  assign fill        = op == OP_SRA && a[WIDTH-1] ? ~({WIDTH{1'b1}} >> distance) : '0;

  always_comb begin
    case (op)
      OP_ADD, OP_SUB: y = total;
      OP_AND:         y = a & b;
      OP_OR:          y = a | b;
      OP_XOR:         y = a ^ b;
      OP_SLL:         y = a << distance;
      OP_SRL, OP_SRA: y = a >> distance | fill;
      OP_SLT:         y = {{(WIDTH-1){1'b0}}, less};
      OP_SLTU:        y = {{(WIDTH-1){1'b0}}, below};
      default:        y = '0;
    endcase
  end

  assign zero     = y == '0;
  assign negative = y[WIDTH-1];

endmodule
