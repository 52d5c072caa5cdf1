rtl/cbb_axil_to_apb.sv
