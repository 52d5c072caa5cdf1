rtl/cbb_axis_fifo_bram.sv
