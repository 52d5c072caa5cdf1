rtl/cbb_i2c_master.sv
