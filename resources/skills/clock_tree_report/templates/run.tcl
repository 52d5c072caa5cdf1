if {$::param(threads) > 1} { setMultiCpuUsage -localCpu $::param(threads) }
report_ccopt_clock_trees -file [::skillpilot::report clock_trees.rpt]
report_ccopt_skew_groups -file [::skillpilot::report skew_groups.rpt]
