rtl/cbb_fifo_sync_bram.sv
