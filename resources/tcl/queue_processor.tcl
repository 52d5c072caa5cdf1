# The executor inside the tool: polls queue/, sources scripts of the run directory, answers in ack/, beats in session/heartbeat.
# Runs in any Tcl from 8.5 on: Innovus, Yosys, OpenSTA, Magic, Netgen, tclsh. Protocol: docs/skills/protocols.md.
# Hosts differ: OpenSTA replaces `source`, Magic has no global `clock`, Yosys dies on a command's error even inside catch;
# so scripts are read, hashed and evaluated here, and a death without an ack is the supervisor's to judge.

namespace eval ::skillpilot {
    variable version 1.2.0
    variable stopping 0
    variable beatCount 0
    variable busyRequest ""
    variable answered
    array set answered {}
    # set by session/boot.tcl: run_dir job_id poll_ms heartbeat_ms mode requests version_script
    variable setting
}

# ---- for skill scripts ----------------------------------------------------------------------------------------------

# Absolute path of a file below reports/; its folder exists afterwards.
proc ::skillpilot::report {name} {
    variable setting
    if {[file pathtype $name] ne "relative" || [lsearch -exact [file split $name] ".."] >= 0} {
        error "report '$name' is not a plain path below reports/"
    }
    set path [file join $setting(run_dir) reports $name]
    file mkdir [file dirname $path]
    return $path
}

# Writes a text as a report in one go.
proc ::skillpilot::write_report {name text} {
    set channel [open [report $name] w]
    fconfigure $channel -encoding utf-8
    puts $channel [string trimright $text "\n"]
    close $channel
}

# Where a file of the person's is now: at its place, or the copy that a debug bundle brought along.
proc ::skillpilot::input {path} {
    variable setting
    if {[info exists setting(copies)] && [dict exists $setting(copies) $path]} { return [dict get $setting(copies) $path] }
    return $path
}

# Long loops of a script call this, so that the heartbeat goes on.
proc ::skillpilot::alive {} {
    variable busyRequest
    beat busy $busyRequest
}

# ---- time, files, JSON ----------------------------------------------------------------------------------------------

proc ::skillpilot::now_ms {} {
    if {[llength [info commands ::clock]] > 0} { return [::clock milliseconds] }
    return [::tcl::clock::milliseconds]
}

proc ::skillpilot::read_bytes {path} {
    set channel [open $path r]
    fconfigure $channel -translation binary
    if {[catch {read $channel} bytes options]} {
        catch {close $channel}
        return -options $options $bytes
    }
    close $channel
    return $bytes
}

# Readers see the old file or the new one, never a part: a temporary file beside it, then rename.
proc ::skillpilot::write_atomic {path text} {
    set temporary [file join [file dirname $path] ".[file tail $path].[pid].tmp"]
    set channel [open $temporary w]
    fconfigure $channel -encoding utf-8 -translation lf
    if {[catch {puts $channel $text; close $channel} message options]} {
        catch {close $channel}
        catch {file delete -- $temporary}
        return -options $options $message
    }
    file rename -force -- $temporary $path
}

proc ::skillpilot::json_string {text} {
    set result "\""
    foreach character [split $text ""] {
        scan $character %c code
        if {$code == 34 || $code == 92} {
            append result "\\" $character
        } elseif {$code < 32 || $code > 126} {
            append result [format "\\u%04x" [expr {$code & 0xffff}]]
        } else {
            append result $character
        }
    }
    return [append result "\""]
}

# pairs: key kind value ..., kind is s (string) or n (number).
proc ::skillpilot::json_object {pairs} {
    set members {}
    foreach {key kind value} $pairs {
        if {$kind eq "s"} { set value [json_string $value] }
        lappend members "\"$key\":$value"
    }
    return "{[join $members ,]}"
}

# A flat object of plain strings and integers, which is all that a request holds; anything else is an error.
proc ::skillpilot::parse_request {text} {
    set text [string trim $text]
    if {[string index $text 0] ne "\{" || [string index $text end] ne "\}"} { error "not a JSON object" }
    set body [string trim [string range $text 1 end-1]]
    set fields {}
    set at 0
    while {$at < [string length $body]} {
        if {![regexp -start $at -indices {\A\s*"([a-z0-9_]+)"\s*:\s*(?:"([^"\\[:cntrl:]]*)"|(-?[0-9]{1,15}))\s*(,|\Z)} $body all key string number comma]} {
            error "not a flat JSON object of strings and integers"
        }
        set span [expr {[lindex $string 0] >= 0 ? $string : $number}]
        dict set fields [string range $body {*}$key] [string range $body {*}$span]
        set at [expr {[lindex $all 1] + 1}]
        if {[lindex $comma 1] < [lindex $comma 0]} break
        if {$at >= [string length $body]} { error "comma at the end" }
    }
    return $fields
}

# ---- SHA-256 (FIPS 180-4), since no package can be relied on in every host -------------------------------------------

namespace eval ::skillpilot::sha256 {
    variable constants {}
    variable start {}
    # fractional parts of the cube and square roots of the first primes
    foreach hex {
        428a2f98 71374491 b5c0fbcf e9b5dba5 3956c25b 59f111f1 923f82a4 ab1c5ed5 d807aa98 12835b01 243185be 550c7dc3 72be5d74 80deb1fe 9bdc06a7 c19bf174
        e49b69c1 efbe4786 0fc19dc6 240ca1cc 2de92c6f 4a7484aa 5cb0a9dc 76f988da 983e5152 a831c66d b00327c8 bf597fc7 c6e00bf3 d5a79147 06ca6351 14292967
        27b70a85 2e1b2138 4d2c6dfc 53380d13 650a7354 766a0abb 81c2c92e 92722c85 a2bfe8a1 a81a664b c24b8b70 c76c51a3 d192e819 d6990624 f40e3585 106aa070
        19a4c116 1e376c08 2748774c 34b0bcb5 391c0cb3 4ed8aa4a 5b9cca4f 682e6ff3 748f82ee 78a5636f 84c87814 8cc70208 90befffa a4506ceb bef9a3f7 c67178f2
    } { lappend constants [expr 0x$hex] }
    foreach hex {6a09e667 bb67ae85 3c6ef372 a54ff53a 510e527f 9b05688c 1f83d9ab 5be0cd19} { lappend start [expr 0x$hex] }
}

proc ::skillpilot::sha256::digest {bytes} {
    variable constants
    variable start
    set length [string length $bytes]
    append bytes [binary format c 128] [string repeat \0 [expr {(55 - $length) & 63}]] [binary format W [expr {$length * 8}]]
    lassign $start h0 h1 h2 h3 h4 h5 h6 h7
    for {set at 0} {$at < [string length $bytes]} {incr at 64} {
        binary scan $bytes @${at}Iu16 w
        for {set i 16} {$i < 64} {incr i} {
            set x [lindex $w [expr {$i - 15}]]
            set y [lindex $w [expr {$i - 2}]]
            lappend w [expr {([lindex $w [expr {$i - 16}]] + [lindex $w [expr {$i - 7}]]
                + ((($x >> 7) | ($x << 25)) ^ (($x >> 18) | ($x << 14)) ^ ($x >> 3) & 0xffffffff) % 4294967296
                + ((($y >> 17) | ($y << 15)) ^ (($y >> 19) | ($y << 13)) ^ ($y >> 10) & 0xffffffff) % 4294967296) & 0xffffffff}]
        }
        set a $h0; set b $h1; set c $h2; set d $h3; set e $h4; set f $h5; set g $h6; set h $h7
        foreach k $constants word $w {
            set t [expr {($h + ((($e >> 6) | ($e << 26)) ^ (($e >> 11) | ($e << 21)) ^ (($e >> 25) | ($e << 7)))
                + (($e & $f) ^ (~$e & $g)) + $k + $word) & 0xffffffff}]
            set u [expr {(((($a >> 2) | ($a << 30)) ^ (($a >> 13) | ($a << 19)) ^ (($a >> 22) | ($a << 10)))
                + (($a & $b) ^ ($a & $c) ^ ($b & $c))) & 0xffffffff}]
            set h $g; set g $f; set f $e
            set e [expr {($d + $t) & 0xffffffff}]
            set d $c; set c $b; set b $a
            set a [expr {($t + $u) & 0xffffffff}]
        }
        foreach {sum term} {h0 a h1 b h2 c h3 d h4 e h5 f h6 g h7 h} { set $sum [expr {([set $sum] + [set $term]) & 0xffffffff}] }
    }
    return [format %08x%08x%08x%08x%08x%08x%08x%08x $h0 $h1 $h2 $h3 $h4 $h5 $h6 $h7]
}

# ---- what may be sourced --------------------------------------------------------------------------------------------

# `file normalize` leaves a link in the last component alone; behind a further component it does not.
proc ::skillpilot::real_path {path} {
    return [file dirname [file normalize [file join $path __last__]]]
}

# The absolute path of a script below scripts/, or an error. No component below the run directory may be a link.
proc ::skillpilot::allowed_script {name} {
    variable setting
    set parts [file split $name]
    if {[file pathtype $name] ne "relative" || [lindex $parts 0] ne "scripts" || [llength $parts] < 2
        || [lsearch -exact $parts ".."] >= 0 || [lsearch -exact $parts "."] >= 0 || [string match "*~*" $name]} {
        error "script '$name' is not below scripts/"
    }
    set path $setting(run_dir)
    foreach part $parts {
        set path [file join $path $part]
        if {[catch {file lstat $path info}]} { error "script '$name' does not exist" }
        if {$info(type) eq "link"} { error "'$part' in '$name' is a symbolic link" }
    }
    if {$info(type) ne "file"} { error "script '$name' is no regular file" }
    set root [file join [real_path $setting(run_dir)] scripts]
    if {[string first "$root/" [real_path $path]] != 0} { error "script '$name' leads outside scripts/" }
    return $path
}

# Evaluates a script command by command at global level, so that the heartbeat goes on between commands and the failing
# command's line is known. A top-level `return` ends the script with success, as with `source`.
proc ::skillpilot::evaluate {text} {
    variable busyRequest
    set command ""
    set line 0
    set first 1
    foreach part [split $text "\n"] {
        incr line
        append command $part "\n"
        if {![info complete $command]} continue
        set code [catch {uplevel #0 $command} result options]
        if {$code == 2} { return [list 0 "" {} 0] }
        if {$code != 0} { return [list 1 $result $options $first] }
        set command ""
        set first [expr {$line + 1}]
        beat_if_due
    }
    if {[string trim $command] ne ""} {
        return [list 1 "the script ends inside a command" [list -errorinfo "incomplete command" -errorcode NONE] $first]
    }
    return [list 0 "" {} 0]
}

# ---- heartbeat ------------------------------------------------------------------------------------------------------

proc ::skillpilot::beat {state request} {
    variable setting
    variable beatCount
    variable lastBeat
    incr beatCount
    set lastBeat [now_ms]
    # in place: a reader that meets a half-written beat looks again, and no file is made and removed every second for days
    set channel [open [file join $setting(run_dir) session heartbeat] w]
    puts -nonewline $channel [json_object [list seq n $beatCount state s $state request_id s $request at_ms n $lastBeat pid n [pid]]]
    close $channel
}

# While busy the clock decides; a clock that jumps in either direction only makes one beat early.
proc ::skillpilot::beat_if_due {} {
    variable setting
    variable lastBeat
    variable busyRequest
    if {abs([now_ms] - $lastBeat) >= $setting(heartbeat_ms)} { beat busy $busyRequest }
}

# ---- requests -------------------------------------------------------------------------------------------------------

proc ::skillpilot::answer {id status type message info code line script hash received} {
    variable setting
    variable version
    write_atomic [file join $setting(run_dir) ack $id.json] [json_object [list \
        schema_version n 1 request_id s $id status s $status error_type s $type message s [string range $message 0 8000] \
        error_info s [string range $info 0 32000] error_code s [string range $code 0 1000] error_line n $line \
        script s $script script_sha256 s $hash received_ms n $received finished_ms n [now_ms] pid n [pid] processor_version s $version]]
}

proc ::skillpilot::read_request {path id} {
    variable setting
    file lstat $path info
    if {$info(type) ne "file"} { error "the request is a [string map {link {symbolic link}} $info(type)], not a regular file" }
    if {$info(nlink) != 1} { error "the request has other links" }
    if {$info(size) > 65536} { error "the request is larger than 64 KiB" }
    set fields [parse_request [encoding convertfrom utf-8 [read_bytes $path]]]
    foreach key {schema_version request_id job_id action} {
        if {![dict exists $fields $key]} { error "the request has no $key" }
    }
    if {[dict get $fields schema_version] ne "1"} { error "schema_version [dict get $fields schema_version] is not known" }
    if {[dict get $fields request_id] ne $id} { error "request_id differs from the file's name" }
    if {[dict get $fields job_id] ne $setting(job_id)} { error "the request belongs to another job" }
    return $fields
}

proc ::skillpilot::process {id} {
    variable setting
    variable stopping
    variable busyRequest
    set received [now_ms]
    if {[lsearch -exact $setting(requests) $id] < 0} {
        answer $id FAIL REQUEST_INVALID "the runtime makes no request of this name" "" NONE 0 "" "" $received
        return
    }
    set path [file join $setting(run_dir) queue $id.json]
    if {[catch {read_request $path $id} fields]} {
        answer $id FAIL REQUEST_INVALID $fields "" NONE 0 "" "" $received
        return
    }
    switch -exact -- [dict get $fields action] {
        STOP {
            answer $id PASS "" "" "" NONE 0 "" "" $received
            set stopping 1
        }
        SOURCE_TCL {
            if {![dict exists $fields script] || ![dict exists $fields script_sha256]} {
                answer $id FAIL REQUEST_INVALID "the request names no script and hash" "" NONE 0 "" "" $received
                return
            }
            set script [dict get $fields script]
            if {[catch {allowed_script $script} file]} {
                answer $id FAIL SCRIPT_REFUSED $file "" NONE 0 $script "" $received
                return
            }
            # read once: what was hashed is what runs
            set bytes [read_bytes $file]
            set hash [sha256::digest $bytes]
            if {$hash ne [dict get $fields script_sha256]} {
                answer $id FAIL SCRIPT_CHANGED "'$script' is not the script that the request was made for" "" NONE 0 $script $hash $received
                return
            }
            set busyRequest $id
            beat busy $id
            lassign [evaluate [encoding convertfrom utf-8 $bytes]] failed message options line
            set busyRequest ""
            if {!$failed} {
                answer $id PASS "" "" "" NONE 0 $script $hash $received
                return
            }
            set code [expr {[dict exists $options -errorcode] ? [dict get $options -errorcode] : "NONE"}]
            set info [expr {[dict exists $options -errorinfo] ? [dict get $options -errorinfo] : $message}]
            set type [expr {[lrange $code 0 1] eq "POSIX ENOSPC" ? "DISK_FULL" : "SCRIPT_ERROR"}]
            answer $id FAIL $type $message $info $code $line $script $hash $received
        }
        default {
            answer $id FAIL REQUEST_INVALID "action '[dict get $fields action]' is not known" "" NONE 0 "" "" $received
        }
    }
}

proc ::skillpilot::pending {} {
    variable setting
    variable answered
    set ids {}
    foreach name [lsort [glob -nocomplain -tails -directory [file join $setting(run_dir) queue] -- *.json]] {
        set id [file rootname $name]
        if {[info exists answered($id)] || ![regexp {^[0-9]{4}_[a-z][a-z0-9_]{0,40}$} $id]} continue
        lappend ids $id
    }
    return $ids
}

proc ::skillpilot::serve {} {
    variable setting
    variable stopping
    variable answered
    variable version
    set tool ""
    catch {set tool [uplevel #0 $setting(version_script)]}
    set host ""
    catch {set host [info hostname]}
    beat idle ""
    write_atomic [file join $setting(run_dir) session ready.json] [json_object [list schema_version n 1 pid n [pid] host s $host \
        tool_version s [string trim $tool] tcl_version s [info patchlevel] processor_version s $version]]
    # Idle beats are counted in own sleeps, not in clock time: a clock that jumps does not change them.
    set slept 0
    # The next request mostly follows an answer at once: the first looks after one come at quarter intervals.
    set eagerLooks 40
    set eager $eagerLooks
    while {!$stopping} {
        foreach id [pending] {
            set answered($id) 1
            process $id
            if {$stopping} break
            beat idle ""
            set eager $eagerLooks
        }
        if {$stopping} break
        # `drain` is for reproduce.sh: answer what is there, then end
        if {$setting(mode) eq "drain"} break
        set pause $setting(poll_ms)
        if {$eager > 0} {
            incr eager -1
            set pause [expr {max(1, $pause / 4)}]
        }
        after $pause
        if {[incr slept $pause] >= $setting(heartbeat_ms)} {
            set slept 0
            beat idle ""
        }
    }
}

proc ::skillpilot::main {} {
    if {[catch {serve} message options]} {
        catch {puts stderr "skillpilot: $message"; flush stderr}
        # 74 is EX_IOERR of sysexits.h: the run directory cannot be written any more
        exit [expr {[string match "POSIX *" [dict get $options -errorcode]] ? 74 : 70}]
    }
    exit 0
}
