// SPDX-License-Identifier: LicenseRef-genRTL-CBB
// AXI4-Lite decoder from one master to N slaves. Several accesses may be under way to one slave; an access to another one
// waits until they are answered, so that responses come in order. Addresses of nobody answer DECERR. Register slices at
// the master's side cut every path through.
module cbb_axil_xbar #(
  parameter int              N    = 2,
  parameter logic [32*N-1:0] BASE = 64'h0001_0000_0000_0000,
  parameter logic [32*N-1:0] MASK = 64'hFFFF_0000_FFFF_0000
) (
  input  logic            clk,
  input  logic            rst_n,
  input  logic [31:0]     s_axil_awaddr,
  input  logic [2:0]      s_axil_awprot,
  input  logic            s_axil_awvalid,
  output logic            s_axil_awready,
  input  logic [31:0]     s_axil_wdata,
  input  logic [3:0]      s_axil_wstrb,
  input  logic            s_axil_wvalid,
  output logic            s_axil_wready,
  output logic [1:0]      s_axil_bresp,
  output logic            s_axil_bvalid,
  input  logic            s_axil_bready,
  input  logic [31:0]     s_axil_araddr,
  input  logic [2:0]      s_axil_arprot,
  input  logic            s_axil_arvalid,
  output logic            s_axil_arready,
  output logic [31:0]     s_axil_rdata,
  output logic [1:0]      s_axil_rresp,
  output logic            s_axil_rvalid,
  input  logic            s_axil_rready,
  output logic [32*N-1:0] m_axil_awaddr,
  output logic [3*N-1:0]  m_axil_awprot,
  output logic [N-1:0]    m_axil_awvalid,
  input  logic [N-1:0]    m_axil_awready,
  output logic [32*N-1:0] m_axil_wdata,
  output logic [4*N-1:0]  m_axil_wstrb,
  output logic [N-1:0]    m_axil_wvalid,
  input  logic [N-1:0]    m_axil_wready,
  input  logic [2*N-1:0]  m_axil_bresp,
  input  logic [N-1:0]    m_axil_bvalid,
  output logic [N-1:0]    m_axil_bready,
  output logic [32*N-1:0] m_axil_araddr,
  output logic [3*N-1:0]  m_axil_arprot,
  output logic [N-1:0]    m_axil_arvalid,
  input  logic [N-1:0]    m_axil_arready,
  input  logic [32*N-1:0] m_axil_rdata,
  input  logic [2*N-1:0]  m_axil_rresp,
  input  logic [N-1:0]    m_axil_rvalid,
  output logic [N-1:0]    m_axil_rready
);

  generate
    if (N < 1 || N > 16) begin : g_illegal_n
      cbb_axil_xbar_N_must_be_1_to_16 illegal ();
    end
    if ((BASE & ~MASK) != 0) begin : g_illegal_base
      cbb_axil_xbar_BASE_must_lie_within_MASK illegal ();
    end
    for (genvar i = 0; i < N; i = i + 1) begin : g_window
      for (genvar j = i + 1; j < N; j = j + 1) begin : g_other
        // The last slave may have what is left over: its mask is 0.
        if (((BASE[32*i +: 32] ^ BASE[32*j +: 32]) & MASK[32*i +: 32] & MASK[32*j +: 32]) == 0
            && !(j == N - 1 && MASK[32*j +: 32] == 0)) begin : g_illegal_overlap
          cbb_axil_xbar_BASE_and_MASK_must_not_overlap illegal ();
        end
      end
    end
  endgenerate

  localparam logic [1:0] DECERR = 2'b11;
  // Accesses under way in one direction.
  localparam logic [3:0] LIMIT  = 4'd15;

  // What the slices hold for the slaves, and take for the master.
  logic        aw_valid;
  logic        aw_take;
  logic [31:0] aw_addr;
  logic [2:0]  aw_prot;
  logic        w_valid;
  logic        w_take;
  logic [31:0] w_data;
  logic [3:0]  w_strb;
  logic        b_take;
  logic        b_ready;
  logic [1:0]  b_resp;
  logic        ar_valid;
  logic        ar_take;
  logic [31:0] ar_addr;
  logic [2:0]  ar_prot;
  logic        r_take;
  logic        r_ready;
  logic [31:0] r_data;
  logic [1:0]  r_resp;

  // One bit for each slave; the highest stands for nobody.
  logic [N:0] aw_sel;
  logic [N:0] ar_sel;
  logic [N:0] wr_sel;     // of the writes under way
  logic [N:0] rd_sel;     // of the reads under way
  logic [N:0] w_sel;

  logic       aw_go;
  logic       w_go;
  logic       ar_go;
  logic [3:0] wr_open;    // writes under way: address given, response not taken
  logic [3:0] w_owed;     // of these, writes whose data is not given yet
  logic       w_early;    // data was given for the address that still waits
  logic [3:0] rd_open;

  cbb_axil_xbar_slice #(.WIDTH(35)) u_aw (
    .clk(clk), .rst_n(rst_n),
    .in_valid(s_axil_awvalid), .in_ready(s_axil_awready), .in_data({s_axil_awprot, s_axil_awaddr}),
    .out_valid(aw_valid), .out_ready(aw_take), .out_data({aw_prot, aw_addr})
  );
  cbb_axil_xbar_slice #(.WIDTH(36)) u_w (
    .clk(clk), .rst_n(rst_n),
    .in_valid(s_axil_wvalid), .in_ready(s_axil_wready), .in_data({s_axil_wstrb, s_axil_wdata}),
    .out_valid(w_valid), .out_ready(w_take), .out_data({w_strb, w_data})
  );
  cbb_axil_xbar_slice #(.WIDTH(2)) u_b (
    .clk(clk), .rst_n(rst_n),
    .in_valid(b_take), .in_ready(b_ready), .in_data(b_resp),
    .out_valid(s_axil_bvalid), .out_ready(s_axil_bready), .out_data(s_axil_bresp)
  );
  cbb_axil_xbar_slice #(.WIDTH(35)) u_ar (
    .clk(clk), .rst_n(rst_n),
    .in_valid(s_axil_arvalid), .in_ready(s_axil_arready), .in_data({s_axil_arprot, s_axil_araddr}),
    .out_valid(ar_valid), .out_ready(ar_take), .out_data({ar_prot, ar_addr})
  );
  cbb_axil_xbar_slice #(.WIDTH(34)) u_r (
    .clk(clk), .rst_n(rst_n),
    .in_valid(r_take), .in_ready(r_ready), .in_data({r_resp, r_data}),
    .out_valid(s_axil_rvalid), .out_ready(s_axil_rready), .out_data({s_axil_rresp, s_axil_rdata})
  );

  // The first window that fits.
  function logic [N:0] owner(input logic [31:0] address);
    owner    = '0;
    owner[N] = 1'b1;
    for (int i = N - 1; i >= 0; i = i - 1) begin
      if ((address & MASK[32*i +: 32]) == BASE[32*i +: 32]) begin
        owner    = '0;
        owner[i] = 1'b1;
      end
    end
  endfunction

  function logic [1:0] resp_of(input logic [N:0] sel, input logic [2*N-1:0] all);
    resp_of = sel[N] ? DECERR : 2'b00;
    for (int i = 0; i < N; i = i + 1) resp_of = resp_of | (all[2*i +: 2] & {2{sel[i]}});
  endfunction

  function logic [31:0] data_of(input logic [N:0] sel, input logic [32*N-1:0] all);
    data_of = '0;
    for (int i = 0; i < N; i = i + 1) data_of = data_of | (all[32*i +: 32] & {32{sel[i]}});
  endfunction

  assign aw_sel = owner(aw_addr);
  assign ar_sel = owner(ar_addr);
  assign b_resp = resp_of(wr_sel, m_axil_bresp);
  assign r_resp = resp_of(rd_sel, m_axil_rresp);
  assign r_data = data_of(rd_sel, m_axil_rdata);

  generate
    for (genvar i = 0; i < N; i = i + 1) begin : g_slave
      assign m_axil_awaddr[32*i +: 32] = aw_addr;
      assign m_axil_awprot[3*i +: 3]   = aw_prot;
      assign m_axil_awvalid[i]         = aw_go && aw_sel[i];
      assign m_axil_wdata[32*i +: 32]  = w_data;
      assign m_axil_wstrb[4*i +: 4]    = w_strb;
      assign m_axil_wvalid[i]          = w_go && w_sel[i];
      assign m_axil_bready[i]          = wr_open != '0 && wr_sel[i] && b_ready;
      assign m_axil_araddr[32*i +: 32] = ar_addr;
      assign m_axil_arprot[3*i +: 3]   = ar_prot;
      assign m_axil_arvalid[i]         = ar_go && ar_sel[i];
      assign m_axil_rready[i]          = rd_open != '0 && rd_sel[i] && r_ready;
    end
  endgenerate

  // An address waits while another slave has to answer. Its data is offered together with it: a slave may wait for both.
  assign aw_go   = aw_valid && wr_open != LIMIT && (wr_open == '0 || aw_sel == wr_sel);
  assign aw_take = aw_go && (aw_sel[N] || (m_axil_awready & aw_sel[N-1:0]) != '0);
  assign w_sel   = wr_open != '0 ? wr_sel : aw_sel;
  assign w_go    = w_valid && (w_owed != '0 || (aw_go && !w_early));
  assign w_take  = w_go && (w_sel[N] || (m_axil_wready & w_sel[N-1:0]) != '0);
  // Nobody answers as soon as address and data are there.
  assign b_take  = b_ready && wr_open != '0 && (wr_sel[N] ? wr_open != w_owed : (m_axil_bvalid & wr_sel[N-1:0]) != '0);

  assign ar_go   = ar_valid && rd_open != LIMIT && (rd_open == '0 || ar_sel == rd_sel);
  assign ar_take = ar_go && (ar_sel[N] || (m_axil_arready & ar_sel[N-1:0]) != '0);
  assign r_take  = r_ready && rd_open != '0 && (rd_sel[N] || (m_axil_rvalid & rd_sel[N-1:0]) != '0);

  always_ff @(posedge clk or negedge rst_n) begin
    if (!rst_n) begin
      wr_open <= '0;
      w_owed  <= '0;
      w_early <= 1'b0;
      rd_open <= '0;
    end else begin
      wr_open <= wr_open + 4'(aw_take) - 4'(b_take);
      rd_open <= rd_open + 4'(ar_take) - 4'(r_take);
      if (aw_take && !w_take) begin
        w_early <= 1'b0;
        if (!w_early) w_owed <= w_owed + 1'b1;
      end else if (w_take && !aw_take) begin
        if (w_owed != '0) w_owed <= w_owed - 1'b1;
        else              w_early <= 1'b1;
      end
    end
  end

  always_ff @(posedge clk) begin
    if (aw_take) wr_sel <= aw_sel;
    if (ar_take) rd_sel <= ar_sel;
  end

endmodule
