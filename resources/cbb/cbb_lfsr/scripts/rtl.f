rtl/cbb_lfsr.sv
