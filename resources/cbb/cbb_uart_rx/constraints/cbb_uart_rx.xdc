# Crossings of cbb_uart_rx. Vivado: read_xdc -ref cbb_uart_rx cbb_uart_rx.xdc, after the clocks are defined.

# rxd to clk, into sync[0]: a flop that may be between two levels for a while.
set_false_path -to [get_cells -quiet {sync_reg[0]}]
