# Crossings of cbb_reset_sync, for one instance. Set before this file is read:
#   cbb_instance          its hierarchical name, for example u_core/u_reset_sync
# Pins of the library's flops, when they are not called D and RN: cbb_data_pin, cbb_reset_pin.
if {![info exists cbb_data_pin]} { set cbb_data_pin D }
if {![info exists cbb_reset_pin]} { set cbb_reset_pin RN }

# arst_n, released with clk in chain: its assertion has no time.
set_false_path -to [get_pins "$cbb_instance/chain*/$cbb_reset_pin"]
