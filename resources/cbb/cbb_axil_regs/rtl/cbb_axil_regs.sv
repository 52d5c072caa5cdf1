// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// AXI4-Lite register bank: NUM_REGS words that the bus writes into reg_out and reads from reg_in. The five channels are
// independent; no path leads from an input of the bus to an output of it.
module cbb_axil_regs #(
  parameter int NUM_REGS   = 8,
  parameter int ADDR_WIDTH = 8
) (
  input  logic                   clk,
  input  logic                   rst_n,
  input  logic [ADDR_WIDTH-1:0]  s_axil_awaddr,
  input  logic                   s_axil_awvalid,
  output logic                   s_axil_awready,
  input  logic [31:0]            s_axil_wdata,
  input  logic [3:0]             s_axil_wstrb,
  input  logic                   s_axil_wvalid,
  output logic                   s_axil_wready,
  output logic [1:0]             s_axil_bresp,
  output logic                   s_axil_bvalid,
  input  logic                   s_axil_bready,
  input  logic [ADDR_WIDTH-1:0]  s_axil_araddr,
  input  logic                   s_axil_arvalid,
  output logic                   s_axil_arready,
  output logic [31:0]            s_axil_rdata,
  output logic [1:0]             s_axil_rresp,
  output logic                   s_axil_rvalid,
  input  logic                   s_axil_rready,
  output logic [32*NUM_REGS-1:0] reg_out,
  input  logic [32*NUM_REGS-1:0] reg_in,
  output logic [NUM_REGS-1:0]    wr_pulse
);

  generate
    if (NUM_REGS < 1 || NUM_REGS > 256) begin : g_illegal_num_regs
      cbb_axil_regs_NUM_REGS_must_be_1_to_256 illegal ();
    end
    if (ADDR_WIDTH < 3 || ADDR_WIDTH > 32 || ADDR_WIDTH < $clog2(NUM_REGS) + 2) begin : g_illegal_addr_width
      cbb_axil_regs_ADDR_WIDTH_must_be_3_to_32_and_reach_every_register illegal ();
    end
  endgenerate

  localparam logic [1:0] OKAY   = 2'b00;
  localparam logic [1:0] SLVERR = 2'b10;

  // An address or a word that came without its partner, or while its answer had to wait.
  logic                  aw_held;
  logic [ADDR_WIDTH-1:0] aw_addr;
  logic                  w_held;
  logic [31:0]           w_data;
  logic [3:0]            w_strb;
  logic                  ar_held;
  logic [ADDR_WIDTH-1:0] ar_addr;

  // The access that happens at this edge.
  logic                  wr_go;
  logic [ADDR_WIDTH-1:0] wr_addr;
  logic [31:0]           wr_data;
  logic [3:0]            wr_strb;
  logic                  wr_hit;
  logic                  rd_go;
  logic [ADDR_WIDTH-1:0] rd_addr;
  logic                  rd_hit;

  assign s_axil_awready = !aw_held;
  assign s_axil_wready  = !w_held;
  assign s_axil_arready = !ar_held;

  assign wr_addr = aw_held ? aw_addr : s_axil_awaddr;
  assign wr_data = w_held ? w_data : s_axil_wdata;
  assign wr_strb = w_held ? w_strb : s_axil_wstrb;
  assign wr_hit  = 32'(wr_addr) < 4 * NUM_REGS;
  assign wr_go   = (aw_held || s_axil_awvalid) && (w_held || s_axil_wvalid) && (!s_axil_bvalid || s_axil_bready);

  assign rd_addr = ar_held ? ar_addr : s_axil_araddr;
  assign rd_hit  = 32'(rd_addr) < 4 * NUM_REGS;
  assign rd_go   = (ar_held || s_axil_arvalid) && (!s_axil_rvalid || s_axil_rready);

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      aw_held       <= 1'b0;
      w_held        <= 1'b0;
      s_axil_bvalid <= 1'b0;
      s_axil_bresp  <= OKAY;
    end else begin
      aw_held <= (aw_held || s_axil_awvalid) && !wr_go;
      w_held  <= (w_held || s_axil_wvalid) && !wr_go;
      if (wr_go) begin
        s_axil_bvalid <= 1'b1;
        s_axil_bresp  <= wr_hit ? OKAY : SLVERR;
      end else if (s_axil_bready) begin
        s_axil_bvalid <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk) begin
    if (!aw_held) aw_addr <= s_axil_awaddr;
    if (!w_held) begin
      w_data <= s_axil_wdata;
      w_strb <= s_axil_wstrb;
    end
    if (!ar_held) ar_addr <= s_axil_araddr;
  end

  generate
    for (genvar i = 0; i < NUM_REGS; i = i + 1) begin : g_register
      logic chosen;

      assign chosen = wr_go && wr_hit && 32'(wr_addr[ADDR_WIDTH-1:2]) == i;

      always_ff @(posedge clk or negedge rst_n) begin
        if (!rst_n) begin
          reg_out[32*i +: 32] <= '0;
          wr_pulse[i]         <= 1'b0;
        end else begin
          wr_pulse[i] <= chosen && wr_strb != 4'b0000;
          if (chosen && wr_strb[0]) reg_out[32*i +: 8]      <= wr_data[7:0];
          if (chosen && wr_strb[1]) reg_out[32*i + 8 +: 8]  <= wr_data[15:8];
          if (chosen && wr_strb[2]) reg_out[32*i + 16 +: 8] <= wr_data[23:16];
          if (chosen && wr_strb[3]) reg_out[32*i + 24 +: 8] <= wr_data[31:24];
        end
      end
    end
  endgenerate

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      ar_held       <= 1'b0;
      s_axil_rvalid <= 1'b0;
      s_axil_rdata  <= '0;
      s_axil_rresp  <= OKAY;
    end else begin
      ar_held <= (ar_held || s_axil_arvalid) && !rd_go;
      if (rd_go) begin
        s_axil_rvalid <= 1'b1;
        s_axil_rresp  <= rd_hit ? OKAY : SLVERR;
        s_axil_rdata  <= '0;
        for (int i = 0; i < NUM_REGS; i = i + 1) begin
          if (32'(rd_addr[ADDR_WIDTH-1:2]) == i) s_axil_rdata <= reg_in[32*i +: 32];
        end
      end else if (s_axil_rready) begin
        s_axil_rvalid <= 1'b0;
      end
    end
  end

endmodule
