// Database forms: which files make one database of each form, and the Tcl that restores it.
import type { DbAssertion, DbForm } from '@genrtl/contracts/skill-contract.ts';
import { tclInput, tclString } from './tcl-text.ts';

interface DbPart {
  /** key of the file in a candidate */
  readonly role: string;
  readonly suffix: string;
  readonly kind: 'file' | 'directory';
}

export interface DbFormSpec {
  readonly form: DbForm;
  /** the first part names the database; the others lie beside it */
  readonly parts: readonly [DbPart, ...DbPart[]];
  /** its files are the whole database, so that copies of them restore too */
  readonly selfContained: boolean;
  /** true: restoring runs code of the database itself, outside scripts/ */
  readonly runsForeignCode: boolean;
  /** body of restore_wrapper.tcl; parameters stand in ::param */
  restore(files: Readonly<Record<string, string>>): string;
  /** Tcl that raises an error when the restored design is not what it must be; what is not here the form cannot tell */
  readonly assertions: Readonly<Partial<Record<DbAssertion, string>>>;
}

const part = (role: string, suffix: string, kind: DbPart['kind'] = 'file'): DbPart => ({ role, suffix, kind });
const quoted = (files: Readonly<Record<string, string>>, role: string): string => tclString(files[role] ?? '');
const input = (files: Readonly<Record<string, string>>, role: string): string => tclInput(files[role] ?? '');

const YOSYS_ASSERTIONS: DbFormSpec['assertions'] = {
  // ends Yosys with `selection is empty` when the file holds no module; black boxes are judged where cell models are
  // read
  linked: 'yosys select -assert-any *\n',
};

export const DB_FORMS: Readonly<Record<DbForm, DbFormSpec>> = {
  innovus_enc: {
    form: 'innovus_enc',
    parts: [part('enc', '.enc'), part('enc_dat', '.enc.dat', 'directory')],
    selfContained: false,
    runsForeignCode: true,
    // the .enc names its .enc.dat relative to itself; afterwards the tool works in work/ again, so that nothing falls
    // beside the database
    restore: (files) =>
      [
        `set enc_path ${quoted(files, 'enc')}`,
        'set skillpilot_here [pwd]',
        'cd [file dirname $enc_path]',
        'source $enc_path',
        'cd $skillpilot_here',
        '',
      ].join('\n'),
    // cells without a definition are known by their lines in the log (host-logs.ts): no command lists them in all
    // versions
    assertions: {
      linked:
        'if {[catch {dbGet top.name} skillpilot_top] || $skillpilot_top eq "" || $skillpilot_top eq "0x0"} { error "no design is loaded after the restore" }\n',
      clocks:
        'if {[sizeof_collection [all_clocks]] == 0} { error "the restored design has no clock: every timing figure would be empty" }\n',
    },
  },
  rtlil: {
    form: 'rtlil',
    parts: [part('rtlil', '.il')],
    selfContained: true,
    runsForeignCode: false,
    restore: (files) => `yosys read_rtlil ${input(files, 'rtlil')}\n`,
    assertions: YOSYS_ASSERTIONS,
  },
  verilog: {
    form: 'verilog',
    parts: [part('verilog', '.v')],
    selfContained: true,
    runsForeignCode: false,
    restore: (files) => `yosys read_verilog -sv ${input(files, 'verilog')}\n`,
    assertions: YOSYS_ASSERTIONS,
  },
  netlist_sdc: {
    form: 'netlist_sdc',
    parts: [part('netlist', '.v'), part('sdc', '.sdc')],
    selfContained: true,
    runsForeignCode: true,
    restore: (files) =>
      [
        'foreach liberty $::param(liberty) { read_liberty $liberty }',
        // these answer 0 instead of an error
        `if {![read_verilog ${input(files, 'netlist')}]} { error "the netlist cannot be read" }`,
        'if {![link_design $::param(top)]} { error "the top module $::param(top) cannot be linked" }',
        `read_sdc ${input(files, 'sdc')}`,
        '',
      ].join('\n'),
    assertions: {
      linked: 'if {![sta::network_is_linked]} { error "no design is linked after the restore" }\n',
      no_black_boxes: [
        'set skillpilot_black {}',
        'foreach skillpilot_instance [sta::network_leaf_instances] {',
        '    if {[$skillpilot_instance liberty_cell] ne "NULL"} continue',
        '    lappend skillpilot_black "[get_property $skillpilot_instance ref_name] ([get_property $skillpilot_instance full_name])"',
        '}',
        'if {[llength $skillpilot_black] > 0} { error "[llength $skillpilot_black] instances are black boxes, no Liberty file has their cells: [join [lrange $skillpilot_black 0 9] {, }]" }',
        '',
      ].join('\n'),
      clocks: [
        'if {[llength [all_clocks]] == 0} { error "the constraints define no clock" }',
        // clocks without a source reach no register: whatever is between registers is then unconstrained
        'if {[llength [all_registers -clock_pins]] > 0 && [llength [all_registers -clock_pins -clock [all_clocks]]] == 0} {',
        '    error "none of the clocks reaches a register: a clock that belongs to a port names it"',
        '}',
        '',
      ].join('\n'),
    },
  },
  magic_mag: {
    form: 'magic_mag',
    parts: [part('mag', '.mag')],
    selfContained: false,
    runsForeignCode: false,
    restore: (files) => `load ${quoted(files, 'mag')}\n`,
    // a cell or sub-cell that cannot be read is a line of the log
    assertions: {},
  },
  spice: {
    form: 'spice',
    parts: [part('spice', '.spice')],
    selfContained: true,
    runsForeignCode: false,
    restore: (files) => `set ::netlist [readnet spice ${input(files, 'spice')}]\n`,
    // a sub-circuit without a definition is a line of the log
    assertions: {
      linked: 'if {![string is integer -strict $::netlist] || $::netlist < 0} { error "the netlist was not read" }\n',
    },
  },
  tcl_dict: {
    form: 'tcl_dict',
    parts: [part('tcl_dict', '.tcldb')],
    selfContained: true,
    runsForeignCode: false,
    // data, not code: the text is a list of keys and values and is never evaluated
    restore: (files) =>
      [
        `set ::db [::skillpilot::read_bytes ${input(files, 'tcl_dict')}]`,
        'if {![string is list $::db] || [llength $::db] % 2 != 0} { error "the database is no list of keys and values" }',
        '',
      ].join('\n'),
    assertions: {},
  },
};
