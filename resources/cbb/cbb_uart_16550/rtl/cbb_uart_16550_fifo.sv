// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// Characters of one direction of cbb_uart_16550: the oldest is in sight. Whoever uses it neither pops from nothing nor
// pushes into the full without a pop.
module cbb_uart_16550_fifo #(
  parameter int WIDTH = 8,
  parameter int DEPTH = 16
) (
  input  logic                       clk,
  input  logic                       rst_n,
  input  logic                       clear,
  input  logic                       push,
  input  logic [WIDTH-1:0]           data,
  input  logic                       pop,
  output logic [WIDTH-1:0]           head,
  output logic [$clog2(DEPTH+1)-1:0] level
);

  localparam int POINTER_WIDTH = $clog2(DEPTH);
  localparam int LEVEL_WIDTH   = $clog2(DEPTH + 1);

  logic [WIDTH-1:0]         words [0:DEPTH-1];
  logic [POINTER_WIDTH-1:0] first;
  logic [POINTER_WIDTH-1:0] free;

  assign free = first + POINTER_WIDTH'(level);
  assign head = words[first];

  always_ff @(posedge clk) begin
    if (push) words[free] <= data;
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      first <= '0;
      level <= '0;
    end else if (clear) begin
      level <= '0;
    end else begin
      first <= first + POINTER_WIDTH'(pop);
      level <= level + LEVEL_WIDTH'(push) - LEVEL_WIDTH'(pop);
    end
  end

endmodule
