rtl/cbb_sync_bit.sv
