rtl/cbb_arbiter_prio.sv
