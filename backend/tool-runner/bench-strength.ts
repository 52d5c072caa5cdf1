// How strong a bench is over several parameter sets: eda's single-point mutants and stubs under Icarus. A mutant counts
// when it changes the program at any set, and is killed when the bench fails at any set where it counts.
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { Strength } from '@genrtl/contracts';
import { icarus } from '@genrtl/eda/adapters/icarus/index.ts';
import { applyMutant, mutantsOf, stubSource, ToolBench } from '@genrtl/eda/strength/index.ts';
import type { VariantRun } from '@genrtl/eda/strength/index.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import type { KeptVerdicts, MutantOutcome } from './kept-verdicts.ts';

export interface BenchStrengthRequest {
  /** absolute folder of the sources */
  readonly workspace: string;
  /** relative to the workspace; all of these are mutated */
  readonly rtl: readonly string[];
  readonly tb: readonly string[];
  readonly includeDirs: readonly string[];
  /** the bench's top module */
  readonly top: string;
  /** the module whose outputs the stubs tie */
  readonly dut: string;
  readonly parameterSets: readonly Readonly<Record<string, string>>[];
  readonly parallel?: number;
  readonly scratch?: string;
  readonly signal?: AbortSignal;
  /** verdicts of an earlier measurement of the same that did not come to its end; new ones are kept there */
  readonly kept?: KeptVerdicts;
}

export interface BenchStrength {
  readonly mutants: { readonly killed: number; readonly total: number };
  readonly survivors: Strength['survivors'];
  /** `failed` only if the stub failed at every set */
  readonly stubs: Strength['stubs'];
}

const BASELINE_TIMEOUT_MS = 300_000;
/** A mutant that runs this much longer than the design hangs; an endless mutant counts as killed. */
const SLOWDOWN = 8;
const MIN_TIMEOUT_MS = 2_000;

interface OpenSet {
  readonly run: (change: { file: string; text: string } | null, timeoutMs: number) => Promise<VariantRun>;
  readonly baseline: VariantRun;
  readonly timeoutMs: number;
}

/** Throws DESIGN_FAILED when the bench does not pass at one of the sets, TOOL_MISSING without Icarus, CANCELLED. */
export async function measureBench(request: BenchStrengthRequest): Promise<BenchStrength> {
  const sources = new Map(
    await Promise.all(
      request.rtl.map(async (file) => [file, await readRegular(resolve(request.workspace, file), 'utf8')] as const),
    ),
  );
  const sets: OpenSet[] = [];
  const open: ToolBench[] = [];
  try {
    for (const parameters of request.parameterSets) {
      const bench = await ToolBench.open(
        {
          adapter: icarus,
          workspace: request.workspace,
          sources: [...request.rtl, ...request.tb],
          includeDirs: request.includeDirs,
          parameters,
          top: request.top,
        },
        request.scratch ?? tmpdir(),
      );
      open.push(bench);
      const run: OpenSet['run'] = (change, timeoutMs) =>
        bench.run(
          { files: new Map(change === null ? [] : [[change.file, change.text]]) },
          { timeoutMs, signal: request.signal },
        );
      const baseline = required(await run(null, BASELINE_TIMEOUT_MS));
      if (baseline.verdict !== 'pass')
        throw new GenrtlError(
          'DESIGN_FAILED',
          `The bench ${request.top} ended as ${baseline.verdict} on the design as it is, with ${JSON.stringify(parameters)}.`,
        );
      sets.push({ run, baseline, timeoutMs: Math.max(MIN_TIMEOUT_MS, baseline.durationMs * SLOWDOWN) });
    }
    const stubs = await runStubs(request.dut, sources, sets);
    return { ...(await runMutants(sources, sets, request.parallel ?? 2, request.kept)), stubs };
  } finally {
    await Promise.all(open.map((bench) => bench.close()));
  }
}

async function runStubs(
  dut: string,
  sources: ReadonlyMap<string, string>,
  sets: readonly OpenSet[],
): Promise<Strength['stubs']> {
  const stubs: Strength['stubs'] = [];
  for (const [file, text] of sources) {
    for (const tie of ['0', '1', 'x'] as const) {
      const stub = stubSource(text, dut, tie);
      if (stub === null) break;
      let failed = true;
      for (const { run, timeoutMs } of sets) {
        const tied = required(await run({ file, text: stub }, timeoutMs));
        failed &&= tied.ran && tied.verdict !== 'pass';
      }
      stubs.push({ tied_to: tie, failed });
    }
  }
  return stubs;
}

async function runMutants(
  sources: ReadonlyMap<string, string>,
  sets: readonly OpenSet[],
  parallel: number,
  kept: KeptVerdicts | undefined,
): Promise<Pick<BenchStrength, 'mutants' | 'survivors'>> {
  const candidates = [...sources].flatMap(([file, text]) => mutantsOf(text).map((mutant) => ({ file, mutant })));
  // The fastest set first: a mutant that it kills needs no other.
  const inOrder = [...sets].sort((a, b) => a.baseline.durationMs - b.baseline.durationMs);
  const survivors: Strength['survivors'] = [];
  let killed = 0;
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let candidate = candidates[next++]; candidate !== undefined; candidate = candidates[next++]) {
      const { file, mutant } = candidate;
      const text = applyMutant(sources.get(file) ?? '', mutant);
      const known = kept?.get(file, text);
      const outcome = known ?? (await judge(file, text, inOrder));
      if (known === undefined) await kept?.keep(file, text, outcome);
      if (outcome === 'killed') killed++;
      if (outcome === 'survived') survivors.push({ file, line: mutant.line, description: mutant.description });
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: Math.max(1, parallel) }, worker));
  for (const one of workers) if (one.status === 'rejected') throw one.reason;
  survivors.sort((a, b) =>
    a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || (a.description < b.description ? -1 : 1),
  );
  return { mutants: { killed, total: killed + survivors.length }, survivors };
}

/** A mutant that does not elaborate, or that compiles to the design's own program, says nothing about the bench. */
async function judge(file: string, text: string, sets: readonly OpenSet[]): Promise<MutantOutcome> {
  let counts = false;
  for (const { run, baseline, timeoutMs } of sets) {
    const mutated = required(await run({ file, text }, timeoutMs));
    if (!mutated.ran || (mutated.program !== null && mutated.program === baseline.program)) continue;
    if (mutated.verdict !== 'pass') return 'killed';
    counts = true;
  }
  return counts ? 'survived' : 'void';
}

function required(run: VariantRun): VariantRun {
  if (run.verdict === 'missing')
    throw new GenrtlError('TOOL_MISSING', 'Icarus Verilog is not installed on this server.');
  if (run.verdict === 'cancelled') throw new GenrtlError('CANCELLED', 'Measuring the bench was cancelled.');
  return run;
}
