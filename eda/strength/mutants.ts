// How many single-point mutants of the RTL the benches notice, within a time box: those that a tool proves to be the
// same design, or that reach no output, do not count; those that the time was too short for are said.
import { createHash } from 'node:crypto';
import type { Strength } from '@genrtl/contracts';
import { AS_IT_IS, judge } from './bench.ts';
import type { VariantBench } from './bench.ts';
import { GOOD_TIMEOUT_MS, MIN_TIMEOUT_MS, SLOWDOWN } from './held.ts';
import { applyMutant, mutantsOf } from './mutate.ts';
import type { Mutant } from './mutate.ts';
import { stopped } from './outputs.ts';

export interface Candidate {
  readonly file: string;
  readonly mutant: Mutant;
}

/** A bench with how long the good design takes in it, build included, and the program that its tool makes of that. */
export interface TimedBench {
  readonly bench: VariantBench;
  readonly goodMs: number;
  readonly program: string | null;
}

export interface MutantsRequest {
  /** the quickest first */
  readonly benches: readonly TimedBench[];
  readonly texts: ReadonlyMap<string, string>;
  readonly candidates: readonly Candidate[];
  readonly maxMutants: number;
  readonly parallel: number;
  /** no mutant begins after it, and what runs then is stopped and does not count; null: no limit */
  readonly deadline: Deadline;
  readonly signal: AbortSignal | undefined;
  /** whether the mutated place has a way to an output that counts */
  readonly reachable: (candidate: Candidate) => boolean;
  /** proves that a survivor is the same design; at its end `deadline` is asked again */
  readonly isEquivalent: (file: string, text: string, signal: AbortSignal) => Promise<boolean>;
  readonly onProgress?: ((done: number, planned: number) => void) | undefined;
}

export interface MutantsResult {
  readonly mutants: NonNullable<Strength['mutants']>;
  readonly survivors: Candidate[];
  /** mutants that the compiler turns into a program that is known already */
  readonly same: number;
}

/** Without a result that says something the work goes on for so long at most. */
const GRACE_MS = 5_000;
/** Survivors that say something without a single mutant caught: one alone may be any. */
const TELLING = 4;

/** A moment in time and the signal that comes with it. Until `enough` is said, work gets some time beyond it. */
export class Deadline {
  readonly #at: number;
  readonly #graceUntil: number;
  readonly #late = new AbortController();
  readonly #timer: NodeJS.Timeout;
  #enough = false;

  constructor(at: number) {
    this.#at = at;
    this.#graceUntil = Math.max(at, performance.now()) + GRACE_MS;
    this.#timer = setTimeout(() => this.#stop(), Math.max(0, at - performance.now()));
  }

  get over(): boolean {
    return performance.now() >= (this.#enough ? this.#at : this.#graceUntil);
  }

  get signal(): AbortSignal {
    return this.#late.signal;
  }

  /** What is there says something: from now on the time counts. */
  enough(): void {
    this.#enough = true;
    if (performance.now() >= this.#at) this.#late.abort();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #stop(): void {
    if (this.#enough) this.#late.abort();
  }
}

export async function timed(
  benches: readonly VariantBench[],
  known: ReadonlyMap<VariantBench, number>,
  signal: AbortSignal | undefined,
): Promise<TimedBench[] | { readonly failing: VariantBench; readonly verdict: string; readonly missing: boolean }> {
  const found: TimedBench[] = [];
  for (const bench of benches) {
    const goodMs = known.get(bench);
    if (goodMs !== undefined && !bench.comparesPrograms) {
      found.push({ bench, goodMs, program: null });
      continue;
    }
    const run = await bench.run(AS_IT_IS, { timeoutMs: GOOD_TIMEOUT_MS, signal });
    const is = judge(run);
    if (is === 'stopped') throw stopped();
    if (is !== 'passed') return { failing: bench, verdict: run.verdict, missing: run.verdict === 'missing' };
    found.push({ bench, goodMs: run.durationMs, program: run.program });
  }
  return found.sort((a, b) => a.goodMs - b.goodMs);
}

/** Throws CANCELLED. */
export async function runMutants(request: MutantsRequest): Promise<MutantsResult> {
  const drawnCandidates = drawn(request.candidates);
  const planned = drawnCandidates.slice(0, request.maxMutants);
  const tally = { killed: 0, equivalent: 0, unreachable: 0, broken: 0, same: 0, left: 0 };
  const survivors: Candidate[] = [];
  const programs = new Map(request.benches.map(({ bench, program }) => [bench, new Set([program])]));
  const { deadline } = request;
  const late = request.signal === undefined ? deadline.signal : AbortSignal.any([request.signal, deadline.signal]);
  let next = 0;
  let done = 0;

  const attempt = async (candidate: Candidate): Promise<void> => {
    const text = applyMutant(request.texts.get(candidate.file) ?? '', candidate.mutant);
    const outcome = await tryMutant(candidate, text, request, programs, late);
    if (outcome === 'late') tally.left++;
    else if (outcome === 'broken' || outcome === 'same') tally[outcome]++;
    else if (outcome === 'caught') tally.killed++;
    else if (!request.reachable(candidate)) tally.unreachable++;
    else if (await request.isEquivalent(candidate.file, text, late)) tally.equivalent++;
    else if (deadline.over && late.aborted) tally.left++;
    else survivors.push(candidate);
    if (outcome === 'caught' || survivors.length >= TELLING) deadline.enough();
  };
  const worker = async (): Promise<void> => {
    for (let at = next++; at < planned.length && !deadline.over; at = next++) {
      const candidate = planned[at];
      if (candidate === undefined) break;
      await attempt(candidate);
      request.onProgress?.(++done, planned.length);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.max(1, request.parallel) }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  if (request.signal?.aborted) throw stopped();
  return {
    mutants: {
      killed: tally.killed,
      total: tally.killed + survivors.length,
      equivalent: tally.equivalent,
      unreachable: tally.unreachable,
      not_tried: drawnCandidates.length - done + tally.left,
    },
    survivors,
    same: tally.same,
  };
}

/** `same`: no bench gets another program than it had; `late`: the time was over before a bench had noticed. */
async function tryMutant(
  { file }: Candidate,
  text: string,
  { benches, deadline }: MutantsRequest,
  programs: ReadonlyMap<VariantBench, Set<string | null>>,
  signal: AbortSignal,
): Promise<'caught' | 'passed' | 'broken' | 'same' | 'late'> {
  let [passed, same] = [0, 0];
  for (const [at, { bench, goodMs }] of benches.entries()) {
    const timeoutMs = Math.max(MIN_TIMEOUT_MS, goodMs * SLOWDOWN);
    const run = await bench.run({ files: new Map([[file, text]]) }, { timeoutMs, signal });
    const is = judge(run);
    if (is === 'stopped') return 'late';
    if (is === 'untried') continue;
    const known = programs.get(bench);
    if (run.program !== null && known?.has(run.program)) {
      same++;
      // another mutant was this very program under the first bench: it was counted there
      if (at === 0 && is === 'caught') return 'same';
      continue;
    }
    if (at === 0 && run.program !== null) known?.add(run.program);
    if (is === 'caught') return 'caught';
    passed++;
    if (deadline.over && at + 1 < benches.length) return 'late';
  }
  return passed > 0 ? 'passed' : same > 0 ? 'same' : 'broken';
}

/** All mutants of the texts, those of `lines` only where a file has an entry there. */
export function candidatesOf(
  texts: ReadonlyMap<string, string>,
  files: readonly string[],
  lines: ReadonlyMap<string, ReadonlySet<number>>,
): Candidate[] {
  return files.flatMap((file) => {
    const only = lines.get(file);
    return mutantsOf(texts.get(file) ?? '')
      .filter((mutant) => only === undefined || only.has(mutant.line))
      .map((mutant) => ({ file, mutant }));
  });
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
