# Crossings of cbb_axil_gpio. Vivado: read_xdc -ref cbb_axil_gpio cbb_axil_gpio.xdc, after the clocks are defined.

# gpio_in to clk, into in_meta: a flop that may be between two levels for a while.
set_false_path -to [get_cells -quiet {in_meta_reg*}]
