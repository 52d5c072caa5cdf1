# Crossings of cbb_fifo_async_bram, for one instance. Set before this file is read:
#   cbb_instance          its hierarchical name, for example u_core/u_fifo_async_bram
#   cbb_period(wr_clk)    period of wr_clk, in the unit of the library
#   cbb_period(rd_clk)    period of rd_clk, in the unit of the library
# Pins of the library's flops, when they are not called D and RN: cbb_data_pin, cbb_reset_pin.
if {![info exists cbb_data_pin]} { set cbb_data_pin D }
if {![info exists cbb_reset_pin]} { set cbb_reset_pin RN }

# wr_clk to rd_clk, into wr_gray_meta: Gray code, its bits less than a period of wr_clk apart.
set_max_delay $cbb_period(wr_clk) -to [get_pins "$cbb_instance/wr_gray_meta*/$cbb_data_pin"]
set_false_path -hold -to [get_pins "$cbb_instance/wr_gray_meta*/$cbb_data_pin"]

# rd_clk to wr_clk, into rd_gray_meta: Gray code, its bits less than a period of rd_clk apart.
set_max_delay $cbb_period(rd_clk) -to [get_pins "$cbb_instance/rd_gray_meta*/$cbb_data_pin"]
set_false_path -hold -to [get_pins "$cbb_instance/rd_gray_meta*/$cbb_data_pin"]

# wr_clk to rd_clk, from mem: words stand for two edges of rd_clk before they are read.
set_max_delay $cbb_period(rd_clk) -from [get_cells "$cbb_instance/mem*"]
set_false_path -hold -from [get_cells "$cbb_instance/mem*"]
