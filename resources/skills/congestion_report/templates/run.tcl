if {$::param(threads) > 1} { setMultiCpuUsage -localCpu $::param(threads) }
reportCongestion -overflow -hotSpot > [::skillpilot::report congestion.rpt]
