# Crossings of cbb_sync_bit. Vivado: read_xdc -ref cbb_sync_bit cbb_sync_bit.xdc, after the clocks are defined.

# d to clk, into chain[0]: a flop that may be between two levels for a while.
set_false_path -to [get_cells -quiet {chain_reg[0]}]
