// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// General-purpose I/O behind an AXI4-Lite slave: outputs with enables, synchronised inputs, an interrupt for chosen edges.
module cbb_axil_gpio #(
  parameter int WIDTH = 8
) (
  input  logic             clk,
  input  logic             rst_n,
  input  logic [5:0]       s_axil_awaddr,
  input  logic             s_axil_awvalid,
  output logic             s_axil_awready,
  input  logic [31:0]      s_axil_wdata,
  input  logic [3:0]       s_axil_wstrb,
  input  logic             s_axil_wvalid,
  output logic             s_axil_wready,
  output logic [1:0]       s_axil_bresp,
  output logic             s_axil_bvalid,
  input  logic             s_axil_bready,
  input  logic [5:0]       s_axil_araddr,
  input  logic             s_axil_arvalid,
  output logic             s_axil_arready,
  output logic [31:0]      s_axil_rdata,
  output logic [1:0]       s_axil_rresp,
  output logic             s_axil_rvalid,
  input  logic             s_axil_rready,
  input  logic [WIDTH-1:0] gpio_in,
  output logic [WIDTH-1:0] gpio_out,
  output logic [WIDTH-1:0] gpio_oe,
  output logic             irq
);

  generate
    if (WIDTH < 1 || WIDTH > 32) begin : g_illegal_width
      cbb_axil_gpio_WIDTH_must_be_1_to_32 illegal ();
    end
  endgenerate

  localparam logic [1:0] OKAY   = 2'b00;
  localparam logic [1:0] SLVERR = 2'b10;

  // Registers by word address.
  localparam logic [3:0] OUT     = 4'd0;
  localparam logic [3:0] OE      = 4'd1;
  localparam logic [3:0] IN      = 4'd2;
  localparam logic [3:0] SET     = 4'd3;
  localparam logic [3:0] CLEAR   = 4'd4;
  localparam logic [3:0] TOGGLE  = 4'd5;
  localparam logic [3:0] RISE    = 4'd6;
  localparam logic [3:0] FALL    = 4'd7;
  localparam logic [3:0] PENDING = 4'd8;

  // An address or a word that came without its partner, or while its answer had to wait.
  logic        aw_held;
  logic [3:0]  aw_word;
  logic        w_held;
  logic [31:0] w_data;
  logic [3:0]  w_strb;
  logic        ar_held;
  logic [3:0]  ar_word;

  // The access that happens at this edge.
  logic             wr_go;
  logic [3:0]       wr_word;
  logic [31:0]      wr_data;
  logic [3:0]       wr_strb;
  logic             rd_go;
  logic [3:0]       rd_word;
  logic [31:0]      rd_data;
  logic [WIDTH-1:0] bits;      // data of a write
  logic [WIDTH-1:0] mask;      // bits of the bytes that wr_strb names
  logic [39:0]      unused;    // what the bus carries and no register has

  // The attributes keep the flops next to each other and out of shift-register primitives.
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [WIDTH-1:0] in_meta;
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [WIDTH-1:0] in_now;
  logic [WIDTH-1:0] in_last;
  logic [WIDTH-1:0] rise_enable;
  logic [WIDTH-1:0] fall_enable;
  logic [WIDTH-1:0] pending;
  logic [WIDTH-1:0] acknowledged;

  assign s_axil_awready = !aw_held;
  assign s_axil_wready  = !w_held;
  assign s_axil_arready = !ar_held;

  assign wr_word = aw_held ? aw_word : s_axil_awaddr[5:2];
  assign wr_data = w_held ? w_data : s_axil_wdata;
  assign wr_strb = w_held ? w_strb : s_axil_wstrb;
  assign wr_go   = (aw_held || s_axil_awvalid) && (w_held || s_axil_wvalid) && (!s_axil_bvalid || s_axil_bready);
  assign rd_word = ar_held ? ar_word : s_axil_araddr[5:2];
  assign unused  = {s_axil_awaddr[1:0], s_axil_araddr[1:0], wr_data, wr_strb};
  assign rd_go   = (ar_held || s_axil_arvalid) && (!s_axil_rvalid || s_axil_rready);

  generate
    for (genvar i = 0; i < WIDTH; i = i + 1) begin : g_bit
      assign mask[i] = wr_strb[i/8];
      assign bits[i] = wr_data[i] && wr_strb[i/8];
    end
  endgenerate

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
        s_axil_bresp  <= wr_word <= PENDING && wr_word != IN ? OKAY : SLVERR;
      end else if (s_axil_bready) begin
        s_axil_bvalid <= 1'b0;
      end
    end
  end

  always_ff @(posedge clk) begin
    if (!aw_held) aw_word <= s_axil_awaddr[5:2];
    if (!w_held) begin
      w_data <= s_axil_wdata;
      w_strb <= s_axil_wstrb;
    end
    if (!ar_held) ar_word <= s_axil_araddr[5:2];
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      gpio_out    <= '0;
      gpio_oe     <= '0;
      rise_enable <= '0;
      fall_enable <= '0;
    end else if (wr_go) begin
      case (wr_word)
        OUT:     gpio_out    <= (gpio_out & ~mask) | bits;
        OE:      gpio_oe     <= (gpio_oe & ~mask) | bits;
        SET:     gpio_out    <= gpio_out | bits;
        CLEAR:   gpio_out    <= gpio_out & ~bits;
        TOGGLE:  gpio_out    <= gpio_out ^ bits;
        RISE:    rise_enable <= (rise_enable & ~mask) | bits;
        FALL:    fall_enable <= (fall_enable & ~mask) | bits;
        default: ;
      endcase
    end
  end

  assign acknowledged = wr_go && wr_word == PENDING ? bits : '0;
  assign irq          = |pending;

  // An edge that comes together with its acknowledgement stays pending.
  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      in_meta <= '0;
      in_now  <= '0;
      in_last <= '0;
      pending <= '0;
    end else begin
      in_meta <= gpio_in;
      in_now  <= in_meta;
      in_last <= in_now;
      pending <= (pending & ~acknowledged) | (in_now & ~in_last & rise_enable) | (~in_now & in_last & fall_enable);
    end
  end

  always_comb begin
    case (rd_word)
      OUT, SET, CLEAR, TOGGLE: rd_data = 32'(gpio_out);
      OE:                      rd_data = 32'(gpio_oe);
      IN:                      rd_data = 32'(in_now);
      RISE:                    rd_data = 32'(rise_enable);
      FALL:                    rd_data = 32'(fall_enable);
      PENDING:                 rd_data = 32'(pending);
      default:                 rd_data = '0;
    endcase
  end

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
        s_axil_rdata  <= rd_data;
        s_axil_rresp  <= rd_word <= PENDING ? OKAY : SLVERR;
      end else if (s_axil_rready) begin
        s_axil_rvalid <= 1'b0;
      end
    end
  end

endmodule
