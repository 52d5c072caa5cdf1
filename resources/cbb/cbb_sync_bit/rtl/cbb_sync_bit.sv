// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Multi-flop synchroniser for one asynchronous bit: q follows d after STAGES rising edges.
module cbb_sync_bit #(
  parameter int STAGES      = 2,
  parameter int RESET_VALUE = 0
) (
  input  logic clk,
  input  logic rst_n,
  input  logic d,
  output logic q
);

  generate
    if (STAGES < 2 || STAGES > 8) begin : g_illegal_stages
      cbb_sync_bit_STAGES_must_be_2_to_8 illegal ();
    end
    if (RESET_VALUE != 0 && RESET_VALUE != 1) begin : g_illegal_reset_value
      cbb_sync_bit_RESET_VALUE_must_be_0_or_1 illegal ();
    end
  endgenerate

  // The attributes keep the flops next to each other and out of shift-register primitives.
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [STAGES-1:0] chain;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) chain <= {STAGES{RESET_VALUE != 0}};
    else        chain <= {chain[STAGES-2:0], d};
  end

  assign q = chain[STAGES-1];

endmodule
