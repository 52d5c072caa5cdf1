if {$::param(threads) > 1} { setMultiCpuUsage -localCpu $::param(threads) }
report_power -outfile [::skillpilot::report power.rpt]
