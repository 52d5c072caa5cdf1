`include "size.vh"
module store #(parameter W = 4) (input wire clk, input wire en, input wire [W-1:0] d, output reg [W-1:0] q, output reg held, output wire unread);
  // a memory, a latch that the library lacks, and a wire without a driver
  reg [W-1:0] words [0:`WORDS-1];
  wire loose;
  assign unread = loose & en;
  always @* if (en) held = d[0];
  always @(posedge clk) begin
    if (en) words[d[1:0]] <= d;
    q <= words[d[1:0]];
  end
endmodule
