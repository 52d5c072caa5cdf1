# Crossings of cbb_fifo_async_bram. Vivado: read_xdc -ref cbb_fifo_async_bram cbb_fifo_async_bram.xdc, after the clocks are defined.

# wr_clk to rd_clk, into wr_gray_meta: Gray code, its bits less than a period of wr_clk apart.
set_max_delay -datapath_only -from [get_clocks -of_objects [get_ports wr_clk]] -to [get_cells -quiet {wr_gray_meta_reg*}] [get_property -min PERIOD [get_clocks -of_objects [get_ports wr_clk]]]
set_bus_skew -from [get_clocks -of_objects [get_ports wr_clk]] -to [get_cells -quiet {wr_gray_meta_reg*}] [get_property -min PERIOD [get_clocks -of_objects [get_ports wr_clk]]]

# rd_clk to wr_clk, into rd_gray_meta: Gray code, its bits less than a period of rd_clk apart.
set_max_delay -datapath_only -from [get_clocks -of_objects [get_ports rd_clk]] -to [get_cells -quiet {rd_gray_meta_reg*}] [get_property -min PERIOD [get_clocks -of_objects [get_ports rd_clk]]]
set_bus_skew -from [get_clocks -of_objects [get_ports rd_clk]] -to [get_cells -quiet {rd_gray_meta_reg*}] [get_property -min PERIOD [get_clocks -of_objects [get_ports rd_clk]]]

# wr_clk to rd_clk, from mem: words stand for two edges of rd_clk before they are read.
set_max_delay -datapath_only -from [get_cells -quiet -hierarchical {mem*}] -to [get_clocks -of_objects [get_ports rd_clk]] [get_property -min PERIOD [get_clocks -of_objects [get_ports rd_clk]]]
