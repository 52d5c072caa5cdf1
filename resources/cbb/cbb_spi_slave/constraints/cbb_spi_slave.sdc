# Crossings of cbb_spi_slave, for one instance. Set before this file is read:
#   cbb_instance          its hierarchical name, for example u_core/u_spi_slave
# Pins of the library's flops, when they are not called D and RN: cbb_data_pin, cbb_reset_pin.
if {![info exists cbb_data_pin]} { set cbb_data_pin D }
if {![info exists cbb_reset_pin]} { set cbb_reset_pin RN }

# sclk to clk, into sclk_sync[0]: a flop that may be between two levels for a while.
set_false_path -to [get_pins "$cbb_instance/sclk_sync*?0*/$cbb_data_pin"]

# mosi to clk, into mosi_sync[0]: a flop that may be between two levels for a while.
set_false_path -to [get_pins "$cbb_instance/mosi_sync*?0*/$cbb_data_pin"]

# cs_n to clk, into cs_sync[0]: a flop that may be between two levels for a while.
set_false_path -to [get_pins "$cbb_instance/cs_sync*?0*/$cbb_data_pin"]
