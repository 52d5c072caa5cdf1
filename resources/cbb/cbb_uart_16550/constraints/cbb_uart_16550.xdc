# Crossings of cbb_uart_16550. Vivado: read_xdc -ref cbb_uart_16550 cbb_uart_16550.xdc, after the clocks are defined.

# rxd to clk, into rx_sync[0]: a flop that may be between two levels for a while.
set_false_path -to [get_cells -quiet {rx_sync_reg[0]}]

# cts_n to clk, into modem_meta[0]: a flop that may be between two levels for a while.
set_false_path -to [get_cells -quiet {modem_meta_reg[0]}]

# dsr_n to clk, into modem_meta[1]: a flop that may be between two levels for a while.
set_false_path -to [get_cells -quiet {modem_meta_reg[1]}]

# ri_n to clk, into modem_meta[2]: a flop that may be between two levels for a while.
set_false_path -to [get_cells -quiet {modem_meta_reg[2]}]

# dcd_n to clk, into modem_meta[3]: a flop that may be between two levels for a while.
set_false_path -to [get_cells -quiet {modem_meta_reg[3]}]
