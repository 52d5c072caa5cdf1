rtl/cbb_fifo_sync.sv
