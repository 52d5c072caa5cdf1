rtl/cbb_watchdog.sv
