// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Linear feedback shift register in Fibonacci form, shifted to the left; it cannot lock up, since 0 is never a state.
module cbb_lfsr #(
  parameter int               WIDTH = 16,
  parameter logic [WIDTH-1:0] TAPS  = 0,
  parameter logic [WIDTH-1:0] SEED  = 1
) (
  input  logic             clk,
  input  logic             rst_n,
  input  logic             en,
  input  logic             load,
  input  logic [WIDTH-1:0] load_value,
  output logic [WIDTH-1:0] state,
  output logic             bit_out
);

  generate
    if (WIDTH < 2 || WIDTH > 64) begin : g_illegal_width
      cbb_lfsr_WIDTH_must_be_2_to_64 illegal ();
    end
    // Without the oldest bit the next state does not tell the last one.
    if (TAPS != 0 && !TAPS[WIDTH-1]) begin : g_illegal_taps
      cbb_lfsr_TAPS_must_have_its_highest_bit_set_or_be_0 illegal ();
    end
    if (SEED == 0) begin : g_illegal_seed
      cbb_lfsr_SEED_must_not_be_0 illegal ();
    end
  endgenerate

  // A primitive polynomial for each width: bit i stands for x^(i+1).
  localparam logic [63*64-1:0] PRIMITIVE = {
    64'he010000000000000,  // 64
    64'h6000000000000000,  // 63
    64'h3400000200000000,  // 62
    64'h1c80000000000000,  // 61
    64'h0c00000000000000,  // 60
    64'h0700000400000000,  // 59
    64'h0200004000000000,  // 58
    64'h0102000000000000,  // 57
    64'h00e0000000002000,  // 56
    64'h0040000040000000,  // 55
    64'h0038001000000000,  // 54
    64'h001c400000000000,  // 53
    64'h0009000000000000,  // 52
    64'h0007000000400000,  // 51
    64'h0003800200000000,  // 50
    64'h0001008000000000,  // 49
    64'h0000d00000080000,  // 48
    64'h0000420000000000,  // 47
    64'h0000341000000000,  // 46
    64'h00001b0000000000,  // 45
    64'h00000d0000000020,  // 44
    64'h0000070040000000,  // 43
    64'h0000038000001000,  // 42
    64'h0000012000000000,  // 41
    64'h000000e000000010,  // 40
    64'h0000004400000000,  // 39
    64'h0000003401000000,  // 38
    64'h0000001c08000000,  // 37
    64'h0000000801000000,  // 36
    64'h0000000500000000,  // 35
    64'h0000000380000040,  // 34
    64'h0000000100080000,  // 33
    64'h00000000e0000200,  // 32
    64'h0000000048000000,  // 31
    64'h0000000038000040,  // 30
    64'h0000000014000000,  // 29
    64'h0000000009000000,  // 28
    64'h0000000007200000,  // 27
    64'h0000000003880000,  // 26
    64'h0000000001200000,  // 25
    64'h0000000000e10000,  // 24
    64'h0000000000420000,  // 23
    64'h0000000000300000,  // 22
    64'h0000000000140000,  // 21
    64'h0000000000090000,  // 20
    64'h0000000000072000,  // 19
    64'h0000000000020400,  // 18
    64'h0000000000012000,  // 17
    64'h000000000000d008,  // 16
    64'h0000000000006000,  // 15
    64'h0000000000003802,  // 14
    64'h0000000000001c80,  // 13
    64'h0000000000000e08,  // 12
    64'h0000000000000500,  // 11
    64'h0000000000000240,  // 10
    64'h0000000000000110,  // 9
    64'h00000000000000e1,  // 8
    64'h0000000000000060,  // 7
    64'h0000000000000030,  // 6
    64'h0000000000000014,  // 5
    64'h000000000000000c,  // 4
    64'h0000000000000006,  // 3
    64'h0000000000000003  // 2
  };
  localparam logic [WIDTH-1:0] FEEDBACK = TAPS == 0 ? PRIMITIVE[(WIDTH-2)*64 +: WIDTH] : TAPS;

  assign bit_out = state[WIDTH-1];

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n)    state <= SEED;
    else if (load) state <= load_value == '0 ? SEED : load_value;
    else if (en)   state <= {state[WIDTH-2:0], ^(state & FEEDBACK)};
  end

endmodule
