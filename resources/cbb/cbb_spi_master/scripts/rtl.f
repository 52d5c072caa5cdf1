rtl/cbb_spi_master.sv
