// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// AXI4-Lite slave to APB4 master. One transfer at a time; reads and writes that wait together take turns. Every output comes
// from a register; no path leads through.
module cbb_axil_to_apb (
  input  logic        clk,
  input  logic        rst_n,
  input  logic [31:0] s_axil_awaddr,
  input  logic [2:0]  s_axil_awprot,
  input  logic        s_axil_awvalid,
  output logic        s_axil_awready,
  input  logic [31:0] s_axil_wdata,
  input  logic [3:0]  s_axil_wstrb,
  input  logic        s_axil_wvalid,
  output logic        s_axil_wready,
  output logic [1:0]  s_axil_bresp,
  output logic        s_axil_bvalid,
  input  logic        s_axil_bready,
  input  logic [31:0] s_axil_araddr,
  input  logic [2:0]  s_axil_arprot,
  input  logic        s_axil_arvalid,
  output logic        s_axil_arready,
  output logic [31:0] s_axil_rdata,
  output logic [1:0]  s_axil_rresp,
  output logic        s_axil_rvalid,
  input  logic        s_axil_rready,
  output logic [31:0] paddr,
  output logic [2:0]  pprot,
  output logic        psel,
  output logic        penable,
  output logic        pwrite,
  output logic [31:0] pwdata,
  output logic [3:0]  pstrb,
  input  logic        pready,
  input  logic [31:0] prdata,
  input  logic        pslverr
);

  // What waits for its transfer.
  logic        aw_held;
  logic [31:0] aw_addr;
  logic [2:0]  aw_prot;
  logic        w_held;
  logic [31:0] w_data;
  logic [3:0]  w_strb;
  logic        ar_held;
  logic [31:0] ar_addr;
  logic [2:0]  ar_prot;
  logic        read_next;   // whose turn it is when both wait

  logic done;               // the transfer under way ends at this edge
  logic free;               // the next one may begin at it
  logic can_write;
  logic can_read;
  logic start_write;
  logic start_read;

  assign s_axil_awready = !aw_held;
  assign s_axil_wready  = !w_held;
  assign s_axil_arready = !ar_held;

  assign done = penable && pready;
  assign free = !psel || done;

  // A transfer begins only when there will be room for its response.
  assign can_write   = aw_held && w_held && (!s_axil_bvalid || s_axil_bready) && !(done && pwrite);
  assign can_read    = ar_held && (!s_axil_rvalid || s_axil_rready) && !(done && !pwrite);
  assign start_write = free && can_write && !(can_read && read_next);
  assign start_read  = free && can_read && !start_write;

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      aw_held   <= 1'b0;
      w_held    <= 1'b0;
      ar_held   <= 1'b0;
      read_next <= 1'b0;
    end else begin
      aw_held <= aw_held ? !start_write : s_axil_awvalid;
      w_held  <= w_held ? !start_write : s_axil_wvalid;
      ar_held <= ar_held ? !start_read : s_axil_arvalid;
      if (start_write || start_read) read_next <= start_write;
    end
  end

  always_ff @(posedge clk) begin
    if (!aw_held) begin
      aw_addr <= s_axil_awaddr;
      aw_prot <= s_axil_awprot;
    end
    if (!w_held) begin
      w_data <= s_axil_wdata;
      w_strb <= s_axil_wstrb;
    end
    if (!ar_held) begin
      ar_addr <= s_axil_araddr;
      ar_prot <= s_axil_arprot;
    end
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      psel    <= 1'b0;
      penable <= 1'b0;
      pwrite  <= 1'b0;
      paddr   <= '0;
      pprot   <= '0;
      pwdata  <= '0;
      pstrb   <= '0;
    end else if (free) begin
      psel    <= start_write || start_read;
      penable <= 1'b0;
      // The rest keeps its value while nothing begins: no line moves without need.
      if (start_write) begin
        pwrite <= 1'b1;
        paddr  <= aw_addr;
        pprot  <= aw_prot;
        pwdata <= w_data;
        pstrb  <= w_strb;
      end else if (start_read) begin
        pwrite <= 1'b0;
        paddr  <= ar_addr;
        pprot  <= ar_prot;
        pstrb  <= '0;
      end
    end else begin
      penable <= 1'b1;
    end
  end

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      s_axil_bvalid <= 1'b0;
      s_axil_bresp  <= '0;
      s_axil_rvalid <= 1'b0;
      s_axil_rresp  <= '0;
      s_axil_rdata  <= '0;
    end else begin
      if (done && pwrite) begin
        s_axil_bvalid <= 1'b1;
        s_axil_bresp  <= {pslverr, 1'b0};
      end else if (s_axil_bready) begin
        s_axil_bvalid <= 1'b0;
      end
      if (done && !pwrite) begin
        s_axil_rvalid <= 1'b1;
        s_axil_rresp  <= {pslverr, 1'b0};
        s_axil_rdata  <= prdata;
      end else if (s_axil_rready) begin
        s_axil_rvalid <= 1'b0;
      end
    end
  end

endmodule
