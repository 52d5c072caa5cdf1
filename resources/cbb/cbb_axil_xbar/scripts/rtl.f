rtl/cbb_axil_xbar.sv
rtl/cbb_axil_xbar_slice.sv
