rtl/cbb_uart_rx.sv
