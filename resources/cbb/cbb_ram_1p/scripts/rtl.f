rtl/cbb_ram_1p.sv
