// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Pulse synchroniser: a pulse flips a level, the level crosses through two flops, each flip seen there is a pulse again.
module cbb_pulse_sync (
  input  logic src_clk,
  input  logic src_rst_n,
  input  logic src_pulse,
  output logic src_busy,
  input  logic dst_clk,
  input  logic dst_rst_n,
  output logic dst_pulse
);

  logic       level;
  // The attributes keep the flops next to each other and out of shift-register primitives.
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [2:0] there;
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [1:0] back;

  // Under way until the level has come back.
  assign src_busy = level != back[1];

  always_ff @(posedge src_clk or negedge src_rst_n) begin
    if (!src_rst_n) begin
      level <= 1'b0;
      back  <= '0;
    end else begin
      back <= {back[0], there[1]};
      if (src_pulse && !src_busy) level <= !level;
    end
  end

  always_ff @(posedge dst_clk or negedge dst_rst_n) begin
    if (!dst_rst_n) begin
      there     <= '0;
      dst_pulse <= 1'b0;
    end else begin
      there     <= {there[1:0], level};
      dst_pulse <= there[2] ^ there[1];
    end
  end

endmodule
