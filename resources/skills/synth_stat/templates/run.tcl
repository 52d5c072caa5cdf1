# Synthesises to generic gates, or to a library. What the sources themselves say is read before anything is optimised.
yosys -import
# What is read: a restored database, sources, or both.
set read_options {}
foreach each $::param(defines) { lappend read_options -D$each }
foreach each $::param(include_dirs) { lappend read_options -I$each }
foreach source $::param(sources) {
    if {[string match *.il $source]} { read_rtlil $source } else { read_verilog -sv {*}$read_options $source }
}
set top_values {}
foreach each $::param(top_parameters) {
    set at [string first = $each]
    lappend top_values -chparam [string range $each 0 [expr {$at - 1}]] [string range $each [expr {$at + 1}] end]
}
hierarchy -check -top $::param(top) {*}$top_values
procs
# problems and memories as they are written: optimisation removes both
design -push-copy
flatten
tee -q -o [::skillpilot::report check.txt] check
tee -q -o [::skillpilot::report elaborated.json] stat -json -top $::param(top)
design -pop
if {$::param(flatten)} { synth -flatten -top $::param(top) } else { synth -top $::param(top) }
abc -g AND,OR,XOR,MUX
opt_clean
# the depth is read before library cells come in, which Yosys does not look into
tee -q -o [::skillpilot::report depth.txt] ltp -noff
set area {}
if {[info exists ::param(liberty)]} {
    dfflibmap -liberty $::param(liberty)
    abc -liberty $::param(liberty)
    opt_clean
    tee -q -o [::skillpilot::report stat.txt] stat -top $::param(top) -liberty $::param(liberty)
    # `stat` adds up the cells that it knows; an area that leaves others out is none
    array set unknown {}
    set total ""
    foreach line [split [::skillpilot::read_bytes [::skillpilot::report stat.txt]] "\n"] {
        # the last list of cells is the whole design's
        if {[regexp {^   Number of cells:} $line]} { array unset counts; array set counts {} }
        if {[regexp {^     (\S+)\s+(\d+)$} $line all type count]} { set counts($type) $count }
        if {[regexp {^   Area for cell type \\?(\S+) is unknown!} $line all type]} { set unknown($type) 1 }
        if {[regexp {^   Chip area for (?:top )?module .*: (\d+\.\d+)$} $line all value]} { set total $value }
    }
    set unmapped 0
    foreach type [array names unknown] {
        if {![info exists counts($type)] || $type eq "\$scopeinfo"} continue
        incr unmapped $counts($type)
        lappend area "unmapped $type $counts($type)"
    }
    lappend area "unmapped_cells $unmapped"
    if {$unmapped == 0 && $total ne ""} { lappend area "area $total" }
} else {
    lappend area "no library"
    tee -q -o [::skillpilot::report stat.txt] stat -top $::param(top)
}
::skillpilot::write_report area.txt [join $area "\n"]
tee -q -o [::skillpilot::report stat.json] stat -json -top $::param(top)
write_verilog -noattr [::skillpilot::report netlist.v]
