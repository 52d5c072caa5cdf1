# Crossings of cbb_i2c_master, for one instance. Set before this file is read:
#   cbb_instance          its hierarchical name, for example u_core/u_i2c_master
# Pins of the library's flops, when they are not called D and RN: cbb_data_pin, cbb_reset_pin.
if {![info exists cbb_data_pin]} { set cbb_data_pin D }
if {![info exists cbb_reset_pin]} { set cbb_reset_pin RN }

# scl_in to clk, into scl_sync[0]: a flop that may be between two levels for a while.
set_false_path -to [get_pins "$cbb_instance/scl_sync*?0*/$cbb_data_pin"]

# sda_in to clk, into sda_sync[0]: a flop that may be between two levels for a while.
set_false_path -to [get_pins "$cbb_instance/sda_sync*?0*/$cbb_data_pin"]
