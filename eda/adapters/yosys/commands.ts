// The Yosys script of a run. It is a file, not a command line, so that every name can be quoted.
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import type { BuildContext, BuildPlan } from '../../adapter.ts';
import { tclWord } from '../../parsing/tcl.ts';

export const YosysOptions = z.strictObject({
  /** flatten the hierarchy in synthesis and elaboration */
  flatten: z.boolean().default(false),
  /** target of synthesis: `synth` or `synth_<target>` */
  target: z.enum(['generic', 'ice40', 'ecp5', 'xilinx', 'gowin', 'intel_alm']).default('generic'),
});

/** One command of the script: words that go as they are, and names of files. */
type Words = readonly (string | { readonly file: string })[];

export function buildYosysCommands(context: BuildContext<z.infer<typeof YosysOptions>>): BuildPlan {
  const { action, tool, top, options, runDir } = context;
  const json = `${runDir}/${action === 'synthesise' ? 'netlist' : 'elaborated'}.json`;
  const read = (source: string): Words => [
    'read_verilog',
    '-sv',
    ...context.includeDirs.map((dir) => `-I${dir}`),
    ...Object.entries(context.defines).map(
      ([name, value]) => `-D${word(name)}${value === null ? '' : `=${word(value)}`}`,
    ),
    { file: source },
  ];
  const parameters = Object.entries(context.parameters).flatMap(([name, value]) => [
    '-chparam',
    word(name),
    word(value),
  ]);
  const commands: Words[] = [
    ...context.sources.map(read),
    ['hierarchy', '-check', ...(top === null ? ['-auto-top'] : ['-top', word(top)]), ...parameters],
  ];
  if (action === 'synthesise') {
    commands.push(
      [
        options.target === 'generic' ? 'synth' : `synth_${options.target}`,
        ...(options.flatten ? ['-flatten'] : []),
        ...(top === null ? [] : ['-top', word(top)]),
      ],
      ['check'],
      ['stat'],
      ['write_verilog', '-noattr', { file: `${runDir}/netlist.v` }],
    );
  } else {
    commands.push(['proc'], ...(action === 'lint' ? [['check']] : []));
    if (options.flatten) commands.push(['flatten'], ['opt_clean']);
  }
  commands.push(['write_json', { file: json }]);
  // Yosys' own scripts take quotes around file names only: an include folder with blanks needs Tcl
  const tcl = context.includeDirs.some((dir) => !/^[^\s"';#\\{}[\]$]+$/.test(dir));
  const script = `${runDir}/${action}.${tcl ? 'tcl' : 'ys'}`;
  const text = commands.map((words) => (tcl ? tclLine(words) : scriptLine(words)));
  return {
    files: [{ path: script, text: `${text.join('\n')}\n` }],
    commands: [
      {
        // quiet on the streams, whole in the log file: the cell counts of `stat` stand there
        argv: [tool.path, '-q', '-l', `${runDir}/yosys.log`, tcl ? '-c' : '-s', script],
        role: 'build',
        artefact: json,
      },
    ],
  };
}

const scriptLine = (words: Words): string =>
  words.map((each) => (typeof each === 'string' ? each : quoted(each.file))).join(' ');

const tclLine = (words: Words): string =>
  ['yosys', ...words.map((each) => tclWord(typeof each === 'string' ? each : each.file))].join(' ');

/** A file name as the script reader takes it: quoted, which carries blanks and non-ASCII text. */
function quoted(path: string): string {
  if (/["\\\p{Cc}]/u.test(path))
    throw new GenrtlError('USAGE', `Yosys cannot read the file name ${JSON.stringify(path)}.`, {
      hint: 'Rename the file without quotes, backslashes and control characters.',
    });
  return `"${path}"`;
}

/** A name or literal that goes into the script unquoted. */
function word(text: string): string {
  if (!/^[\w$'.+-]+$/.test(text))
    throw new GenrtlError('USAGE', `Yosys cannot take ${JSON.stringify(text)} as a name or value.`);
  return text;
}
