if {$::param(threads) > 1} { setMultiCpuUsage -localCpu $::param(threads) }
# timeDesign leaves compressed summaries in -outDir; they become plain reports here. Column "all" is the first one.
set out [file join $::skillpilot::setting(run_dir) work timeDesign]
timeDesign -$::param(stage) -prefix summary -outDir $out
timeDesign -$::param(stage) -hold -prefix summary -outDir $out
foreach {check name} {setup summary.summary hold summary_hold.summary} {
    set source [file join $out $name]
    if {[file exists $source.gz]} { exec gzip -dcf $source.gz > $source }
    file copy -force -- $source [::skillpilot::report $check.summary]
    ::skillpilot::alive
}
report_timing -max_paths $::param(max_paths) > [::skillpilot::report worst_paths.rpt]
