# OpenSTA's own redirection writes the reports. Libraries, netlist and constraints were read by the restore wrapper.
set_cmd_units -time ns
report_wns -digits 4 > [::skillpilot::report totals.rpt]
report_tns -digits 4 >> [::skillpilot::report totals.rpt]
report_checks -path_delay max -digits 4 > [::skillpilot::report setup.rpt]
report_checks -path_delay min -digits 4 > [::skillpilot::report hold.rpt]
report_checks -path_delay max -digits 4 -group_count $::param(endpoints) -format end > [::skillpilot::report endpoints.rpt]
check_setup -verbose > [::skillpilot::report check_setup.rpt]
# check_setup says nothing where all is well; the counts say 0 plainly, so that silence never reads as constrained
set text [::skillpilot::read_bytes [::skillpilot::report check_setup.rpt]]
set counts {}
foreach {name pattern} {
    unconstrained_endpoints {There (?:is|are) (\d+) unconstrained endpoint}
    unclocked_pins {There (?:is|are) (\d+) unclocked register}
    inputs_without_delay {There (?:is|are) (\d+) input ports? missing set_input_delay}
    loops {There (?:is|are) (\d+) combinational loop}
} {
    set count 0
    regexp $pattern $text all count
    lappend counts "$name $count"
}
::skillpilot::write_report coverage.txt [join $counts "\n"]
