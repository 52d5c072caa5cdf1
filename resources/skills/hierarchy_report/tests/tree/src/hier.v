module top(input clk, input rst_n, input en, output [7:0] a, output [7:0] b);
  pair u0(.clk(clk), .rst_n(rst_n), .en(en), .a(a), .b(b));
endmodule
module pair(input clk, input rst_n, input en, output [7:0] a, output [7:0] b);
  counter #(.W(8)) c0(.clk(clk), .rst_n(rst_n), .en(en), .q(a));
  counter #(.W(8)) c1(.clk(clk), .rst_n(rst_n), .en(en), .q(b));
endmodule
