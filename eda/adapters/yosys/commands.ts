// The Yosys script of a run. It is a file, not a command line, so that every name can be quoted.
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts';
import type { BuildContext, BuildPlan } from '../../adapter.ts';

export const YosysOptions = z.strictObject({
  /** flatten the hierarchy in synthesis */
  flatten: z.boolean().default(false),
  /** target of synthesis: `synth` or `synth_<target>` */
  target: z.enum(['generic', 'ice40', 'ecp5', 'xilinx', 'gowin', 'intel_alm']).default('generic'),
});

export function buildYosysCommands(context: BuildContext<z.infer<typeof YosysOptions>>): BuildPlan {
  const { action, tool, top, options, runDir } = context;
  const script = `${runDir}/${action}.ys`;
  const json = `${runDir}/${action === 'synthesise' ? 'netlist' : 'elaborated'}.json`;
  const read = [
    'read_verilog',
    '-sv',
    ...context.includeDirs.map((dir) => `-I${quoted(dir)}`),
    ...Object.entries(context.defines).map(
      ([name, value]) => `-D${word(name)}${value === null ? '' : `=${word(value)}`}`,
    ),
  ].join(' ');
  const parameters = Object.entries(context.parameters)
    .map(([name, value]) => ` -chparam ${word(name)} ${word(value)}`)
    .join('');
  const hierarchy = `hierarchy -check ${top === null ? '-auto-top' : `-top ${word(top)}`}${parameters}`;
  const lines = [...context.sources.map((source) => `${read} ${quoted(source)}`), hierarchy];
  if (action === 'synthesise') {
    lines.push(
      `${options.target === 'generic' ? 'synth' : `synth_${options.target}`}${options.flatten ? ' -flatten' : ''}${top === null ? '' : ` -top ${word(top)}`}`,
      'check',
      'stat',
      `write_verilog -noattr ${quoted(`${runDir}/netlist.v`)}`,
    );
  } else {
    lines.push('proc', ...(action === 'lint' ? ['check'] : []));
  }
  lines.push(`write_json ${quoted(json)}`);
  return {
    files: [{ path: script, text: `${lines.join('\n')}\n` }],
    commands: [
      {
        // quiet on the streams, whole in the log file: the cell counts of `stat` stand there
        argv: [tool.path, '-q', '-l', `${runDir}/yosys.log`, '-s', script],
        role: 'build',
        artefact: json,
      },
    ],
  };
}

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
