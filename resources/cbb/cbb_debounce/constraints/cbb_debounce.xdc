# Crossings of cbb_debounce. Vivado: read_xdc -ref cbb_debounce cbb_debounce.xdc, after the clocks are defined.

# noisy to clk, into sync[0]: a flop that may be between two levels for a while.
set_false_path -to [get_cells -quiet {sync_reg[0]}]
