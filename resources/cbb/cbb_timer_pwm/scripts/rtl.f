rtl/cbb_timer_pwm.sv
