rtl/cbb_ram_2p.sv
