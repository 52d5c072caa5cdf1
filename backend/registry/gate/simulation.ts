// Lint and benches of a package, at every parameter set.
import type { CbbEvidence, CbbManifest } from '@genrtl/contracts';
import type { ToolRunner } from '../../tool-runner/index.ts';
import { checked } from './findings.ts';
import type { Check } from './findings.ts';
import type { ParameterSet } from './parameter-sets.ts';

export interface SimulationContext {
  readonly runner: ToolRunner;
  readonly folder: string;
  readonly manifest: CbbManifest;
  readonly signal?: AbortSignal;
}

const SIMULATORS = ['icarus', 'verilator'] as const;

/** The RTL under `verilator -Wall`: a single warning refuses the package. */
export async function checkLint(
  { runner, folder, manifest, signal }: SimulationContext,
  sets: readonly ParameterSet[],
): Promise<Check> {
  const findings = await Promise.all(
    sets.map(async (set) => {
      const parameters = Object.fromEntries(
        Object.entries(set.parameters).filter(([name]) =>
          manifest.parameters.some((parameter) => parameter.name === name),
        ),
      );
      return runner.run(
        {
          tool: 'verilator',
          action: 'lint',
          workspace: folder,
          sources: manifest.filesets.rtl,
          includeDirs: manifest.include_dirs,
          top: manifest.toplevel,
          parameters,
          options: { all_warnings: true },
          ...(signal === undefined ? {} : { signal }),
        },
        ({ verdict, diagnostics }) => [
          ...diagnostics.map(
            ({ code, file, line, message }) =>
              `at the set "${set.name}": ${file ?? ''}:${line ?? 0}: ${code ?? ''} ${message}`,
          ),
          ...(verdict === 'pass' || diagnostics.length > 0
            ? []
            : [`at the set "${set.name}": Verilator ended as ${verdict}`]),
        ],
      );
    }),
  );
  return checked('lint', findings.flat());
}

/** Every bench on both simulators at every parameter set. The evidence of each run, and the check over all. */
export async function checkBenches(
  { runner, folder, manifest, signal }: SimulationContext,
  sets: readonly ParameterSet[],
): Promise<{ check: Check; sets: CbbEvidence['parameter_sets'] }> {
  const findings: string[] = [];
  const evidence = await Promise.all(
    sets.map(async ({ name, parameters }) => {
      const benches = await Promise.all(
        SIMULATORS.map((tool) =>
          runner.run(
            {
              tool,
              action: 'simulate',
              workspace: folder,
              sources: [...manifest.filesets.rtl, ...manifest.filesets.tb],
              includeDirs: manifest.include_dirs,
              top: manifest.entrypoints.tb,
              parameters,
              ...(tool === 'verilator' ? { options: { optimise: '0' } } : {}),
              ...(signal === undefined ? {} : { signal }),
            },
            ({ verdict, diagnostics }) => {
              if (verdict !== 'pass') {
                const first = diagnostics.find(({ severity }) => severity === 'error')?.message ?? 'without a message';
                findings.push(`${tool} at the set "${name}" ended as ${verdict}: ${first}`);
              }
              return { tb: manifest.entrypoints.tb, tool, passed: verdict === 'pass' };
            },
          ),
        ),
      );
      return { name, parameters, benches };
    }),
  );
  return { check: checked('benches', findings.sort()), sets: evidence };
}
