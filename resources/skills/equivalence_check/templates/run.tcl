# Both versions are flattened and matched by name. Their registers are compared structurally: clock, edge, asynchronous
# resets, initial values. Then every matched point is proven by induction. Unless both versions have one clock, one edge and
# the same resets throughout, clocks and resets become ordinary signals of a global time (clk2fflogic), so that another
# edge, clock or reset is another behaviour.
yosys -import
set work [file join $::skillpilot::setting(run_dir) work]
set top $::param(top)

set read_options {}
foreach each $::param(defines) { lappend read_options -D$each }
foreach each $::param(include_dirs) { lappend read_options -I$each }
foreach side {gold gate} {
    foreach source [concat $::param(cells) $::param($side)] {
        if {[string match *.il $source]} { read_rtlil $source } else { read_verilog -sv {*}$read_options $source }
    }
    hierarchy -check -top $top
    setattr -mod -unset keep_hierarchy
    yosys proc
    flatten
    # before anything takes a Z for an unknown value
    tribuf -merge
    prep -flatten -top $top
    # an assumption of one version must not help its own proof
    chformal -remove
    # nobody can look into a black box: what goes in is an output of both versions, what comes out an input
    expose -evert {t:*} {t:$*} %d {t:$paramod*} %u
    write_rtlil [file join $work $side.il]
    design -stash $side
}

# A driver that lets go: what its net is then is an input of both versions, the same for all, so that a Z is equal to a Z
# and to nothing else. The nets that such drivers drive:
proc floating {file} {
    set names {}
    set inside 0
    foreach line [split [::skillpilot::read_bytes $file] "\n"] {
        set line [string trim $line]
        if {[string match {cell $tribuf *} $line]} { set inside 1 } elseif {$line eq "end"} { set inside 0 }
        if {$inside && [regexp {^connect \\Y (.*)$} $line all signal]} {
            foreach name [regexp -all -inline {[\\$]\S+} $signal] { dict set names $name 1 }
        }
    }
    return $names
}

proc read_z {file top floating} {
    set text [::skillpilot::read_bytes $file]
    set port 0
    foreach {all id} [regexp -all -inline -line {^ +wire .*(?:input|output|inout) (\d+) } $text] { set port [expr {max($port, $id)}] }
    set lines {}
    set inside 0
    foreach line [split $text "\n"] {
        if {[regexp {^ *cell \$tribuf (\S+)$} $line all name]} { set line "  cell \$mux $name"; set inside 1 }
        if {[string trim $line] eq "end"} { set inside 0 }
        if {$inside && [regexp {^ *parameter \\WIDTH (\d+)$} $line all width]} {
            lappend lines "    connect \\A { [string repeat {\skillpilot_z } $width]}"
        } elseif {$inside && [regexp {^ *connect \\(A|EN) (.*)$} $line all name signal]} {
            set line "    connect \\[dict get {A B EN S} $name] $signal"
        } elseif {[regexp {^( +wire .*)inout (\d+ )(\S+)$} $line all head id name] && [dict exists $floating $name]} {
            # what others drive meanwhile is that input
            set line "${head}output $id$name"
        }
        lappend lines $line
        if {$line eq "module \\$top"} { lappend lines "  wire input [expr {$port + 1}] \\skillpilot_z" }
    }
    set handle [open $file w]
    puts -nonewline $handle [join $lines "\n"]
    close $handle
    design -reset
    read_rtlil $file
    hierarchy -top $top
}
set floating [dict merge [floating [file join $work gold.il]] [floating [file join $work gate.il]]]
if {[dict size $floating] > 0} {
    foreach side {gold gate} {
        read_z [file join $work $side.il] $top $floating
        design -stash $side
    }
}

# name -> {bits parameters} of each memory
proc memories {file top} {
    set found {}
    set inside 0
    set name ""
    foreach line [split [::skillpilot::read_bytes $file] "\n"] {
        set line [string trim $line]
        if {[regexp {^module (\S+)$} $line all module]} { set inside [expr {$module eq "\\$top"}] }
        if {!$inside} continue
        if {[regexp {^cell \$mem\S* (\S+)$} $line all name]} { array unset size; array set size {SIZE 0 WIDTH 0}; set parameters {}; continue }
        if {$name eq ""} continue
        if {[regexp {^parameter (?:signed )?\\(\S+) (.*)$} $line all parameter value]} {
            set size($parameter) $value
            lappend parameters [list $parameter $value]
        } elseif {$line eq "end"} {
            dict set found $name [list [expr {$size(SIZE) * $size(WIDTH)}] [lsort $parameters]]
            set name ""
        }
    }
    return $found
}

# Memories become registers, which are compared like others. A large one that has the same shape, contents and ports in
# both versions stays a cell: then everything that goes into it is proven equal.
set kept {}
set large {}
foreach side {gold gate} { set memory($side) [memories [file join $work $side.il] $top] }
foreach {side other} {gold gate gate gold} {
    dict for {name entry} $memory($side) {
        if {[lindex $entry 0] <= $::param(memory_bits) || $name in $kept} continue
        if {![dict exists $memory($other) $name]} {
            lappend large "[string trimleft $name \\] ([lindex $entry 0] bits) is a memory in one version only"
        } elseif {[dict get $memory($other) $name] eq $entry} {
            lappend kept $name
        } elseif {$side eq "gold"} {
            set differ {}
            foreach ours [lindex $entry 1] theirs [lindex [dict get $memory($other) $name] 1] { if {$ours ne $theirs} { lappend differ [lindex $ours 0] } }
            lappend large "[string trimleft $name \\] ([lindex $entry 0] bits) differs in [join $differ {, }]"
        }
    }
}
if {[llength $large] > 0} { error "memories that are not alike and too large to be compared as registers (memory_bits $::param(memory_bits)): [join $large {; }]" }
foreach side {gold gate} {
    design -load $side
    set selection [list t:\$mem*]
    foreach name $kept { lappend selection c:$name %d }
    memory_map {*}$selection
    opt_clean
    design -save $side
    # registers bit by bit, for the structural comparison
    simplemap
    opt_clean
    write_rtlil [file join $work $side.bits.il]
    design -reset
}

# ---- reading RTLIL ---------------------------------------------------------------------------------------------------

# Bits of a signal, lowest first: {name index} for wires, a single character for constants.
proc signal_bits {text widths} {
    set text [string trim $text]
    if {[string index $text 0] eq "\{"} {
        set bits {}
        set parts {}
        foreach word [lrange [regexp -all -inline {\S+} $text] 1 end-1] {
            if {[string index $word 0] eq "\["} { set parts [lreplace $parts end end "[lindex $parts end] $word"] } else { lappend parts $word }
        }
        foreach part [lreverse $parts] { lappend bits {*}[signal_bits $part $widths] }
        return $bits
    }
    if {[regexp {^\d+'([01xzm-]*)$} $text all digits]} { return [lreverse [split $digits ""]] }
    if {[string is integer -strict $text]} {
        set bits {}
        for {set i 0} {$i < 32} {incr i} { lappend bits [expr {($text >> $i) & 1}] }
        return $bits
    }
    if {[regexp {^(\S+) \[(\d+):(\d+)\]$} $text all name high low]} {
        set bits {}
        for {set i $low} {$i <= $high} {incr i} { lappend bits [list $name $i] }
        return $bits
    }
    if {[regexp {^(\S+) \[(\d+)\]$} $text all name index]} { return [list [list $name $index]] }
    set bits {}
    for {set i 0} {$i < [dict get $widths $text]} {incr i} { lappend bits [list $text $i] }
    return $bits
}

# ports: name -> direction width. init: bit -> value. driver: bit -> {bit inverted}. register: bit of Q -> {type connections}.
# driven: bits that a cell may drive.
proc read_netlist {file top} {
    set widths {}
    set ports {}
    set init {}
    set driver {}
    set register {}
    set driven {}
    set inside 0
    set pending ""
    set cell {}
    foreach line [split [::skillpilot::read_bytes $file] "\n"] {
        set line [string trim $line]
        if {[regexp {^module (\S+)$} $line all name]} { set inside [expr {$name eq "\\$top"}]; continue }
        if {!$inside} continue
        if {[regexp {^attribute \\init (.*)$} $line all pending]} continue
        if {[regexp {^attribute } $line]} continue
        if {[regexp {^wire (?:width (\d+) )?(.*?)(\S+)$} $line all width options name]} {
            if {$width eq ""} { set width 1 }
            dict set widths $name $width
            foreach {kind} {input output inout} { if {[regexp "\\m$kind " $options]} { dict set ports [string range $name 1 end] "$kind $width" } }
            if {$pending ne ""} {
                set index 0
                foreach value [signal_bits $pending {}] { dict set init [list $name $index] $value; incr index }
                set pending ""
            }
            continue
        }
        if {[regexp {^cell (\S+) (\S+)$} $line all type name]} { set cell [list $type {}]; continue }
        if {[llength $cell] > 0} {
            if {[regexp {^connect (\S+) (.*)$} $line all port signal]} { lset cell 1 [dict replace [lindex $cell 1] $port $signal]; continue }
            if {$line ne "end"} continue
            lassign $cell type connections
            set cell {}
            # every port of a cell that is not Yosys' own may be an output
            dict for {port signal} $connections {
                if {[string index $type 0] eq "\$" && [lsearch -exact {Y Q X CO} [string range $port 1 end]] < 0} continue
                foreach bit [signal_bits $signal $widths] { dict set driven $bit 1 }
            }
            if {$type eq "\$_NOT_"} {
                dict set driver [lindex [signal_bits [dict get $connections "\\Y"] $widths] 0] \
                    [list [lindex [signal_bits [dict get $connections "\\A"] $widths] 0] 1]
            } elseif {[regexp {^\$_(?:DFF|DFFE|DFFSR|DFFSRE|ALDFF|ALDFFE|SDFF|SDFFE|SDFFCE|DLATCH|DLATCHSR|SR|FF)_} $type]} {
                set nets {}
                dict for {port signal} $connections { dict set nets [string range $port 1 end] [lindex [signal_bits $signal $widths] 0] }
                dict set register [dict get $nets Q] [list $type $nets]
            }
            continue
        }
        if {[regexp {^connect (\{[^\}]*\}|\S+(?: \[[0-9:]+\])?) (.*)$} $line all left right]} {
            foreach to [signal_bits $left $widths] from [signal_bits $right $widths] { dict set driver $to [list $from 0] }
        }
    }
    return [dict create widths $widths ports $ports init $init driver $driver register $register driven $driven]
}

# The bit that a bit copies, through names and inverters.
proc origin {driver bit} {
    set inverted 0
    set steps 0
    while {[dict exists $driver $bit] && [incr steps] < 1000} {
        lassign [dict get $driver $bit] bit more
        set inverted [expr {$inverted ^ $more}]
    }
    return [list $bit $inverted]
}

proc bit_name {bit} {
    if {[llength $bit] < 2} { return $bit }
    lassign $bit name index
    return "[string trimleft $name \\]\[$index\]"
}

# How a register is controlled: list of {role net phase} with nets traced to where they come from.
proc controls {netlist entry} {
    lassign $entry type nets
    regexp {^\$_([A-Z]+)_(.*)_$} $type all family letters
    set letters [split $letters ""]
    set roles {}
    switch $family {
        DFF - DFFE { set roles [list clock C [lindex $letters 0]]
            if {[string match {[01]} [lindex $letters 2]]} { lappend roles "reset to [lindex $letters 2]" R [lindex $letters 1] } }
        SDFF - SDFFE - SDFFCE { set roles [list clock C [lindex $letters 0]] }
        DFFSR - DFFSRE { set roles [list clock C [lindex $letters 0] "reset to 1" S [lindex $letters 1] "reset to 0" R [lindex $letters 2]] }
        ALDFF - ALDFFE { set roles [list clock C [lindex $letters 0] load L [lindex $letters 1]] }
        DLATCH { set roles [list "latch enable" E [lindex $letters 0]]
            if {[llength $letters] > 2} { lappend roles "reset to [lindex $letters 2]" R [lindex $letters 1] } }
        DLATCHSR { set roles [list "latch enable" E [lindex $letters 0] "reset to 1" S [lindex $letters 1] "reset to 0" R [lindex $letters 2]] }
        SR { set roles [list "reset to 1" S [lindex $letters 0] "reset to 0" R [lindex $letters 1]] }
    }
    set found {}
    foreach {role port letter} $roles {
        lassign [origin [dict get $netlist driver] [dict get $nets $port]] net inverted
        set high [expr {($letter eq "P") ^ $inverted}]
        set phase [expr {$role eq "clock" ? ($high ? "rising" : "falling") : ($high ? "high" : "low")}]
        lappend found [list $role $net $phase]
    }
    return [lsort $found]
}

proc is_input {netlist net} {
    if {[llength $net] < 2} { return 0 }
    set name [string range [lindex $net 0] 1 end]
    return [expr {[dict exists $netlist ports $name] && [lindex [dict get $netlist ports $name] 0] eq "input"}]
}

# ---- the structural comparison ---------------------------------------------------------------------------------------

foreach side {gold gate} { set netlist($side) [read_netlist [file join $work $side.bits.il] $top] }

set differing {}
foreach name [lsort -unique [concat [dict keys [dict get $netlist(gold) ports]] [dict keys [dict get $netlist(gate) ports]]]] {
    foreach side {gold gate} { set port($side) [expr {[dict exists $netlist($side) ports $name] ? [dict get $netlist($side) ports $name] : "none"}] }
    if {$port(gold) ne $port(gate)} { lappend differing "$name: $port(gold) in the reference, $port(gate) in the other version" }
}
if {[llength $differing] > 0} { error "the two versions have different ports (direction, bits): [join [lrange $differing 0 19] {; }]" }

# names of a register's bit -> its entry
foreach side {gold gate} {
    set named($side) {}
    dict for {name width} [dict get $netlist($side) widths] {
        if {[string index $name 0] ne "\\"} continue
        for {set i 0} {$i < $width} {incr i} {
            lassign [origin [dict get $netlist($side) driver] [list $name $i]] bit inverted
            if {$inverted || ![dict exists $netlist($side) register $bit]} continue
            dict set named($side) [list $name $i] $bit
        }
    }
}
proc initial_value {netlist names bit} {
    # the attribute may stand at any of the names of one register
    foreach name [concat [list $bit] $names] {
        if {[dict exists $netlist init $name] && [dict get $netlist init $name] ne "x"} { return [dict get $netlist init $name] }
    }
    return x
}
foreach side {gold gate} {
    set names($side) {}
    dict for {name bit} $named($side) { dict lappend names($side) $bit $name }
}

# Whether one step may stand for one edge: a single clock input with one edge in both versions, and nothing asynchronous but
# in registers that have the same name and the same controls in both.
set clocks {}
set single 1
foreach {side other} {gold gate gate gold} {
    dict for {bit entry} [dict get $netlist($side) register] {
        set clocked 0
        foreach item [controls $netlist($side) $entry] {
            lassign $item role net phase
            if {$role eq "clock"} {
                set clocked 1
                dict set clocks "$net $phase" 1
                if {![is_input $netlist($side) $net]} { set single 0 }
            } else {
                set matched 0
                foreach name [expr {[dict exists $names($side) $bit] ? [dict get $names($side) $bit] : {}}] {
                    if {[dict exists $named($other) $name]} { set matched 1 }
                }
                if {!$matched} { set single 0 }
            }
        }
        if {!$clocked} { set single 0 }
    }
}
if {[dict size $clocks] != 1} { set single 0 }

set refused {}
set notes {}
set unmatched 0
# An output that nothing drives is skipped by equiv_make: in the reference it matches anything, in the other version nothing.
set open_reference 0
dict for {name interface} [dict get $netlist(gold) ports] {
    lassign $interface direction width
    if {$direction ne "output"} continue
    for {set i 0} {$i < $width} {incr i} {
        foreach side {gold gate} {
            lassign [origin [dict get $netlist($side) driver] [list "\\$name" $i]] bit
            set known($side) [expr {([llength $bit] < 2 && $bit ne "x") || [dict exists $netlist($side) driven $bit] || [is_input $netlist($side) $bit]}]
        }
        if {!$known(gold)} { incr open_reference } elseif {!$known(gate)} {
            lappend notes "refused $name\[$i\]: nothing drives it in the other version"
            dict set refused "$name\[$i\]" 1
        }
    }
}

dict for {bit bitNames} $names(gold) {
    set match ""
    foreach name $bitNames { if {[dict exists $named(gate) $name]} { set match [dict get $named(gate) $name]; break } }
    set label [bit_name [lindex $bitNames 0]]
    set value(gold) [initial_value $netlist(gold) $bitNames $bit]
    if {$match eq ""} {
        if {$value(gold) ne "x"} { set unmatched 1 }
        continue
    }
    set label [bit_name $name]
    set control(gold) [controls $netlist(gold) [dict get $netlist(gold) register $bit]]
    set control(gate) [controls $netlist(gate) [dict get $netlist(gate) register $match]]
    if {$control(gold) ne $control(gate)} {
        set text {}
        set plain 1
        foreach side {gold gate} {
            set words {}
            foreach item $control($side) {
                lassign $item role net phase
                lappend words "$role [bit_name $net] $phase"
                if {![is_input $netlist($side) $net]} { set plain 0 }
            }
            lappend text [expr {[llength $words] == 0 ? "no clock" : [join $words {, }]}]
        }
        # clocks and resets that are computed may differ in form and agree in behaviour: the proof decides about those
        lappend notes "[expr {$plain ? {refused} : {note}}] $label: [lindex $text 0]; in the other version [lindex $text 1]"
        if {$plain} { dict set refused $label 1 }
    }
    if {$::param(initial_values) eq "compare" && $value(gold) ne "x"} {
        set value(gate) [initial_value $netlist(gate) [dict get $names(gate) $match] $match]
        if {$value(gate) ne $value(gold)} {
            lappend notes "refused $label: initial value $value(gold); in the other version [expr {$value(gate) eq {x} ? {none} : $value(gate)}]"
            dict set refused $label 1
        }
    }
}
::skillpilot::alive

# ---- the proof -------------------------------------------------------------------------------------------------------

proc both_versions {} {
    design -reset
    foreach side {gold gate} { design -copy-from $side -as $side $::top }
}

# How registers are modelled: clk2fflogic knows clocks, async2sync takes every step for an edge of the one clock.
set model [expr {$single && [llength $notes] == 0 ? "async2sync" : "clk2fflogic"}]
both_versions
equiv_make gold gate equiv
hierarchy -top equiv
$model
techmap
dffunmap
opt_clean
# between two global steps no register is a function of its inputs alone
if {$model eq "async2sync"} { equiv_simple -undef }
equiv_induct -undef -seq $::param(induction)
tee -q -o [::skillpilot::report equiv_status.txt] equiv_status
set status [::skillpilot::read_bytes [::skillpilot::report equiv_status.txt]]
if {![regexp {Of those cells (\d+) are proven and (\d+) are unproven} $status all proven unproven]} {
    error "no point of the two versions has the same name: there is nothing to prove"
}
set points [expr {$proven + $unproven}]
set open {}
foreach {all name index} [regexp -all -inline -line {^ *Unproven \$equiv \S+: \\(\S+)_gold(?: \[(\d+)\])? } $status] {
    lappend open "$name\[[expr {$index eq {} ? 0 : $index}]\]"
}
foreach name $open { dict unset refused $name }

# Initial values of registers that were renamed: both versions from their start on, for as many steps as the induction takes for granted.
if {$unmatched && $::param(initial_values) eq "compare"} {
    both_versions
    $model
    miter -equiv -ignore_gold_x -make_outputs -flatten gold gate miter
    hierarchy -top miter
    tee -q -o [::skillpilot::report initial_values.txt] sat -seq [expr {$::param(induction) + 1}] -prove trigger 0 -set-init-undef -set-def-inputs -show-ports miter
    set answer [::skillpilot::read_bytes [::skillpilot::report initial_values.txt]]
    if {![regexp {no model found: SUCCESS} $answer]} {
        lappend notes "refused outputs: registers with an initial value have other names in the other version, and the outputs differ, or may differ, after the start (initial_values.txt)"
        dict set refused "the start" 1
    }
}

# What tells the two apart, where something does within some steps from a reset on (an edge of the clock each).
set counterexample ""
if {[llength $open] > 0 && $points <= 4000 && [llength $kept] == 0 && ($model eq "async2sync" || [dict size $clocks] == 0)} {
    set reset {}
    dict for {bit entry} [dict get $netlist(gold) register] {
        foreach item [controls $netlist(gold) $entry] {
            lassign $item role net phase
            if {[string match "reset*" $role] && [is_input $netlist(gold) $net]} { dict set reset [string range [lindex $net 0] 1 end] [expr {$phase eq "high"}] }
        }
    }
    both_versions
    $model
    miter -equiv -ignore_gold_x -make_outputs -flatten gold gate miter
    hierarchy -top miter
    set held {}
    dict for {name level} $reset { lappend held -set-at 1 in_$name $level }
    set steps [::skillpilot::report counterexample.txt]
    tee -q -o $steps sat -ignore_unknown_cells -seq 1 -tempinduct-baseonly -maxsteps 24 -timeout 60 -prove trigger 0 {*}$held -set-init-undef -set-def-inputs -show-ports -dump_vcd [::skillpilot::report counterexample.vcd] miter
    set answer [::skillpilot::read_bytes $steps]
    set seen {}
    foreach {all step name digits} [regexp -all -inline -line {^ +(\d+) \\(\S+) .* ([01x]+)\s*$} $answer] { dict set seen $step $name $digits }
    set last [lindex [lsort -integer [dict keys $seen]] end]
    if {$last ne ""} {
        set words {}
        dict for {name digits} [dict get $seen $last] {
            if {[regexp {^gold_(.*)$} $name all output] && [dict exists $seen $last gate_$output] && [dict get $seen $last gate_$output] ne $digits} {
                lappend words "$output is $digits, in the other version [dict get $seen $last gate_$output]"
            }
        }
        set inputs {}
        dict for {name digits} [dict get $seen $last] { if {[regexp {^in_(.*)$} $name all input]} { lappend inputs "$input=$digits" } }
        if {[llength $words] > 0} { set counterexample "step $last: [join $words {; }]; with [join $inputs { }]" }
    }
}

set unproven [expr {min($points, $unproven + [dict size $refused])}]
set verdict [expr {$unproven == 0 ? "equal" : "not proven equal"}]
set lines [list "points $points" "proven [expr {$points - $unproven}]" "unproven $unproven" "clocking_differences [llength $notes]" "verdict $verdict" "registers modelled by $model"]
if {$counterexample ne ""} { lappend lines "counterexample, [dict size $seen] steps in counterexample.txt and counterexample.vcd: $counterexample" }
if {$::param(initial_values) eq "ignore"} { lappend lines "initial values were not compared" }
if {[llength $kept] > 0} { lappend lines "memories compared by what goes into them: [string map {\\ {}} [join $kept {, }]]" }
if {$open_reference > 0} { lappend lines "$open_reference output bits of the reference are undriven or unknown: anything matches them" }
if {[llength $notes] > 0} { lappend lines "" "Registers with other clocks, resets or initial values:" }
foreach note [lrange $notes 0 9999] { lappend lines "  $note" }
::skillpilot::write_report equivalence.txt [join $lines "\n"]
if {$::param(fail_unless_equal) && $unproven > 0} { error "$unproven of $points points are not proven equal[expr {$counterexample eq {} ? {} : " ($counterexample)"}]: see equivalence.txt" }
