// Command lines of Verilator.
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import type { BuildContext, BuildPlan, ToolCommand } from '../../adapter.ts';

export const VerilatorOptions = z.strictObject({
  /** `-Wall` in lint; its findings are shown, never the verdict: reference designs fail it */
  all_warnings: z.boolean().default(true),
  /** warning codes to silence, `-Wno-<code>` */
  waive: z.array(z.string().regex(/^[A-Z][A-Z0-9_]*$/)).default([]),
  language: z
    .enum(['1364-1995', '1364-2001', '1364-2005', '1800-2005', '1800-2009', '1800-2012', '1800-2017', '1800-2023'])
    .default('1800-2017'),
  /** assertions are checked in simulation */
  assertions: z.boolean().default(true),
  /** C++ optimisation of the built program: short benches lose more in g++ than they win at run time */
  optimise: z.enum(['0', '1', '2', '3', 's']).default('1'),
  /** random values for two-state variables that the design never initialises */
  x_initial: z.enum(['0', 'unique', 'fast']).default('0'),
});

export function buildVerilatorCommands(context: BuildContext<z.infer<typeof VerilatorOptions>>): BuildPlan {
  const { action, tool, top, options, runDir, waves } = context;
  const sources = [
    '--relative-includes',
    ...context.includeDirs.map((dir) => `-I${dir}`),
    ...Object.entries(context.defines).map(([name, value]) => (value === null ? `-D${name}` : `-D${name}=${value}`)),
    ...Object.entries(context.parameters).map(([name, value]) => `-G${name}=${value}`),
    ...options.waive.map((code) => `-Wno-${code}`),
    ...(top === null ? [] : ['--top-module', top]),
    ...context.sources,
  ];
  const language = ['--default-language', options.language];
  if (action === 'lint' || action === 'elaborate') {
    return {
      files: [],
      commands: [
        {
          role: 'build',
          argv: [
            tool.path,
            '--lint-only',
            '--timing',
            ...language,
            ...(options.all_warnings && action === 'lint' ? ['-Wall'] : []),
            '-Wno-fatal',
            ...sources,
          ],
        },
      ],
    };
  }
  if (top === null) throw new GenrtlError('USAGE', 'Verilator needs the name of the top module.');
  const buildDir = `${context.buildDir}/verilated`;
  const program = `${buildDir}/V${top}`;
  const make = tool.companions['make'];
  if (make === undefined)
    throw new GenrtlError('TOOL_MISSING', 'Verilator is installed, but make is not on the PATH.', {
      hint: 'Install make and a C++20 compiler.',
    });
  const opt = `-O${options.optimise}`;
  // `--binary` would do both steps, but it hands the build folder to a shell without quoting.
  const commands: ToolCommand[] = [
    {
      role: 'build',
      artefact: `${buildDir}/V${top}.mk`,
      argv: [
        tool.path,
        '--cc',
        '--exe',
        ...(context.coverage ? [] : ['--main']),
        '--timing',
        ...language,
        '-Wno-fatal',
        '-Wno-lint',
        '-Wno-style',
        ...(options.assertions ? ['--assert'] : []),
        ...(waves === null ? [] : [waves.format === 'fst' ? '--trace-fst' : '--trace']),
        ...(context.coverage ? ['--coverage'] : []),
        '--x-initial',
        options.x_initial,
        '--Mdir',
        buildDir,
        '-o',
        `V${top}`,
        ...sources,
        // named from the build folder, where make looks for it
        ...(context.coverage ? [`../${COVERAGE_MAIN}`] : []),
      ],
    },
    {
      role: 'build',
      artefact: program,
      argv: [
        make,
        '-s',
        '-C',
        buildDir,
        '-f',
        `V${top}.mk`,
        '-j',
        String(context.jobs),
        `OPT_FAST=${opt}`,
        `OPT_GLOBAL=${opt}`,
      ],
    },
  ];
  if (action === 'simulate') {
    commands.push({
      role: 'run',
      argv: [
        program.startsWith('/') ? program : `./${program}`,
        ...(waves === null ? [] : [`+vcd=${waves.file}`]),
        ...(context.seed === null ? [] : [`+verilator+seed+${context.seed}`, `+seed=${context.seed}`]),
        ...context.plusargs.map((arg) => `+${arg}`),
      ],
    });
  }
  const ccache = tool.companions['ccache'];
  return {
    files: context.coverage
      ? [{ path: `${context.buildDir}/${COVERAGE_MAIN}`, text: coverageMain(top, `${runDir}/coverage.dat`) }]
      : [],
    commands,
    ...(action === 'simulate' ? { disposable: [buildDir] } : {}),
    ...(ccache === undefined ? {} : { env: { OBJCACHE: ccache } }),
  };
}

const COVERAGE_MAIN = 'coverage_main.cpp';

/** What `--main` generates, and the writing of the coverage, which 5.006 leaves out of it. */
function coverageMain(top: string, file: string): string {
  return `#include <memory>
#include "verilated.h"
#include "verilated_cov.h"
#include "V${top}.h"
int main(int argc, char** argv) {
  const std::unique_ptr<VerilatedContext> contextp{new VerilatedContext};
  contextp->traceEverOn(true);
  contextp->commandArgs(argc, argv);
  const std::unique_ptr<V${top}> topp{new V${top}{contextp.get()}};
  while (!contextp->gotFinish()) {
    topp->eval();
    if (!topp->eventsPending()) break;
    contextp->time(topp->nextTimeSlot());
  }
  topp->final();
  contextp->coveragep()->write(${JSON.stringify(file)});
  return 0;
}
`;
}
