// Synopsys VCS: compile to simv, then run it. Built from documentation; see docs/tools.md.
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { defineAdapter } from '../../adapter.ts';
import type { BuildContext, BuildPlan, ToolCommand } from '../../adapter.ts';
import { buildVerdict, licenceVerdict, simulationVerdict } from '../../verdicts.ts';
import { createVcsParser } from './parser.ts';

const Options = z.strictObject({
  /** default time scale for modules without one */
  timescale: z
    .string()
    .regex(/^\d+[munpf]?s\/\d+[munpf]?s$/)
    .default('1ns/1ps'),
  uvm: z.enum(['none', 'uvm-1.1', 'uvm-1.2', 'uvm-ieee']).default('none'),
  /** queue for a licence instead of failing at once */
  queue: z.boolean().default(true),
});

function buildCommands(context: BuildContext<z.infer<typeof Options>>): BuildPlan {
  const { action, tool, top, runDir, options, waves } = context;
  const simv = `${runDir}/simv`;
  const commands: ToolCommand[] = [
    {
      role: 'build',
      artefact: simv,
      argv: [
        tool.path,
        '-full64',
        '-sverilog',
        '-q',
        `-timescale=${options.timescale}`,
        '-o',
        simv,
        `-Mdir=${runDir}/csrc`,
        ...(options.queue ? ['-licqueue'] : []),
        ...(action === 'lint' ? ['+lint=all'] : []),
        ...(options.uvm === 'none' ? [] : ['-ntb_opts', options.uvm]),
        ...(waves === null ? [] : ['-debug_access+all']),
        ...(context.coverage ? ['-cm', 'line+cond+tgl+fsm', '-cm_dir', `${runDir}/coverage.vdb`] : []),
        ...(top === null ? [] : ['-top', top]),
        ...context.includeDirs.map((dir) => `+incdir+${dir}`),
        ...Object.entries(context.defines).map(([name, value]) =>
          value === null ? `+define+${name}` : `+define+${name}=${value}`,
        ),
        ...Object.entries(context.parameters).map(([name, value]) => `-pvalue+${top ?? ''}.${name}=${value}`),
        ...context.sources,
      ],
    },
  ];
  if (action !== 'simulate') return { files: [], commands };
  if (top === null) throw new GenrtlError('USAGE', 'VCS needs the name of the top module.');
  const script = `${runDir}/ucli.tcl`;
  const dumps = waves?.by === 'module';
  commands.push({
    role: 'run',
    argv: [
      simv.startsWith('/') ? simv : `./${simv}`,
      '-no_save',
      ...(options.queue ? ['-licqueue'] : []),
      ...(context.seed === null ? [] : [`+ntb_random_seed=${context.seed}`, `+seed=${context.seed}`]),
      ...(context.coverage ? ['-cm', 'line+cond+tgl+fsm', '-cm_dir', `${runDir}/coverage.vdb`] : []),
      ...(dumps ? ['-ucli', '-i', script] : []),
      ...(waves?.by === 'plusarg' ? [`+vcd=${waves.file}`] : []),
      ...context.plusargs.map((arg) => `+${arg}`),
    ],
  });
  return {
    files: dumps
      ? [{ path: script, text: `dump -file {${waves.file}} -type VCD\ndump -add {${top}} -depth 0\nrun\nquit\n` }]
      : [],
    commands,
  };
}

export const vcs = defineAdapter({
  id: 'vcs',
  title: 'Synopsys VCS',
  testedAgainstRealTool: false,
  needs: { network: 'licence', home: ['.flexlmrc', '.synopsys_vcs_setup', 'synopsys_sim.setup'] },
  actions: ['lint', 'compile', 'elaborate', 'simulate'],
  languages: ['verilog'],
  optionsSchema: Options,
  async detect(host) {
    const path = await host.which('vcs');
    if (path === null) return null;
    const { stdout, stderr } = await host.capture([path, '-ID']);
    const text = `${stdout}\n${stderr}`;
    const version = /(?:vcs script version|Compiler version)\s*[:=]\s*(?:VCS\s+)?(\S+)/i.exec(text)?.[1] ?? 'unknown';
    return { path, version, edition: /\bVCS[- ]MX\b/i.test(text) ? 'MX' : null, companions: {} };
  },
  buildCommands,
  createParser: (_stream, sink) => createVcsParser(sink),
  verdict: (facts) =>
    licenceVerdict(facts) ??
    (facts.action === 'simulate'
      ? simulationVerdict(facts, { finished: facts.log.finishLines > 0 })
      : buildVerdict(facts)),
});
