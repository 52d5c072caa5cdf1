// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Reset synchroniser: srst_n falls at once with arst_n, without a clock, and rises STAGES rising edges after it.
module cbb_reset_sync #(
  parameter int STAGES = 2
) (
  input  logic clk,
  input  logic arst_n,
  output logic srst_n
);

  generate
    if (STAGES < 2 || STAGES > 8) begin : g_illegal_stages
      cbb_reset_sync_STAGES_must_be_2_to_8 illegal ();
    end
  endgenerate

  // The attributes keep the flops next to each other and out of shift-register primitives.
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [STAGES-1:0] chain;

  always_ff @(posedge clk or negedge arst_n) begin
    if (!arst_n) chain <= '0;
    else         chain <= {chain[STAGES-2:0], 1'b1};
  end

  assign srst_n = chain[STAGES-1];

endmodule
