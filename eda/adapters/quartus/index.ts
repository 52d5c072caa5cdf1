// Intel Quartus Prime: analysis and elaboration, analysis and synthesis. Built from documentation; see docs/tools.md.
import { posix } from 'node:path';
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { defineAdapter } from '../../adapter.ts';
import type { BuildContext, BuildPlan } from '../../adapter.ts';
import { tclWord } from '../../parsing/tcl.ts';
import { buildVerdict, licenceVerdict } from '../../verdicts.ts';
import { createQuartusParser } from './parser.ts';

const Options = z.strictObject({
  family: z
    .string()
    .regex(/^[\w ]+$/)
    .default('Cyclone V'),
  device: z.string().regex(/^\w+$/).nullable().default(null),
});

const PROJECT = 'genrtl';

/** Paths of a project file are relative to its folder. */
function settings(context: BuildContext<z.infer<typeof Options>>): string {
  const { runDir, options, top } = context;
  const from = (path: string): string =>
    tclWord(path.startsWith('/') || runDir.startsWith('/') ? path : posix.relative(runDir, path));
  const kind = (path: string): string =>
    /\.vhdl?$/i.test(path) ? 'VHDL_FILE' : /\.v$/i.test(path) ? 'VERILOG_FILE' : 'SYSTEMVERILOG_FILE';
  return [
    `set_global_assignment -name FAMILY ${tclWord(options.family)}`,
    ...(options.device === null ? [] : [`set_global_assignment -name DEVICE ${tclWord(options.device)}`]),
    `set_global_assignment -name TOP_LEVEL_ENTITY ${tclWord(top ?? '')}`,
    'set_global_assignment -name PROJECT_OUTPUT_DIRECTORY output_files',
    'set_global_assignment -name VERILOG_INPUT_VERSION SYSTEMVERILOG_2005',
    'set_global_assignment -name VHDL_INPUT_VERSION VHDL_2008',
    ...context.includeDirs.map((dir) => `set_global_assignment -name SEARCH_PATH ${from(dir)}`),
    ...Object.entries(context.defines).map(
      ([name, value]) =>
        `set_global_assignment -name VERILOG_MACRO ${tclWord(value === null ? name : `${name}=${value}`)}`,
    ),
    ...Object.entries(context.parameters).map(
      ([name, value]) => `set_parameter -name ${tclWord(name)} ${tclWord(value)}`,
    ),
    ...context.sources.map((path) => {
      const library = context.libraries[path];
      return `set_global_assignment -name ${kind(path)} ${from(path)}${library === undefined ? '' : ` -library ${library}`}`;
    }),
  ].join('\n');
}

function buildCommands(context: BuildContext<z.infer<typeof Options>>): BuildPlan {
  const { action, tool, top, runDir } = context;
  if (top === null) throw new GenrtlError('USAGE', 'Quartus needs the name of the top module.');
  const map = tool.companions['quartus_map'] ?? 'quartus_map';
  return {
    files: [
      { path: `${runDir}/${PROJECT}.qpf`, text: `PROJECT_REVISION = "${PROJECT}"\n` },
      { path: `${runDir}/${PROJECT}.qsf`, text: `${settings(context)}\n` },
    ],
    commands: [
      {
        role: 'build',
        artefact: `${runDir}/output_files/${PROJECT}.map.rpt`,
        argv: [
          map,
          `${runDir}/${PROJECT}`,
          '--read_settings_files=on',
          '--write_settings_files=off',
          ...(action === 'synthesise' ? [] : ['--analysis_and_elaboration']),
        ],
      },
    ],
  };
}

export const quartus = defineAdapter({
  id: 'quartus',
  title: 'Intel Quartus Prime',
  testedAgainstRealTool: false,
  needs: { network: 'licence', home: ['.flexlmrc', '.altera.quartus', 'intelFPGA_licenses'] },
  actions: ['lint', 'elaborate', 'synthesise'],
  languages: ['verilog', 'vhdl'],
  optionsSchema: Options,
  async detect(host) {
    const path = await host.which('quartus_sh');
    if (path === null) return null;
    const map = await host.which('quartus_map');
    const { stdout } = await host.capture([path, '--version']);
    return {
      path,
      version: /Version (\d\S*)/.exec(stdout)?.[1] ?? 'unknown',
      edition: /\b(Lite|Standard|Pro) Edition\b/.exec(stdout)?.[1] ?? null,
      companions: map === null ? {} : { quartus_map: map },
    };
  },
  buildCommands,
  createParser: (_stream, sink) => createQuartusParser(sink),
  // success is said in words; its absence is no pass, whatever the exit code
  verdict(facts) {
    const verdict = licenceVerdict(facts) ?? buildVerdict(facts);
    return verdict === 'pass' && (facts.log.own['successful'] ?? 0) === 0 ? 'unknown' : verdict;
  },
});
