# Crossings of cbb_spi_slave. Vivado: read_xdc -ref cbb_spi_slave cbb_spi_slave.xdc, after the clocks are defined.

# sclk to clk, into sclk_sync[0]: a flop that may be between two levels for a while.
set_false_path -to [get_cells -quiet {sclk_sync_reg[0]}]

# mosi to clk, into mosi_sync[0]: a flop that may be between two levels for a while.
set_false_path -to [get_cells -quiet {mosi_sync_reg[0]}]

# cs_n to clk, into cs_sync[0]: a flop that may be between two levels for a while.
set_false_path -to [get_cells -quiet {cs_sync_reg[0]}]
