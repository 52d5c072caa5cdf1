module counter(input clk, input rst_n, output reg [3:0] q);
  always @(negedge clk or negedge rst_n)
    if (!rst_n) q <= 0;
    else q <= q + 1;
endmodule
