// How strong a testbench is: which stubs and which single-point mutants of the RTL it tells from the real design.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import type { Strength } from '@genrtl/contracts';
import { GenrtlError } from '@genrtl/contracts';
import { EquivalenceProver } from './equivalence.ts';
import { applyMutant, mutantsOf } from './mutate.ts';
import type { Mutant } from './mutate.ts';
import { stubSource } from './stub.ts';
import type { Tie } from './stub.ts';
import { VariantRunner } from './variants.ts';
import type { BenchSetup, VariantRun } from './variants.ts';

export { findModule, moduleNames } from './module-text.ts';
export { applyMutant, mutantsOf } from './mutate.ts';
export type { Mutant } from './mutate.ts';
export { stubSource } from './stub.ts';
export type { BenchSetup } from './variants.ts';

export interface StrengthRequest extends BenchSetup {
  /** module under test: its stub must fail */
  readonly dut: string;
  /** sources to mutate: the generated RTL, never packages or benches */
  readonly mutate: readonly string[];
  /**
   * everything that the module under test is made of, for the proof that a survivor is no other design; default:
   * `mutate`
   */
  readonly design?: readonly string[];
  /**
   * for mutants; stubs always run, and a bench that a stub passes is not asked about mutants. Default 60 s; 0 leaves
   * `mutants` null
   */
  readonly timeBudgetMs?: number;
  /** at most so many mutants, drawn evenly and reproducibly; default 200 */
  readonly maxMutants?: number;
  /** simulations at a time; default 2 */
  readonly parallel?: number;
  /** absolute; default: the system's temporary folder */
  readonly scratchDir?: string;
  readonly onProgress?: (done: number, planned: number) => void;
}

const DEFAULT_BUDGET_MS = 60_000;
const BASELINE_TIMEOUT_MS = 300_000;
/** A mutant that runs this much longer than the design hangs. */
const SLOWDOWN = 8;
const MIN_TIMEOUT_MS = 1_500;
const MAX_SURVIVORS = 100;
const MIN_PROOF_MS = 20_000;

/**
 * Throws DESIGN_FAILED when the bench does not pass on the design as it is, TOOL_MISSING without the simulator,
 * CANCELLED when aborted. Mutants that do not elaborate, that the compiler turns into the same program,
 * or that Yosys proves to be the same design (default parameters, after reset) do not count.
 */
export async function measureStrength(request: StrengthRequest): Promise<Strength> {
  const runner = await VariantRunner.open(request, request.scratchDir ?? tmpdir());
  try {
    const baseline = await runner.run(null, BASELINE_TIMEOUT_MS);
    requireRun(baseline);
    if (baseline.verdict !== 'pass') {
      throw new GenrtlError(
        'DESIGN_FAILED',
        `The testbench ${request.top} does not pass on the design as it is (${baseline.verdict}).`,
        { hint: 'Its strength can be measured once it passes.' },
      );
    }
    const timeoutMs = Math.max(MIN_TIMEOUT_MS, baseline.durationMs * SLOWDOWN);
    const sources = new Map(
      await Promise.all(
        request.sources.map(async (file) => [file, await readFile(resolve(request.workspace, file), 'utf8')] as const),
      ),
    );
    const stubs = await runStubs(request, runner, sources, timeoutMs);
    const budgetMs = request.timeBudgetMs ?? DEFAULT_BUDGET_MS;
    if (budgetMs <= 0 || stubs.some((stub) => !stub.failed)) return { mutants: null, stubs, survivors: [] };
    return { stubs, ...(await runMutants(request, runner, sources, baseline, timeoutMs, budgetMs)) };
  } finally {
    await runner.close();
  }
}

function requireRun(run: VariantRun): void {
  if (run.verdict === 'missing') throw new GenrtlError('TOOL_MISSING', 'The simulator is not installed.');
  if (run.verdict === 'cancelled') throw new GenrtlError('CANCELLED', 'Measuring the testbench was cancelled.');
}

/**
 * A stub that elaborates by itself but not below this bench is `untried`: the bench looks inside the design. One that
 * does not elaborate at all is our own fault and left out.
 */
async function runStubs(
  request: StrengthRequest,
  runner: VariantRunner,
  sources: ReadonlyMap<string, string>,
  timeoutMs: number,
): Promise<Strength['stubs']> {
  // Verilator has two states: an X there is a 0 or a 1
  const ties: Tie[] = request.adapter.id === 'verilator' ? ['0', '1'] : ['0', '1', 'x'];
  const stubs: Strength['stubs'] = [];
  for (const [file, text] of sources) {
    for (const tie of ties) {
      const stub = stubSource(text, request.dut, tie);
      if (stub === null) break;
      const change = { file, text: stub };
      const run = await runner.run(change, timeoutMs);
      requireRun(run);
      if (run.ran) stubs.push({ tied_to: tie, failed: run.verdict !== 'pass' });
      else if (await runner.elaborates(change, request.dut, timeoutMs))
        stubs.push({ tied_to: tie, failed: false, untried: true });
    }
    if (stubs.length > 0) break;
  }
  return stubs;
}

interface Candidate {
  readonly file: string;
  readonly mutant: Mutant;
}

async function runMutants(
  request: StrengthRequest,
  runner: VariantRunner,
  sources: ReadonlyMap<string, string>,
  baseline: VariantRun,
  timeoutMs: number,
  budgetMs: number,
): Promise<{ mutants: Strength['mutants']; survivors: Strength['survivors'] }> {
  const candidates = drawn(
    request.mutate.flatMap((file) => mutantsOf(sources.get(file) ?? '').map((mutant) => ({ file, mutant }))),
  );
  const planned = candidates.slice(0, request.maxMutants ?? 200);
  const deadline = performance.now() + budgetMs;
  const programs = new Set([baseline.program]);
  const survived: Candidate[] = [];
  let killed = 0;
  let total = 0;
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    for (
      let candidate = planned[next++];
      candidate !== undefined && performance.now() < deadline;
      candidate = planned[next++]
    ) {
      const { file, mutant } = candidate;
      const run = await runner.run({ file, text: applyMutant(sources.get(file) ?? '', mutant) }, timeoutMs);
      requireRun(run);
      request.onProgress?.(++done, planned.length);
      if (!run.ran || (run.program !== null && programs.has(run.program))) continue;
      programs.add(run.program);
      total++;
      if (run.verdict !== 'pass') killed++;
      else survived.push(candidate);
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: Math.max(1, request.parallel ?? 2) }, worker));
  for (const one of workers) if (one.status === 'rejected') throw one.reason;
  const { different, equivalent } = await sift(request, sources, survived, deadline);
  total -= equivalent;
  const survivors = different.map(({ file, mutant }) => ({ file, line: mutant.line, description: mutant.description }));
  survivors.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
  return { mutants: { killed, total, equivalent }, survivors: survivors.slice(0, MAX_SURVIVORS) };
}

/**
 * Takes the mutants out that are proven to be the same design. The proofs get as long again as the mutants had left,
 * and some seconds at least.
 */
async function sift(
  request: StrengthRequest,
  sources: ReadonlyMap<string, string>,
  survived: readonly Candidate[],
  deadline: number,
): Promise<{ different: Candidate[]; equivalent: number }> {
  if (survived.length === 0) return { different: [], equivalent: 0 };
  const prover = await EquivalenceProver.open({
    dut: request.dut,
    sources: request.design ?? request.mutate,
    texts: sources,
    workspace: request.workspace,
    includeDirs: request.includeDirs ?? [],
    defines: request.defines ?? {},
    scratchDir: request.scratchDir ?? tmpdir(),
    signal: request.signal,
    env: request.env,
  });
  if (prover === null) return { different: [...survived], equivalent: 0 };
  const different: Candidate[] = [];
  let equivalent = 0;
  const until = Math.max(deadline, performance.now() + MIN_PROOF_MS);
  try {
    const queue = [...survived];
    const worker = async (): Promise<void> => {
      for (let candidate = queue.shift(); candidate !== undefined; candidate = queue.shift()) {
        const text = applyMutant(sources.get(candidate.file) ?? '', candidate.mutant);
        if (performance.now() < until && (await prover.isEquivalent(candidate.file, text))) equivalent++;
        else different.push(candidate);
      }
    };
    await Promise.all(Array.from({ length: Math.max(1, request.parallel ?? 2) }, worker));
  } finally {
    await prover.close();
  }
  return { different, equivalent };
}

/**
 * Shuffled by hash, so that a time box or a limit cuts an even sample and the same design always gives the same one.
 */
function drawn(candidates: readonly Candidate[]): Candidate[] {
  const key = ({ file, mutant }: Candidate): string =>
    createHash('sha256').update(`${file}|${mutant.start}|${mutant.replacement}`).digest('hex');
  return candidates
    .map((candidate) => ({ candidate, key: key(candidate) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ candidate }) => candidate);
}
