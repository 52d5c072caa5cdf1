rtl/cbb_axis_skid.sv
