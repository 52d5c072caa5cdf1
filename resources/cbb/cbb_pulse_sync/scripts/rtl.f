rtl/cbb_pulse_sync.sv
