# Crossings of cbb_pulse_sync. Vivado: read_xdc -ref cbb_pulse_sync cbb_pulse_sync.xdc, after the clocks are defined.

# src_clk to dst_clk, into there[0]: a flop that may be between two levels for a while.
set_max_delay -datapath_only -from [get_clocks -of_objects [get_ports src_clk]] -to [get_cells -quiet {there_reg[0]}] [get_property -min PERIOD [get_clocks -of_objects [get_ports src_clk]]]

# dst_clk to src_clk, into back[0]: a flop that may be between two levels for a while.
set_max_delay -datapath_only -from [get_clocks -of_objects [get_ports dst_clk]] -to [get_cells -quiet {back_reg[0]}] [get_property -min PERIOD [get_clocks -of_objects [get_ports dst_clk]]]
