rtl/cbb_arbiter_rr.sv
