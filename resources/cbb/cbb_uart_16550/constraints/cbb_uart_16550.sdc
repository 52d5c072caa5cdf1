# Crossings of cbb_uart_16550, for one instance. Set before this file is read:
#   cbb_instance          its hierarchical name, for example u_core/u_uart_16550
# Pins of the library's flops, when they are not called D and RN: cbb_data_pin, cbb_reset_pin.
if {![info exists cbb_data_pin]} { set cbb_data_pin D }
if {![info exists cbb_reset_pin]} { set cbb_reset_pin RN }

# rxd to clk, into rx_sync[0]: a flop that may be between two levels for a while.
set_false_path -to [get_pins "$cbb_instance/rx_sync*?0*/$cbb_data_pin"]

# cts_n to clk, into modem_meta[0]: a flop that may be between two levels for a while.
set_false_path -to [get_pins "$cbb_instance/modem_meta*?0*/$cbb_data_pin"]

# dsr_n to clk, into modem_meta[1]: a flop that may be between two levels for a while.
set_false_path -to [get_pins "$cbb_instance/modem_meta*?1*/$cbb_data_pin"]

# ri_n to clk, into modem_meta[2]: a flop that may be between two levels for a while.
set_false_path -to [get_pins "$cbb_instance/modem_meta*?2*/$cbb_data_pin"]

# dcd_n to clk, into modem_meta[3]: a flop that may be between two levels for a while.
set_false_path -to [get_pins "$cbb_instance/modem_meta*?3*/$cbb_data_pin"]
