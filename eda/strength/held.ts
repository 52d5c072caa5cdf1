// A module held by its harness under one bench: built once where the tool allows it, run once for each variant. Whether
// the harness is faithful is shown by a control run, in which nothing is spoilt and which has to pass.
import type { OutputVariant } from '@genrtl/contracts';
import { judge } from './bench.ts';
import type { BuiltVariant, Judgement, VariantBench, VariantRun } from './bench.ts';
import { harnessOf } from './harness.ts';
import type { Harness, HarnessKind, HarnessSource } from './harness.ts';

/** What a bench makes of something: it noticed, it passed all the same, or it could not be run. */
export type Verdict = { readonly is: Exclude<Judgement, 'untried'> } | { readonly is: 'untried'; readonly why: string };

/** Spoilt designs may run this much longer than the good one. */
export const SLOWDOWN = 8;
export const MIN_TIMEOUT_MS = 1_500;
export const GOOD_TIMEOUT_MS = 300_000;

const KINDS: readonly HarnessKind[] = ['wrapped', 'in_place'];

export class HeldModule {
  readonly bench: VariantBench;
  readonly harness: Harness;
  readonly widths: ReadonlyMap<string, number>;
  /** of the build and the control run together */
  readonly goodMs: number;
  readonly #run: (plusargs: readonly string[], timeoutMs: number) => Promise<VariantRun>;
  #runMs: number;

  private constructor(
    bench: VariantBench,
    harness: Harness,
    run: HeldModule['run'],
    control: VariantRun,
    buildMs: number,
  ) {
    this.bench = bench;
    this.harness = harness;
    this.#run = run;
    this.widths = harness.widthsIn(control.output);
    this.#runMs = control.durationMs;
    this.goodMs = buildMs + control.durationMs;
  }

  /**
   * `undriven`: an inout that is never driven; then the first run already is the variant, and is judged by `control`.
   * A text: why the bench cannot be run on this module held.
   */
  static async hold(
    bench: VariantBench,
    file: string,
    source: HarnessSource,
    signal: AbortSignal | undefined,
    undriven: string | null = null,
  ): Promise<HeldModule | { readonly why: string; readonly stopped: boolean }> {
    let why = 'its source could not be read';
    for (const kind of KINDS) {
      const harness = harnessOf(source, kind, undriven);
      if (harness === null) continue;
      const files = new Map([[file, harness.text]]);
      const started = performance.now();
      const built = await bench.build({ files }, { timeoutMs: GOOD_TIMEOUT_MS, signal });
      const run: HeldModule['run'] =
        built !== null && 'run' in built
          ? (plusargs, timeoutMs) => (built satisfies BuiltVariant).run(plusargs, { timeoutMs, signal })
          : (plusargs, timeoutMs) => bench.run({ files, plusargs }, { timeoutMs, signal });
      const buildMs = performance.now() - started;
      const control = built !== null && !('run' in built) ? built : await run([harness.control], GOOD_TIMEOUT_MS);
      const is = judge(control);
      if (is === 'stopped') return { why: 'stopped', stopped: true };
      if (is === 'passed' || (undriven !== null && is === 'caught'))
        return new HeldModule(bench, harness, run, control, buildMs);
      why = is === 'untried' ? control.why : `${bench.name} fails although nothing was changed`;
    }
    return { why, stopped: false };
  }

  run(plusargs: readonly string[], timeoutMs: number): Promise<VariantRun> {
    return this.#run(plusargs, timeoutMs);
  }

  output(output: string, variant: OutputVariant, bit?: number): Promise<Verdict> {
    return this.#judged(this.harness.select(output, variant, bit));
  }

  tied(value: '0' | '1' | 'x'): Promise<Verdict> {
    return this.#judged(this.harness.tie(value));
  }

  /** A run that takes too long is measured against the good one of the same moment: the machine may just be busy. */
  async #judged(plusarg: string): Promise<Verdict> {
    const limit = (): number => Math.max(MIN_TIMEOUT_MS, this.#runMs * SLOWDOWN);
    let run = await this.#run([plusarg], limit());
    if (run.verdict === 'timeout') {
      const good = await this.#run([this.harness.control], GOOD_TIMEOUT_MS);
      if (judge(good) === 'passed') this.#runMs = Math.max(this.#runMs, good.durationMs);
      run = await this.#run([plusarg], limit());
    }
    const is = judge(run);
    return is === 'untried' ? { is, why: run.why } : { is };
  }
}
