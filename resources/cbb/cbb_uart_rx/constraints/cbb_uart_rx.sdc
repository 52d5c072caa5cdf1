# Crossings of cbb_uart_rx, for one instance. Set before this file is read:
#   cbb_instance          its hierarchical name, for example u_core/u_uart_rx
# Pins of the library's flops, when they are not called D and RN: cbb_data_pin, cbb_reset_pin.
if {![info exists cbb_data_pin]} { set cbb_data_pin D }
if {![info exists cbb_reset_pin]} { set cbb_reset_pin RN }

# rxd to clk, into sync[0]: a flop that may be between two levels for a while.
set_false_path -to [get_pins "$cbb_instance/sync*?0*/$cbb_data_pin"]
