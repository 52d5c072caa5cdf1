rtl/cbb_uart_tx.sv
