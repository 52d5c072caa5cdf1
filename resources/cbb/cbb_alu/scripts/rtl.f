rtl/cbb_alu.sv
