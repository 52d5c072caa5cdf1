// The gate's demand on a bench: nine of ten mutants killed, and no stub that passes.
import type { CbbManifest } from '@genrtl/contracts';
import { GenrtlError } from '@genrtl/contracts';
import { measureBench } from '../../tool-runner/index.ts';
import type { BenchStrength, KeptVerdicts } from '../../tool-runner/index.ts';
import { checked } from './findings.ts';
import type { Check } from './findings.ts';
import type { ParameterSet } from './parameter-sets.ts';

/** docs/cbb.md: mutants killed ≥ 90 %. */
const REQUIRED_KILLS = 0.9;

const NOTHING: BenchStrength = { mutants: { killed: 0, total: 0 }, survivors: [], stubs: [] };

/**
 * Measures and judges. A bench that fails on the design as it is has no strength to measure; the benches check says so
 * already.
 */
export async function checkStrength(
  {
    folder,
    manifest,
    signal,
    kept,
  }: {
    readonly folder: string;
    readonly manifest: CbbManifest;
    readonly signal?: AbortSignal;
    readonly kept?: KeptVerdicts;
  },
  sets: readonly ParameterSet[],
): Promise<{ check: Check; strength: BenchStrength }> {
  let strength: BenchStrength;
  try {
    strength = await measureBench({
      workspace: folder,
      rtl: manifest.filesets.rtl,
      tb: manifest.filesets.tb,
      includeDirs: manifest.include_dirs,
      top: manifest.entrypoints.tb,
      dut: manifest.toplevel,
      parameterSets: sets.map(({ parameters }) => parameters),
      ...(signal === undefined ? {} : { signal }),
      ...(kept === undefined ? {} : { kept }),
    });
  } catch (error) {
    if (!(error instanceof GenrtlError) || error.code !== 'DESIGN_FAILED') throw error;
    return { check: checked('strength', [error.message]), strength: NOTHING };
  }
  return { check: checked('strength', judge(strength)), strength };
}

function judge({ mutants, survivors, stubs }: BenchStrength): string[] {
  const findings: string[] = [];
  if (mutants.total === 0) findings.push('no mutant of the RTL could be judged');
  else if (mutants.killed / mutants.total < REQUIRED_KILLS) {
    findings.push(`only ${mutants.killed} of ${mutants.total} mutants were killed`);
    findings.push(...survivors.map(({ file, line, description }) => `survived: ${file}:${line} ${description}`));
  }
  for (const tie of ['0', '1', 'x'] as const) {
    const stub = stubs.find(({ tied_to }) => tied_to === tie);
    if (stub?.failed !== true) findings.push(`a stub with outputs tied to ${tie} passes, or could not be built`);
  }
  return findings;
}
