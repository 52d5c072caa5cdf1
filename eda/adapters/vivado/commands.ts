// Command lines and scripts of Vivado. xelab and xsim keep their `xsim.dir` in the working directory; nothing else
// leaves the run folder.
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import type { BuildContext, BuildPlan, ToolCommand } from '../../adapter.ts';
import { compileGroups, languageOf } from '../../compile-groups.ts';
import { tclWord } from '../../parsing/tcl.ts';

export const VivadoOptions = z.strictObject({
  /** device of synthesis */
  part: z
    .string()
    .regex(/^[\w-]+$/)
    .default('xc7a35tcpg236-1'),
  timescale: z
    .string()
    .regex(/^\d+[munpf]?s\/\d+[munpf]?s$/)
    .default('1ns/1ps'),
});

export function buildVivadoCommands(context: BuildContext<z.infer<typeof VivadoOptions>>): BuildPlan {
  return context.action === 'synthesise' ? synthesis(context) : simulation(context);
}

function simulation(context: BuildContext<z.infer<typeof VivadoOptions>>): BuildPlan {
  const { action, tool, top, runDir, options, waves } = context;
  const command = (name: string): string => tool.companions[name] ?? name;
  const groups = compileGroups(context);
  const library = (name: string): string => `${name}=${runDir}/${name}`;
  const others = [...new Set(groups.map((group) => group.library))].filter((name) => name !== 'work');
  const libraries = others.flatMap((name) => ['--lib', library(name)]);
  const log = (name: string): string[] => ['--log', `${runDir}/${name}.log`];
  const commands: ToolCommand[] = [];
  for (const { language, library: name, sources } of groups) {
    if (language === 'vhdl') {
      commands.push({
        role: 'build',
        argv: [command('xvhdl'), '--2008', '--work', library(name), ...libraries, ...log('xvhdl'), ...sources],
      });
      continue;
    }
    commands.push({
      role: 'build',
      argv: [
        command('xvlog'),
        '--sv',
        '--work',
        library(name),
        ...log('xvlog'),
        ...context.includeDirs.flatMap((dir) => ['-i', dir]),
        ...Object.entries(context.defines).flatMap(([name, value]) => [
          '-d',
          value === null ? name : `${name}=${value}`,
        ]),
        ...sources,
      ],
    });
  }
  if (action === 'lint' || action === 'compile') return { files: [], commands };
  if (top === null) throw new GenrtlError('USAGE', 'Vivado needs the name of the top module.');
  const snapshot = `genrtl_${top.replace(/\W/g, '_')}`;
  commands.push({
    role: 'build',
    argv: [
      command('xelab'),
      '--lib',
      library('work'),
      ...libraries,
      '--timescale',
      options.timescale,
      '--snapshot',
      snapshot,
      ...log('xelab'),
      ...(waves === null ? [] : ['--debug', 'typical']),
      ...(context.coverage ? ['-cc_type', 'sbct', '-cc_dir', `${runDir}/coverage`] : []),
      ...Object.entries(context.parameters).flatMap(([name, value]) => ['-generic_top', `${name}=${value}`]),
      `work.${top}`,
    ],
  });
  if (action === 'elaborate') return { files: [], commands };
  const script = `${runDir}/run.tcl`;
  const steps = [
    ...(waves?.by === 'module'
      ? [`open_vcd ${tclWord(waves.file)}`, `log_vcd [get_objects -r ${tclWord(`/${top}/*`)}]`]
      : []),
    'run all',
    ...(waves?.by === 'module' ? ['close_vcd'] : []),
    'quit',
  ];
  const plusargs = [
    ...(waves?.by === 'plusarg' ? [`vcd=${waves.file}`] : []),
    ...(context.seed === null ? [] : [`seed=${context.seed}`]),
    ...context.plusargs,
  ];
  commands.push({
    role: 'run',
    argv: [
      command('xsim'),
      snapshot,
      '--tclbatch',
      script,
      ...log('xsim'),
      ...(context.seed === null ? [] : ['--sv_seed', String(context.seed)]),
      ...plusargs.flatMap((arg) => ['--testplusarg', arg]),
    ],
  });
  return { files: [{ path: script, text: `${steps.join('\n')}\n` }], commands };
}

const inLibrary = (name: string | undefined): string => (name === undefined ? '' : `-library ${tclWord(name)} `);

function synthesis(context: BuildContext<z.infer<typeof VivadoOptions>>): BuildPlan {
  const { tool, top, runDir, options } = context;
  if (top === null) throw new GenrtlError('USAGE', 'Synthesis needs the name of the top module.');
  const checkpoint = `${runDir}/synth.dcp`;
  const script = `${runDir}/synth.tcl`;
  const list = (words: readonly string[]): string => `[list ${words.map(tclWord).join(' ')}]`;
  const lines = [
    ...context.sources.map((path) =>
      languageOf(path) === 'vhdl'
        ? `read_vhdl -vhdl2008 ${inLibrary(context.libraries[path])}${tclWord(path)}`
        : `read_verilog -sv ${tclWord(path)}`,
    ),
    [
      'synth_design',
      `-top ${tclWord(top)}`,
      `-part ${tclWord(options.part)}`,
      ...(context.includeDirs.length === 0 ? [] : [`-include_dirs ${list(context.includeDirs)}`]),
      ...Object.entries(context.defines).map(
        ([name, value]) => `-verilog_define ${tclWord(value === null ? name : `${name}=${value}`)}`,
      ),
      ...Object.entries(context.parameters).map(([name, value]) => `-generic ${tclWord(`${name}=${value}`)}`),
    ].join(' '),
    `report_utilization -file ${tclWord(`${runDir}/utilization.rpt`)}`,
    `report_timing_summary -file ${tclWord(`${runDir}/timing.rpt`)}`,
    `write_checkpoint -force ${tclWord(checkpoint)}`,
  ];
  return {
    files: [{ path: script, text: `${lines.join('\n')}\n` }],
    commands: [
      {
        role: 'build',
        artefact: checkpoint,
        argv: [
          tool.companions['vivado'] ?? 'vivado',
          '-mode',
          'batch',
          '-nojournal',
          '-notrace',
          '-log',
          `${runDir}/vivado.log`,
          '-source',
          script,
        ],
      },
    ],
  };
}
