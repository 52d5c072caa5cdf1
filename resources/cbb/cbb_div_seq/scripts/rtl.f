rtl/cbb_div_seq.sv
