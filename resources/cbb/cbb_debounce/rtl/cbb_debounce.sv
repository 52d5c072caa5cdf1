// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Switch debouncer: a two-flop synchroniser, then clean follows once the input kept its new value for STABLE_CYCLES edges.
module cbb_debounce #(
  parameter int STABLE_CYCLES = 16
) (
  input  logic clk,
  input  logic rst_n,
  input  logic noisy,
  output logic clean,
  output logic rose,
  output logic fell
);

  generate
    if (STABLE_CYCLES < 1 || STABLE_CYCLES > 16777216) begin : g_illegal_stable_cycles
      cbb_debounce_STABLE_CYCLES_must_be_1_to_16777216 illegal ();
    end
  endgenerate

  localparam int COUNT_WIDTH = STABLE_CYCLES > 1 ? $clog2(STABLE_CYCLES) : 1;

  // The attributes keep the flops next to each other and out of shift-register primitives.
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [1:0]             sync;
  logic [COUNT_WIDTH-1:0] count;
  logic                   differs;
  logic                   settled;

  assign differs = sync[1] != clean;
  assign settled = differs && 32'(count) == STABLE_CYCLES - 1;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      sync  <= '0;
      clean <= 1'b0;
      rose  <= 1'b0;
      fell  <= 1'b0;
    end else begin
      sync  <= {sync[0], noisy};
      rose  <= settled && sync[1];
      fell  <= settled && !sync[1];
      if (settled) clean <= sync[1];
    end
  end

  // Without a reset: it is cleared whenever the input agrees with clean, as it does in reset.
  always_ff @(posedge clk) begin
    count <= differs && !settled ? count + 1'b1 : '0;
  end

endmodule
