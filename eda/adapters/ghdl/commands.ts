// Command lines of GHDL; everything that it writes goes into the run folder.
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import type { BuildContext, BuildPlan, ToolCommand } from '../../adapter.ts';
import { compileGroups } from '../../compile-groups.ts';

export const GhdlOptions = z.strictObject({
  standard: z.enum(['87', '93', '93c', '00', '02', '08']).default('08'),
  /** relaxes some rules of the standard as most other tools do: shared variables of any type */
  relaxed: z.boolean().default(true),
  /** takes std_logic_arith and its like, which every other tool brings without being asked */
  synopsys: z.boolean().default(true),
  /** end of the simulation, e.g. `1ms`; null: none */
  stop_time: z
    .string()
    .regex(/^\d+(?:fs|ps|ns|us|ms|sec)$/)
    .nullable()
    .default(null),
});

export function buildGhdlCommands(context: BuildContext<z.infer<typeof GhdlOptions>>): BuildPlan {
  const { action, tool, top, runDir, options, waves } = context;
  const standard = options.standard === '93c' ? '93' : options.standard;
  const common = [
    `--std=${options.standard}`,
    `--workdir=${runDir}`,
    ...(options.relaxed ? ['-frelaxed'] : []),
    ...(options.synopsys ? ['-fsynopsys'] : []),
  ];
  const groups = compileGroups(context);
  // other libraries lie in the same folder as work
  if (groups.some(({ library }) => library !== 'work')) common.push(`-P${runDir}`);
  const commands = groups.map(
    ({ library, sources }): ToolCommand => ({
      role: 'build',
      artefact: `${runDir}/${library}-obj${standard}.cf`,
      argv: [tool.path, '-a', ...common, ...(library === 'work' ? [] : [`--work=${library}`]), ...sources],
    }),
  );
  if (action === 'lint' || action === 'compile') return { files: [], commands };
  if (top === null) throw new GenrtlError('USAGE', 'GHDL needs the name of the top unit.');
  const inMemory = tool.edition === null || tool.edition === 'mcode';
  const program = `${runDir}/${top.replace(/^.*\./, '')}`;
  commands.push({
    role: 'build',
    ...(inMemory ? {} : { artefact: program }),
    argv: [tool.path, '-e', ...common, ...(inMemory ? [] : ['-o', program]), top],
  });
  if (action === 'simulate') {
    const start: [string, ...string[]] = inMemory
      ? [tool.path, '-r', ...common, top]
      : [program.startsWith('/') ? program : `./${program}`];
    commands.push({
      role: 'run',
      argv: [
        ...start,
        ...Object.entries(context.parameters).map(([name, value]) => `-g${name}=${value}`),
        ...(waves === null ? [] : [waves.format === 'fst' ? `--fst=${waves.file}` : `--vcd=${waves.file}`]),
        ...(options.stop_time === null ? [] : [`--stop-time=${options.stop_time}`]),
      ],
    });
  }
  return { files: [], commands };
}
