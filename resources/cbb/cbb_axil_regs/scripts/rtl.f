rtl/cbb_axil_regs.sv
