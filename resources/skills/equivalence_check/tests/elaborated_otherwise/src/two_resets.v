module m(input clk, input r, input s, input d, output reg q);
  always @(posedge clk or negedge r or negedge s)
    if (!r) q <= 0;
    else if (!s) q <= 1;
    else q <= d;
endmodule
