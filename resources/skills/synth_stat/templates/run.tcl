# Reads sources where no database was restored, then synthesises to gates.
yosys -import
if {[info exists ::param(sources)]} {
    foreach source $::param(sources) {
        if {[string match *.il $source]} { read_rtlil $source } else { read_verilog -sv $source }
    }
}
hierarchy -check -top $::param(top)
if {$::param(flatten)} { synth -flatten -top $::param(top) } else { synth -top $::param(top) }
abc -g AND,OR,XOR,MUX
opt_clean
# depth and problems are read before library cells come in, which Yosys does not look into
tee -q -o [::skillpilot::report check.txt] check
tee -q -o [::skillpilot::report depth.txt] ltp -noff
if {[info exists ::param(liberty)]} {
    dfflibmap -liberty $::param(liberty)
    abc -liberty $::param(liberty)
    opt_clean
    tee -q -o [::skillpilot::report stat.txt] stat -top $::param(top) -liberty $::param(liberty)
} else {
    tee -q -o [::skillpilot::report stat.txt] stat -top $::param(top)
}
tee -q -o [::skillpilot::report stat.json] stat -json -top $::param(top)
write_verilog -noattr [::skillpilot::report netlist.v]
