rtl/cbb_reset_sync.sv
