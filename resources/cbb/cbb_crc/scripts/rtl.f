rtl/cbb_crc.sv
