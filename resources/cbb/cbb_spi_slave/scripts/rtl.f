rtl/cbb_spi_slave.sv
