# Both versions are flattened, asynchronous resets made synchronous alike in both, then matched by name and proven by induction.
yosys -import
foreach side {gold gate} {
    foreach source [concat $::param(cells) $::param($side)] {
        if {[string match *.il $source]} { read_rtlil $source } else { read_verilog -sv $source }
    }
    prep -flatten -top $::param(top)
    async2sync
    design -stash $side
}
design -copy-from gold -as gold $::param(top)
design -copy-from gate -as gate $::param(top)
equiv_make gold gate equiv
hierarchy -top equiv
techmap
dffunmap
clean
equiv_simple -undef
equiv_induct -undef -seq $::param(induction)
tee -q -o [::skillpilot::report equiv_status.txt] equiv_status
