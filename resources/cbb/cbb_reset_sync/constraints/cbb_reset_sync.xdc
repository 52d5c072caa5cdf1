# Crossings of cbb_reset_sync. Vivado: read_xdc -ref cbb_reset_sync cbb_reset_sync.xdc, after the clocks are defined.

# arst_n, released with clk in chain: its assertion has no time.
set_false_path -to [get_pins -quiet -filter {REF_PIN_NAME == CLR || REF_PIN_NAME == PRE} -of_objects [get_cells -quiet {chain_reg*}]]
