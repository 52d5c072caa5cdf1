rtl/cbb_debounce.sv
