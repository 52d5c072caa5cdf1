# Crossings of cbb_i2c_master. Vivado: read_xdc -ref cbb_i2c_master cbb_i2c_master.xdc, after the clocks are defined.

# scl_in to clk, into scl_sync[0]: a flop that may be between two levels for a while.
set_false_path -to [get_cells -quiet {scl_sync_reg[0]}]

# sda_in to clk, into sda_sync[0]: a flop that may be between two levels for a while.
set_false_path -to [get_cells -quiet {sda_sync_reg[0]}]
