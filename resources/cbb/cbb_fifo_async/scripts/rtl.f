rtl/cbb_fifo_async.sv
