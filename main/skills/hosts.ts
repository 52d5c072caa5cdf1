// The Tcl-hosting tools: how each is started on a boot script, what its databases are, how its deaths are named.
import type { DbForm, SkillHost } from '@genrtl/contracts/skill-contract.ts';
import type { SkillErrorType } from '@genrtl/contracts/skill-failures.ts';

export interface HostSpec {
  readonly id: SkillHost;
  readonly title: string;
  /** tried in this order on PATH */
  readonly executables: readonly string[];
  /** arguments that run a Tcl file without a window; `session` is the folder for the tool's own logs */
  argv(boot: string, session: string): string[];
  /** Tcl whose result is the tool's version; evaluated under catch */
  readonly versionScript: string;
  /** where the version stands in stdout, for hosts whose Tcl cannot tell it; one group */
  readonly banner: RegExp | null;
  readonly forms: readonly DbForm[];
  readonly crash: SkillErrorType;
  /** true: the host ends itself with a non-zero code when a command fails, so that no ack is written */
  readonly diesOnCommandError: boolean;
  readonly licenceLine: RegExp | null;
}

export const HOSTS: Readonly<Record<SkillHost, HostSpec>> = {
  innovus: {
    id: 'innovus',
    title: 'Cadence Innovus',
    executables: ['innovus'],
    argv: (boot, session) => ['-no_gui', '-files', boot, '-log', `${session}/innovus`],
    versionScript: 'getVersion',
    banner: null,
    forms: ['innovus_enc'],
    crash: 'INNOVUS_CRASH',
    diesOnCommandError: false,
    licenceLine: /^.*(?:ERROR|WARN).*(?:licen[sc]e).*(?:fail|not available|denied|cannot|could not|no ).*$/im,
  },
  yosys: {
    id: 'yosys',
    title: 'Yosys',
    executables: ['yosys'],
    argv: (boot) => ['-Q', '-T', '-c', boot],
    // no command tells it, but the first line of every written design does; there is none yet, so the file is tiny
    versionScript:
      'set ::skillpilot_file [file join $::skillpilot::setting(run_dir) session tool_version.il]; yosys write_rtlil $::skillpilot_file; regexp {Yosys (\\S+)} [::skillpilot::read_bytes $::skillpilot_file] ::skillpilot_all ::skillpilot_version; set ::skillpilot_version',
    banner: null,
    forms: ['rtlil', 'verilog'],
    crash: 'TOOL_CRASH',
    diesOnCommandError: true,
    licenceLine: null,
  },
  opensta: {
    id: 'opensta',
    title: 'OpenSTA',
    executables: ['sta', 'opensta'],
    argv: (boot) => ['-no_init', '-no_splash', '-exit', boot],
    versionScript: 'sta::version',
    banner: null,
    forms: ['netlist_sdc'],
    crash: 'TOOL_CRASH',
    diesOnCommandError: false,
    licenceLine: null,
  },
  magic: {
    id: 'magic',
    title: 'Magic',
    executables: ['magic'],
    argv: (boot) => ['-dnull', '-noconsole', '-rcfile', '/dev/null', boot],
    versionScript: '',
    banner: /^Magic (\d+\.\d+ revision \d+)/m,
    forms: ['magic_mag'],
    crash: 'TOOL_CRASH',
    diesOnCommandError: false,
    licenceLine: null,
  },
  netgen: {
    id: 'netgen',
    title: 'Netgen',
    executables: ['netgen-lvs', 'netgen'],
    argv: (boot) => ['-batch', 'source', boot],
    versionScript: '',
    banner: /^Netgen (\d[\d.]*)/m,
    forms: ['spice'],
    crash: 'TOOL_CRASH',
    diesOnCommandError: false,
    licenceLine: null,
  },
  tclsh: {
    id: 'tclsh',
    title: 'Tcl shell',
    executables: ['tclsh', 'tclsh8.6'],
    argv: (boot) => [boot],
    versionScript: 'info patchlevel',
    banner: null,
    forms: ['tcl_dict'],
    crash: 'TOOL_CRASH',
    diesOnCommandError: false,
    licenceLine: null,
  },
};
