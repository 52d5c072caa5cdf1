rtl/cbb_clk_enable.sv
