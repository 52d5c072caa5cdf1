rtl/cbb_axis_fifo.sv
