rtl/cbb_mul_pipe.sv
