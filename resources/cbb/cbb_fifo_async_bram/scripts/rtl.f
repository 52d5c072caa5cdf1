rtl/cbb_fifo_async_bram.sv
