// Siemens Questa and ModelSim: vlib, vlog or vcom, then vsim in batch mode. Built from documentation; see
// docs/tools.md.
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { defineAdapter } from '../../adapter.ts';
import type { BuildContext, BuildPlan, ToolCommand } from '../../adapter.ts';
import { compileGroups } from '../../compile-groups.ts';
import { tclWord } from '../../parsing/tcl.ts';
import { buildVerdict, licenceVerdict, simulationVerdict } from '../../verdicts.ts';
import { createQuestaParser } from './parser.ts';

const Options = z.strictObject({
  /** default time scale for modules without one */
  timescale: z
    .string()
    .regex(/^\d+[munpf]?s\/\d+[munpf]?s$/)
    .default('1ns/1ps'),
  vhdl: z.enum(['93', '2002', '2008']).default('2008'),
});

function buildCommands(context: BuildContext<z.infer<typeof Options>>): BuildPlan {
  const { action, tool, top, runDir, options, waves } = context;
  const command = (name: string): string => tool.companions[name] ?? name;
  const library = `${runDir}/work`;
  const groups = compileGroups(context);
  const others = [...new Set(groups.map((group) => group.library))].filter((name) => name !== 'work');
  const folderOf = (name: string): string => (name === 'work' ? library : `${runDir}/${name}`);
  // logical names of further libraries stand in an initialisation file of this run
  const mapping = `${runDir}/modelsim.ini`;
  const mapped = others.length === 0 ? [] : ['-modelsimini', mapping];
  const commands: ToolCommand[] = ['work', ...others].map((name) => ({
    role: 'build',
    artefact: folderOf(name),
    argv: [command('vlib'), folderOf(name)],
  }));
  for (const { language, library: name, sources } of groups) {
    if (language === 'vhdl') {
      commands.push({
        role: 'build',
        argv: [command('vcom'), ...mapped, '-quiet', `-${options.vhdl}`, '-work', folderOf(name), ...sources],
      });
      continue;
    }
    commands.push({
      role: 'build',
      argv: [
        command('vlog'),
        ...mapped,
        '-quiet',
        '-sv',
        '-work',
        folderOf(name),
        '-timescale',
        options.timescale,
        ...(action === 'lint' ? ['-lint'] : []),
        ...(context.coverage ? ['+cover=bcesft'] : []),
        ...context.includeDirs.map((dir) => `+incdir+${dir}`),
        ...Object.entries(context.defines).map(([name, value]) =>
          value === null ? `+define+${name}` : `+define+${name}=${value}`,
        ),
        ...sources,
      ],
    });
  }
  const files =
    others.length === 0 ? [] : [{ path: mapping, text: libraryMap(others.map((name) => [name, folderOf(name)])) }];
  if (action === 'lint' || action === 'compile') return { files, commands };
  if (top === null) throw new GenrtlError('USAGE', 'Questa needs the name of the top module.');
  const script = `${runDir}/run.do`;
  const steps =
    action === 'elaborate'
      ? ['quit -f']
      : [
          ...(waves?.by === 'module' ? [`vcd file ${tclWord(waves.file)}`, `vcd add -r ${tclWord(`/${top}/*`)}`] : []),
          ...(context.coverage ? [`coverage save -onexit ${tclWord(`${runDir}/coverage.ucdb`)}`] : []),
          'run -all',
          'quit -f',
        ];
  commands.push({
    role: action === 'simulate' ? 'run' : 'build',
    argv: [
      tool.path,
      ...mapped,
      '-c',
      '-lib',
      library,
      '-onfinish',
      'exit',
      '-wlf',
      `${runDir}/vsim.wlf`,
      '-l',
      `${runDir}/transcript`,
      ...(waves === null ? [] : ['-voptargs=+acc']),
      ...(context.coverage ? ['-coverage'] : []),
      ...Object.entries(context.parameters).map(([name, value]) => `-g${name}=${value}`),
      ...(context.seed === null ? [] : ['-sv_seed', String(context.seed), `+seed=${context.seed}`]),
      ...(waves?.by === 'plusarg' ? [`+vcd=${waves.file}`] : []),
      ...context.plusargs.map((arg) => `+${arg}`),
      '-do',
      script,
      top,
    ],
  });
  return {
    files: [
      ...files,
      { path: script, text: `onerror {quit -f -code 1}\nonbreak {quit -f -code 1}\n${steps.join('\n')}\n` },
    ],
    commands,
  };
}

/** An initialisation file that adds libraries to the tool's own. */
function libraryMap(libraries: readonly (readonly [string, string])[]): string {
  const lines = libraries.map(([name, folder]) => `${name} = ${folder}`);
  return ['[Library]', 'others = $MODEL_TECH/../modelsim.ini', ...lines, ''].join('\n');
}

export const questa = defineAdapter({
  id: 'questa',
  title: 'Questa / ModelSim',
  testedAgainstRealTool: false,
  needs: { network: 'licence', home: ['.flexlmrc', '.modelsim', 'modelsim.ini'] },
  actions: ['lint', 'compile', 'elaborate', 'simulate'],
  languages: ['verilog', 'vhdl'],
  optionsSchema: Options,
  async detect(host) {
    const path = await host.which('vsim');
    if (path === null) return null;
    const names = ['vlib', 'vlog', 'vcom'] as const;
    const found = await Promise.all(names.map((name) => host.which(name)));
    const { stdout } = await host.capture([path, '-version']);
    const version = /\bvsim (\d\S*)/.exec(stdout)?.[1] ?? 'unknown';
    const edition = /(ModelSim\b.*?|Questa\b.*?)\s+vsim/i.exec(stdout)?.[1]?.trim() ?? null;
    return {
      path,
      version,
      edition,
      companions: Object.fromEntries(names.flatMap((name, at) => (found[at] ? [[name, found[at]] as const] : []))),
    };
  },
  buildCommands,
  createParser: (_stream, sink) => createQuestaParser(sink),
  verdict: (facts) =>
    licenceVerdict(facts) ??
    (facts.action === 'simulate'
      ? simulationVerdict(facts, { finished: facts.log.finishLines > 0 })
      : buildVerdict(facts)),
});
