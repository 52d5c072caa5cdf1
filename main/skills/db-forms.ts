// Database forms: which files make one database of each form, and the Tcl that restores it.
import type { DbForm } from '@genrtl/contracts';
import { tclString } from './tcl-text.ts';

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
  /** true: restoring runs code of the database itself, outside scripts/ */
  readonly runsForeignCode: boolean;
  /** body of restore_wrapper.tcl; parameters stand in ::param */
  restore(files: Readonly<Record<string, string>>): string;
}

const part = (role: string, suffix: string, kind: DbPart['kind'] = 'file'): DbPart => ({ role, suffix, kind });
const quoted = (files: Readonly<Record<string, string>>, role: string): string => tclString(files[role] ?? '');

export const DB_FORMS: Readonly<Record<DbForm, DbFormSpec>> = {
  innovus_enc: {
    form: 'innovus_enc',
    parts: [part('enc', '.enc'), part('enc_dat', '.enc.dat', 'directory')],
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
  },
  rtlil: {
    form: 'rtlil',
    parts: [part('rtlil', '.il')],
    runsForeignCode: false,
    restore: (files) => `yosys read_rtlil ${quoted(files, 'rtlil')}\n`,
  },
  verilog: {
    form: 'verilog',
    parts: [part('verilog', '.v')],
    runsForeignCode: false,
    restore: (files) => `yosys read_verilog -sv ${quoted(files, 'verilog')}\n`,
  },
  netlist_sdc: {
    form: 'netlist_sdc',
    parts: [part('netlist', '.v'), part('sdc', '.sdc')],
    runsForeignCode: true,
    restore: (files) =>
      [
        'foreach liberty $::param(liberty) { read_liberty $liberty }',
        `read_verilog ${quoted(files, 'netlist')}`,
        'link_design $::param(top)',
        `read_sdc ${quoted(files, 'sdc')}`,
        '',
      ].join('\n'),
  },
  magic_mag: {
    form: 'magic_mag',
    parts: [part('mag', '.mag')],
    runsForeignCode: false,
    restore: (files) => `load ${quoted(files, 'mag')}\n`,
  },
  spice: {
    form: 'spice',
    parts: [part('spice', '.spice')],
    runsForeignCode: false,
    restore: (files) => `set ::netlist [readnet spice ${quoted(files, 'spice')}]\n`,
  },
  tcl_dict: {
    form: 'tcl_dict',
    parts: [part('tcl_dict', '.tcldb')],
    runsForeignCode: false,
    // data, not code: the text is a list of keys and values and is never evaluated
    restore: (files) =>
      [
        `set ::db [::skillpilot::read_bytes ${quoted(files, 'tcl_dict')}]`,
        'if {![string is list $::db] || [llength $::db] % 2 != 0} { error "the database is no list of keys and values" }',
        '',
      ].join('\n'),
  },
};
