// Cadence Xcelium: xrun elaborates, then runs the snapshot. Built from documentation; see docs/tools.md.
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { defineAdapter } from '../../adapter.ts';
import type { BuildContext, BuildPlan, ToolCommand } from '../../adapter.ts';
import { compileGroups } from '../../compile-groups.ts';
import { tclWord } from '../../parsing/tcl.ts';
import { buildVerdict, licenceVerdict, simulationVerdict } from '../../verdicts.ts';
import { createXceliumParser } from './parser.ts';

const Options = z.strictObject({
  /** default time scale for modules without one */
  timescale: z
    .string()
    .regex(/^\d+[munpf]?s\/\d+[munpf]?s$/)
    .default('1ns/1ps'),
  uvm: z.boolean().default(false),
  queue: z.boolean().default(true),
});

function buildCommands(context: BuildContext<z.infer<typeof Options>>): BuildPlan {
  const { action, tool, top, runDir, options, waves } = context;
  const common = [
    '-64bit',
    '-nocopyright',
    '-xmlibdirpath',
    runDir,
    '-l',
    `${runDir}/xrun.log`,
    '-nohistory',
    ...(options.queue ? ['-licqueue'] : []),
  ];
  const stop = action === 'lint' || action === 'compile' ? '-compile' : '-elaborate';
  const commands: ToolCommand[] = [
    {
      role: 'build',
      argv: [
        tool.path,
        stop,
        ...common,
        '-sv',
        '-timescale',
        options.timescale,
        ...(options.uvm ? ['-uvm'] : []),
        ...(waves === null ? [] : ['-access', '+r']),
        ...(context.coverage ? ['-coverage', 'all', '-covworkdir', `${runDir}/coverage`] : []),
        ...(top === null ? [] : ['-top', top]),
        ...context.includeDirs.flatMap((dir) => ['-incdir', dir]),
        ...Object.entries(context.defines).flatMap(([name, value]) => [
          '-define',
          value === null ? name : `${name}=${value}`,
        ]),
        ...Object.entries(context.parameters).flatMap(([name, value]) => [
          '-defparam',
          `${top ?? ''}.${name}=${value}`,
        ]),
        ...compileGroups(context).flatMap(({ library, sources }) =>
          library === 'work' ? sources : ['-makelib', `${runDir}/${library}`, ...sources, '-endlib'],
        ),
      ],
    },
  ];
  if (action !== 'simulate') return { files: [], commands };
  if (top === null) throw new GenrtlError('USAGE', 'Xcelium needs the name of the top module.');
  const script = `${runDir}/run.tcl`;
  const dumps =
    waves?.by === 'module'
      ? [
          `database -open waves -vcd -into ${tclWord(waves.file)}`,
          `probe -create ${tclWord(top)} -depth all -all -database waves`,
        ]
      : [];
  commands.push({
    role: 'run',
    argv: [
      tool.path,
      '-R',
      ...common,
      '-input',
      script,
      ...(context.seed === null ? [] : ['-svseed', String(context.seed), `+seed=${context.seed}`]),
      ...(waves?.by === 'plusarg' ? [`+vcd=${waves.file}`] : []),
      ...context.plusargs.map((arg) => `+${arg}`),
    ],
  });
  return { files: [{ path: script, text: `${[...dumps, 'run', 'exit'].join('\n')}\n` }], commands };
}

export const xcelium = defineAdapter({
  id: 'xcelium',
  title: 'Cadence Xcelium',
  testedAgainstRealTool: false,
  needs: { network: 'licence', home: ['.flexlmrc', '.simrc', 'hdl.var', 'cds.lib'] },
  actions: ['lint', 'compile', 'elaborate', 'simulate'],
  languages: ['verilog', 'vhdl'],
  optionsSchema: Options,
  async detect(host) {
    const path = await host.which('xrun');
    if (path === null) return null;
    const { stdout } = await host.capture([path, '-version']);
    return {
      path,
      version: /xrun(?:\(64\))?\s*:?\s+(\d\S*)/.exec(stdout)?.[1] ?? 'unknown',
      edition: /xrun\(64\)/.test(stdout) ? '64 bit' : null,
      companions: {},
    };
  },
  buildCommands,
  createParser: (_stream, sink) => createXceliumParser(sink),
  verdict: (facts) =>
    licenceVerdict(facts) ??
    (facts.action === 'simulate'
      ? simulationVerdict(facts, { finished: facts.log.finishLines > 0 })
      : buildVerdict(facts)),
});
