rtl/cbb_counter.sv
