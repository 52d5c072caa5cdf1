rtl/cbb_edge_detect.sv
