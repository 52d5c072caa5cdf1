rtl/cbb_axil_gpio.sv
