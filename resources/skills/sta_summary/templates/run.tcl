# OpenSTA's own redirection writes the reports. Libraries, netlist and constraints were read by the restore wrapper.
set_cmd_units -time ns
report_wns -digits 4 > [::skillpilot::report totals.rpt]
report_tns -digits 4 >> [::skillpilot::report totals.rpt]
report_checks -path_delay max -digits 4 > [::skillpilot::report setup.rpt]
report_checks -path_delay min -digits 4 > [::skillpilot::report hold.rpt]
report_checks -path_delay max -digits 4 -group_count $::param(endpoints) -format end > [::skillpilot::report endpoints.rpt]
check_setup -verbose > [::skillpilot::report check_setup.rpt]
