// Package descriptions for other tools, generated from the manifest: a FuseSoC core file (CAPI2) and a Bender manifest.
import type { CbbManifest } from '@genrtl/contracts';
import { defaultValue } from '@genrtl/core/cbb/parameters.ts';
import { stringify } from 'yaml';

const VENDOR = 'genrtl';
const LIBRARY = 'cbb';

/** `vendor:library:name:version`, FuseSoC's name of a core. */
export function fusesocName(manifest: Pick<CbbManifest, 'cbb_id' | 'version'>): string {
  return `${VENDOR}:${LIBRARY}:${manifest.cbb_id}:${manifest.version}`;
}

/**
 * The text of `<cbb_id>.core`. Targets: `default` (RTL as a dependency of others), `lint` and `sim`. Every parameter of
 * the top is a `vlogparam`, so that `fusesoc run --PARAM=value` works.
 */
export function fusesocCore(manifest: CbbManifest): string {
  const parameters = manifest.parameters.map(({ name }) => name);
  const core = {
    name: fusesocName(manifest),
    description: manifest.title,
    filesets: {
      rtl: {
        files: [...manifest.filesets.rtl],
        file_type: 'systemVerilogSource',
        ...(manifest.dependencies.length === 0 ? {} : { depend: manifest.dependencies.map(fusesocDependency) }),
      },
      tb: { files: [...manifest.filesets.tb], file_type: 'systemVerilogSource' },
    },
    targets: {
      default: { filesets: ['rtl'] },
      lint: {
        default_tool: 'verilator',
        filesets: ['rtl'],
        toplevel: manifest.toplevel,
        parameters,
        tools: { verilator: { mode: 'lint-only', verilator_options: ['-Wall'] } },
      },
      sim: {
        default_tool: 'icarus',
        filesets: ['rtl', 'tb'],
        toplevel: manifest.entrypoints.tb,
        parameters,
        tools: { icarus: { iverilog_options: ['-g2012'] } },
      },
    },
    parameters: Object.fromEntries(
      manifest.parameters.map((parameter) => [
        parameter.name,
        {
          datatype: parameter.type === 'string' ? 'str' : 'int',
          default: defaultOf(parameter),
          paramtype: 'vlogparam',
          description: parameter.description,
        },
      ]),
    ),
  };
  return `CAPI=2:\n${stringify(core, { lineWidth: 0 })}`;
}

/** The text of `Bender.yml`: RTL always, the benches behind the targets `test` and `simulation`. */
export function benderYml(manifest: CbbManifest): string {
  return stringify(
    {
      package: { name: manifest.cbb_id, authors: ['genRTL'], description: manifest.title },
      ...(manifest.dependencies.length === 0
        ? {}
        : {
            dependencies: Object.fromEntries(
              manifest.dependencies.map(({ cbb_id, range }) => [cbb_id, { version: range }]),
            ),
          }),
      sources: [
        {
          files: [...manifest.filesets.rtl],
          ...(manifest.include_dirs.length === 0 ? {} : { include_dirs: [...manifest.include_dirs] }),
        },
        { target: 'any(test, simulation)', files: [...manifest.filesets.tb] },
      ],
    },
    { lineWidth: 0 },
  );
}

/** FuseSoC puts the relation before the name: `>=genrtl:cbb:x:1.2.0`. A caret range becomes FuseSoC's own `^`. */
function fusesocDependency({ cbb_id, range }: CbbManifest['dependencies'][number]): string {
  const match = /^(\^|~|>=|<=|>|<|=)?\s*(\d+\.\d+\.\d+\S*)$/.exec(range.trim());
  return match === null
    ? `${VENDOR}:${LIBRARY}:${cbb_id}`
    : `${match[1] ?? '='}${VENDOR}:${LIBRARY}:${cbb_id}:${match[2] ?? ''}`;
}

/** FuseSoC wants a number where the value is one. */
function defaultOf(parameter: CbbManifest['parameters'][number]): string | number {
  const value = defaultValue(parameter);
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : parameter.default;
}
