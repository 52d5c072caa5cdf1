// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// UART transmitter: takes a character from an AXI4-Stream and sends start bit, data (LSB first), parity and stop bits.
// One bit lasts 16 x baud_div clocks; the start bit begins with the edge that takes the character.
module cbb_uart_tx #(
  parameter int DATA_BITS = 8,
  parameter int PARITY    = 0,
  parameter int STOP_BITS = 1,
  parameter int DIV_WIDTH = 16
) (
  input  logic                 clk,
  input  logic                 rst_n,
  input  logic [DIV_WIDTH-1:0] baud_div,
  input  logic [DATA_BITS-1:0] s_axis_tdata,
  input  logic                 s_axis_tvalid,
  output logic                 s_axis_tready,
  output logic                 txd,
  output logic                 busy
);

  generate
    if (DATA_BITS < 5 || DATA_BITS > 9) begin : g_illegal_data_bits
      cbb_uart_tx_DATA_BITS_must_be_5_to_9 illegal ();
    end
    if (PARITY < 0 || PARITY > 2) begin : g_illegal_parity
      cbb_uart_tx_PARITY_must_be_0_none_1_odd_or_2_even illegal ();
    end
    if (STOP_BITS < 1 || STOP_BITS > 2) begin : g_illegal_stop_bits
      cbb_uart_tx_STOP_BITS_must_be_1_or_2 illegal ();
    end
    if (DIV_WIDTH < 1 || DIV_WIDTH > 24) begin : g_illegal_div_width
      cbb_uart_tx_DIV_WIDTH_must_be_1_to_24 illegal ();
    end
  endgenerate

  // Start bit, data, parity and stop bits; at most 13.
  localparam int FRAME_BITS = 1 + DATA_BITS + (PARITY == 0 ? 0 : 1) + STOP_BITS;

  logic [DIV_WIDTH-1:0] divisor;      // baud_div, where 0 counts as 1
  logic [DIV_WIDTH+3:0] last_clock;   // of a bit in this frame, counted from 0
  logic [DIV_WIDTH+3:0] clock_count;
  logic [3:0]           bit_count;
  logic [DATA_BITS:0]   shift;        // what follows the start bit; stop bits are shifted in
  logic                 ninth;        // the bit behind the data: parity, or the first stop bit
  logic                 bit_ends;

  assign divisor       = baud_div == '0 ? DIV_WIDTH'(1) : baud_div;
  assign ninth         = PARITY == 0 ? 1'b1 : (^s_axis_tdata) ^ (PARITY == 1);
  assign s_axis_tready = !busy;

  assign bit_ends = clock_count == last_clock;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      busy <= 1'b0;
      txd  <= 1'b1;
    end else if (!busy) begin
      busy <= s_axis_tvalid;
      txd  <= !s_axis_tvalid;
    end else if (bit_ends) begin
      busy <= 32'(bit_count) != FRAME_BITS - 1;
      txd  <= shift[0];
    end
  end

  // What a new character sets anew needs no reset.
  always_ff @(posedge clk) begin
    if (!busy) begin
      last_clock  <= {divisor, 4'd0} - 1'b1;
      clock_count <= '0;
      bit_count   <= '0;
      shift       <= {ninth, s_axis_tdata};
    end else if (bit_ends) begin
      clock_count <= '0;
      bit_count   <= bit_count + 1'b1;
      shift       <= {1'b1, shift[DATA_BITS:1]};
    end else begin
      clock_count <= clock_count + 1'b1;
    end
  end

endmodule
