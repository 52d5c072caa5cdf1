// Command lines of iverilog and vvp, and the module that watches for a simulation that ends without `$finish`.
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import type { BuildContext, BuildPlan, ToolCommand } from '../../adapter.ts';

export const IcarusOptions = z.strictObject({
  /** language generation, `-g` */
  generation: z.enum(['2005', '2005-sv', '2009', '2012']).default('2012'),
  /** warning classes, `-W`; `timescale` stays off since it speaks of mixed styles, not of faults */
  warnings: z
    .array(
      z.enum([
        'all',
        'anachronisms',
        'implicit',
        'implicit-dimensions',
        'macro-redefinition',
        'macro-replacement',
        'portbind',
        'select-range',
        'timescale',
        'infloop',
        'sensitivity-entire-vector',
        'sensitivity-entire-array',
        'floating-nets',
      ]),
    )
    .default(['all']),
  /** which of min:typ:max delays */
  delays: z.enum(['min', 'typ', 'max']).default('typ'),
  /** the bench is written in Python for cocotb; the top is the design itself. `cocotb-config` tells the paths */
  cocotb: z
    .strictObject({
      /** test modules, without `.py` */
      modules: z.array(z.string().regex(/^[A-Za-z_][\w.]*$/)).min(1),
      /** folders of the modules, relative to the workspace */
      folders: z.array(z.string().min(1)).default(['tb']),
      /** interpreter with cocotb installed */
      python: z.string().min(1),
      /** `cocotb-config --libpython` */
      libpython: z.string().min(1),
      /** `cocotb-config --pygpi-entry-point` */
      entry: z.string().min(1),
      /** `cocotb-config --lib-name-path vpi icarus` */
      vpi: z.string().min(1),
    })
    .nullable()
    .default(null),
});

/** Printed when the events ran out before any `$finish`. */
export const NO_FINISH = 'genrtl: the simulation ran out of events before $finish';
const WATCH = 'genrtl_watch';

/**
 * vvp 11 is silent about `$finish` and exits with 0 when the events just run out. This second top wakes at the end of
 * representable time: nothing but `$finish`, `$stop` or a time-out keeps it from speaking. It measures the length of a
 * tick by itself, since the sources decide the precision, and stands last with `resetall` so that it changes nothing
 * for them. Whether it has a time scale follows the sources: iverilog warns of designs where only some modules have
 * one.
 */
function watchModule(timescales: boolean, dump: { file: string; top: string } | null): string {
  const dumping = dump === null ? '' : `    $dumpfile(${verilogString(dump.file)});\n    $dumpvars(0, ${dump.top});\n`;
  return `\`resetall
${timescales ? '`timescale 1s/1s\n' : ''}module ${WATCH};
  reg [63:0] ticks;
  initial begin
${dumping}    #1 ticks = $simtime;
    #(64'd9223372036854775807 / ticks - 64'd1) $display("${NO_FINISH}");
  end
endmodule
`;
}

const verilogString = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

export function buildIcarusCommands(context: BuildContext<z.infer<typeof IcarusOptions>>): BuildPlan {
  const { action, tool, runDir, top, options, waves } = context;
  const simulate = action === 'simulate';
  const compiled = `${runDir}/a.vvp`;
  const watch = `${runDir}/${WATCH}.sv`;
  if (simulate && tool.companions['vvp'] === undefined)
    throw new GenrtlError('TOOL_MISSING', 'iverilog is installed, but vvp is not on the PATH.');
  if (simulate && top === null) throw new GenrtlError('USAGE', 'A simulation needs the name of its top module.');
  const argv: [string, ...string[]] = [
    tool.path,
    `-g${options.generation}`,
    ...options.warnings.map((name) => `-W${name}`),
    ...(options.warnings.includes('all') && !options.warnings.includes('timescale') ? ['-Wno-timescale'] : []),
    ...(options.delays === 'typ' ? [] : [`-T${options.delays}`]),
    ...(top === null ? [] : ['-s', top]),
    ...(simulate ? ['-s', WATCH] : []),
    // beside the including file first, as the other tools look
    '-grelative-include',
    ...context.includeDirs.map((dir) => `-I${dir}`),
    ...Object.entries(context.defines).map(([name, value]) => (value === null ? `-D${name}` : `-D${name}=${value}`)),
    ...(top === null ? [] : Object.entries(context.parameters).map(([name, value]) => `-P${top}.${name}=${value}`)),
    ...(action === 'lint' || action === 'elaborate' ? ['-tnull'] : ['-o', compiled]),
    ...context.sources,
    ...(simulate ? [watch] : []),
  ];
  const commands: ToolCommand[] = [
    { argv, role: 'build', ...(action === 'lint' || action === 'elaborate' ? {} : { artefact: compiled }) },
  ];
  if (!simulate || top === null) return { files: [], commands };
  commands.push({
    role: 'run',
    argv: [
      tool.companions['vvp'] ?? 'vvp',
      '-N',
      ...(options.cocotb === null ? [] : ['-m', options.cocotb.vpi]),
      compiled,
      // vvp takes the format of the dump after the file, as an extended argument
      ...(waves?.format === 'fst' ? ['-fst'] : []),
      ...(waves?.by === 'plusarg' ? [`+vcd=${waves.file}`] : []),
      ...(context.seed === null ? [] : [`+seed=${context.seed}`]),
      ...context.plusargs.map((arg) => `+${arg}`),
    ],
  });
  const files = [
    { path: watch, text: watchModule(context.timescales, waves?.by === 'module' ? { file: waves.file, top } : null) },
  ];
  return options.cocotb === null
    ? { files, commands }
    : { files, commands, ...cocotbRun(options.cocotb, top, runDir, context.seed) };
}

/** The environment of cocotb 2 and the result file that it leaves. */
function cocotbRun(
  { modules, folders, python, libpython, entry }: NonNullable<z.infer<typeof IcarusOptions>['cocotb']>,
  top: string,
  runDir: string,
  seed: number | null,
): Pick<BuildPlan, 'env' | 'resultFiles'> {
  const results = `${runDir}/results.xml`;
  return {
    resultFiles: [results],
    env: {
      COCOTB_TOPLEVEL: top,
      COCOTB_TEST_MODULES: modules.join(','),
      COCOTB_RESULTS_FILE: results,
      COCOTB_ANSI_OUTPUT: '0',
      TOPLEVEL_LANG: 'verilog',
      GPI_USERS: `${libpython};${entry}`,
      PYGPI_PYTHON_BIN: python,
      PYTHONPATH: folders.join(':'),
      PYTHONDONTWRITEBYTECODE: '1',
      ...(seed === null ? {} : { COCOTB_RANDOM_SEED: String(seed) }),
    },
  };
}
