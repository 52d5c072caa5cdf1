// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// UART receiver: two-flop synchroniser, 16x oversampling with a majority of three samples in the middle of each bit.
// A character and its error flags are held until the stream takes them; one that finds them still held is lost (overrun).
module cbb_uart_rx #(
  parameter int DATA_BITS = 8,
  parameter int PARITY    = 0,
  parameter int DIV_WIDTH = 16
) (
  input  logic                 clk,
  input  logic                 rst_n,
  input  logic [DIV_WIDTH-1:0] baud_div,
  input  logic                 rxd,
  output logic [DATA_BITS-1:0] m_axis_tdata,
  output logic                 m_axis_tvalid,
  input  logic                 m_axis_tready,
  output logic                 frame_error,
  output logic                 parity_error,
  output logic                 overrun
);

  generate
    if (DATA_BITS < 5 || DATA_BITS > 9) begin : g_illegal_data_bits
      cbb_uart_rx_DATA_BITS_must_be_5_to_9 illegal ();
    end
    if (PARITY < 0 || PARITY > 2) begin : g_illegal_parity
      cbb_uart_rx_PARITY_must_be_0_none_1_odd_or_2_even illegal ();
    end
    if (DIV_WIDTH < 1 || DIV_WIDTH > 24) begin : g_illegal_div_width
      cbb_uart_rx_DIV_WIDTH_must_be_1_to_24 illegal ();
    end
  endgenerate

  // Bits behind the start bit: data and parity, kept in one shift register; the stop bit comes after them.
  localparam int PAYLOAD_BITS = DATA_BITS + (PARITY == 0 ? 0 : 1);

  // The attributes keep the flops next to each other and out of shift-register primitives.
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [1:0]              sync;
  logic                    line;
  logic                    line_before;
  logic                    receiving;
  logic [DIV_WIDTH-1:0]    divisor;       // baud_div at the start edge
  logic [DIV_WIDTH-1:0]    clock_count;   // from 1 within an oversampling period
  logic [3:0]              phase;         // oversampling period within the bit
  logic [3:0]              bit_count;     // bits decided so far
  logic [1:0]              samples;
  logic [PAYLOAD_BITS-1:0] payload;
  logic                    oversample;
  logic                    decide;
  logic                    value;
  logic                    complete;
  logic                    parity_wrong;

  assign line       = sync[1];
  assign oversample = receiving && clock_count >= divisor;
  // Samples are taken at 7/16, 8/16 and 9/16 of the bit; the third decides.
  assign decide     = oversample && phase == 4'd8;
  assign value      = (samples[0] && samples[1]) || (line && (samples[0] || samples[1]));
  assign complete   = decide && 32'(bit_count) == PAYLOAD_BITS + 1;
  // Over data and parity bit together the exclusive or is 1 for odd parity, 0 for even.
  assign parity_wrong = PARITY != 0 && (^payload) != (PARITY == 1);

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      sync        <= '1;
      line_before <= 1'b1;
      receiving   <= 1'b0;
    end else begin
      sync        <= {sync[0], rxd};
      line_before <= line;
      // Only a falling edge starts a character: a line held low (break) is received once.
      if (!receiving) receiving <= line_before && !line;
      // A start bit that is high in its middle was a glitch.
      else if (complete || (decide && bit_count == '0 && value)) receiving <= 1'b0;
    end
  end

  // What the start of a character sets anew needs no reset.
  always_ff @(posedge clk) begin
    if (!receiving) begin
      divisor     <= baud_div;
      clock_count <= DIV_WIDTH'(1);
      phase       <= '0;
      bit_count   <= '0;
    end else if (!oversample) begin
      clock_count <= clock_count + 1'b1;
    end else begin
      clock_count <= DIV_WIDTH'(1);
      phase       <= phase + 1'b1;
      samples     <= {samples[0], line};
      if (decide) begin
        bit_count <= bit_count + 1'b1;
        payload   <= {value, payload[PAYLOAD_BITS-1:1]};
      end
    end
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      m_axis_tdata  <= '0;
      m_axis_tvalid <= 1'b0;
      frame_error   <= 1'b0;
      parity_error  <= 1'b0;
      overrun       <= 1'b0;
    end else if (!m_axis_tvalid || m_axis_tready) begin
      m_axis_tvalid <= complete;
      frame_error   <= complete && !value;
      parity_error  <= complete && parity_wrong;
      overrun       <= 1'b0;
      if (complete) m_axis_tdata <= payload[DATA_BITS-1:0];
    end else if (complete) begin
      overrun <= 1'b1;
    end
  end

endmodule
