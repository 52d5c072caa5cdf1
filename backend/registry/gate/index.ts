// The publishing gate (docs/cbb.md): what a package must show before it can be sold. Findings are results, not
// exceptions.
import { basename } from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { CbbEvidence } from '@genrtl/contracts';
import { KeptVerdicts } from '../../tool-runner/index.ts';
import type { ToolRunner } from '../../tool-runner/index.ts';
import { readPackage, simulationHash, sourceHash } from '../package-source.ts';
import type { PackageSource } from '../package-source.ts';
import { checkCrossings } from './crossings.ts';
import { checkIllegalParameters, checkInterface } from './elaboration.ts';
import { checked } from './findings.ts';
import type { Check } from './findings.ts';
import { parameterSetFindings, readParameterSets } from './parameter-sets.ts';
import type { ParameterSet } from './parameter-sets.ts';
import { checkBenches, checkLint } from './simulation.ts';
import { checkStrength } from './strength.ts';
import { checkFiles, checkManifest } from './structure.ts';

export { requirePassed } from './structure.ts';

/** Raised whenever a check is added or judges differently: older evidence then no longer counts as current. */
export const GATE_VERSION = 2;
/** Since then benches and strength are judged as they are now. */
const SAME_SIMULATION_SINCE = 1;

const GATE_TOOLS = ['icarus', 'verilator', 'yosys'] as const;

export interface GateOptions {
  readonly runner: ToolRunner;
  readonly signal?: AbortSignal;
  /** what an earlier run found: where nothing that benches depend on has changed since, they do not run again */
  readonly before?: CbbEvidence | null;
  /** folder in which verdicts about mutants are kept until the gate has come to its end: one cut short goes on there */
  readonly keepIn?: string;
  /** told before each part, for progress on a terminal */
  readonly onPart?: (part: string) => void;
}

/** Versions of the tools that the gate runs. TOOL_MISSING names the first that is absent. */
export async function gateTools(runner: ToolRunner): Promise<CbbEvidence['tools']> {
  return Promise.all(GATE_TOOLS.map(async (name) => ({ name, version: await runner.version(name) })));
}

/**
 * Runs the whole gate on a package folder. A failing package gives evidence with `passed: false`; thrown are
 * TOOL_MISSING,
 * CANCELLED, DISK_FULL, and CBB_GATE_FAILED only for a folder that is no package at all.
 */
export async function runGate(folder: string, options: GateOptions): Promise<CbbEvidence> {
  const source = await readPackage(folder);
  const tools = await gateTools(options.runner);
  const { manifest } = source;
  const context = {
    runner: options.runner,
    folder,
    manifest,
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  };
  const checks: Check[] = [checkFiles(source), checkManifest(source, basename(folder))];
  const sets = readSets(source, checks);
  const evidence = {
    schema_version: 1 as const,
    cbb_id: manifest.cbb_id,
    version: manifest.version,
    source_sha256: sourceHash(source),
    simulation_sha256: simulationHash(source),
    gate_version: GATE_VERSION,
    tools,
  };
  const nothing = { parameter_sets: [], mutants: { killed: 0, total: 0 }, survivors: [], stubs: [] };
  // Tools run only on a package that holds together: their messages about missing files would say less.
  if (checks.some(({ passed }) => !passed)) return { ...evidence, checks, ...nothing, passed: false };

  options.onPart?.('interface');
  checks.push(
    await checkInterface(context, sets),
    await checkIllegalParameters(context),
    await checkLint(context, sets),
  );
  options.onPart?.('crossings');
  checks.push(await checkCrossings(context, sets));
  const { before = null } = options;
  if (before !== null && simulatedAlike(before, source, tools)) {
    checks.push(checked('benches', []), checked('strength', []));
    const { parameter_sets, mutants, survivors, stubs } = before;
    const passed = checks.every((check) => check.passed);
    return { ...evidence, checks, parameter_sets, mutants, survivors, stubs, passed };
  }
  options.onPart?.('benches');
  const benches = await checkBenches(context, sets);
  checks.push(benches.check);
  options.onPart?.('strength');
  const basis = JSON.stringify([evidence.simulation_sha256, SAME_SIMULATION_SINCE, tools]);
  const kept = options.keepIn === undefined ? undefined : await KeptVerdicts.open(options.keepIn, basis);
  const { check, strength } = await checkStrength({ ...context, ...(kept === undefined ? {} : { kept }) }, sets);
  await kept?.forget();
  checks.push(check);
  return {
    ...evidence,
    checks,
    parameter_sets: benches.sets,
    mutants: { ...strength.mutants },
    survivors: strength.survivors,
    stubs: strength.stubs,
    passed: checks.every(({ passed }) => passed),
  };
}

function readSets(source: PackageSource, checks: Check[]): ParameterSet[] {
  try {
    const sets = readParameterSets(source);
    checks.push(checked('parameter sets', parameterSetFindings(source, sets)));
    return sets;
  } catch (error) {
    if (!(error instanceof GenrtlError)) throw error;
    checks.push(checked('parameter sets', [error.message]));
    return [];
  }
}

/**
 * Whether benches and strength passed on the same RTL, benches and tools; older evidence names the whole source only.
 */
function simulatedAlike(before: CbbEvidence, source: PackageSource, tools: CbbEvidence['tools']): boolean {
  return (
    before.checks.filter(({ name }) => name === 'benches' || name === 'strength').filter(({ passed }) => passed)
      .length === 2 &&
    (before.simulation_sha256 === undefined
      ? before.source_sha256 === sourceHash(source)
      : before.simulation_sha256 === simulationHash(source)) &&
    before.gate_version >= SAME_SIMULATION_SINCE &&
    JSON.stringify(before.tools) === JSON.stringify(tools)
  );
}

/** Evidence that is about this very source, by this gate and these tools, needs no second run. */
export function isCurrent(evidence: CbbEvidence, source: PackageSource, tools: CbbEvidence['tools']): boolean {
  return (
    evidence.source_sha256 === sourceHash(source) &&
    evidence.gate_version === GATE_VERSION &&
    JSON.stringify(evidence.tools) === JSON.stringify(tools)
  );
}
