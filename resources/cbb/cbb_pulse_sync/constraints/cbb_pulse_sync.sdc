# Crossings of cbb_pulse_sync, for one instance. Set before this file is read:
#   cbb_instance          its hierarchical name, for example u_core/u_pulse_sync
# Pins of the library's flops, when they are not called D and RN: cbb_data_pin, cbb_reset_pin.
if {![info exists cbb_data_pin]} { set cbb_data_pin D }
if {![info exists cbb_reset_pin]} { set cbb_reset_pin RN }

# src_clk to dst_clk, into there[0]: a flop that may be between two levels for a while.
set_false_path -to [get_pins "$cbb_instance/there*?0*/$cbb_data_pin"]

# dst_clk to src_clk, into back[0]: a flop that may be between two levels for a while.
set_false_path -to [get_pins "$cbb_instance/back*?0*/$cbb_data_pin"]
