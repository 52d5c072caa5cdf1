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
tee -q -o [::skillpilot::report hierarchy.txt] hierarchy -check -top $::param(top) {*}$top_values
procs
tee -q -o [::skillpilot::report stat.txt] stat -top $::param(top)

# The tree of `stat`: two spaces a level, name, count under one parent. Counts are multiplied down the tree.
set inside 0
set depth 0
set instances 0
set names {}
set lines {}
array set factor {}
foreach line [split [::skillpilot::read_bytes [::skillpilot::report stat.txt]] "\n"] {
    if {[regexp {^=== design hierarchy ===} $line]} { set inside 1; continue }
    if {!$inside || ![regexp {^   ( *)(\S+)\s+(\d+)$} $line all spaces name count]} {
        if {$inside && [llength $names] > 0} break
        continue
    }
    set level [expr {[string length $spaces] / 2}]
    set factor($level) [expr {$level == 0 ? $count : $factor([expr {$level - 1}]) * $count}]
    if {$level > 0} { incr instances $factor($level) }
    if {$level + 1 > $depth} { set depth [expr {$level + 1}] }
    if {[lsearch -exact $names $name] < 0} { lappend names $name }
    lappend lines "[string repeat {  } $level]$name x$factor($level)"
}
if {[llength $names] == 0} {
    # a design of one module has no tree in `stat`
    set names [list $::param(top)]
    set lines [list "$::param(top) x1"]
    set depth 1
}
::skillpilot::write_report tree.txt "modules [llength $names]\ninstances $instances\ndepth $depth\n\n[join $lines \n]"
