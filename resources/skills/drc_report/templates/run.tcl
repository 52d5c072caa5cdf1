if {$::param(threads) > 1} { setMultiCpuUsage -localCpu $::param(threads) }
# verify_drc prints a total only when there is a violation; the summary says 0 plainly, so that silence never reads as clean.
set report [::skillpilot::report drc.rpt]
verify_drc -limit $::param(limit) -report $report
set text [::skillpilot::read_bytes $report]
if {[regexp {Total Violations : (\d+) Viols} $text all count]} {
} elseif {[regexp {No DRC violations were found} $text]} {
    set count 0
} else {
    error "verify_drc gave neither a total nor a clean verdict"
}
::skillpilot::write_report drc_summary.rpt "violations $count"
