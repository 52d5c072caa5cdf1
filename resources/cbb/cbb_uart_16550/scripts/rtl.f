rtl/cbb_uart_16550_fifo.sv
rtl/cbb_uart_16550.sv
