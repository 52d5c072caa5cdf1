rtl/cbb_secded.sv
