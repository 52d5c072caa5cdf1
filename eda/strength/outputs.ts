// Whether the benches look at each output: every one is spoilt in turn, and a bench of the set has to fail each time.
import type { CheckedOutput, Strength, Untried } from '@genrtl/contracts';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import type { VariantBench } from './bench.ts';
import type { HarnessSource } from './harness.ts';
import { HeldModule, type Verdict } from './held.ts';
import { unspoilable, variantsOf } from './ports.ts';
import { inParallel } from './pool.ts';

export interface ModuleUnderTest {
  readonly name: string;
  /** the source that declares it, relative to the workspace */
  readonly file: string;
  readonly source: HarnessSource;
  /** outputs that count; the rest is reported as unchecked before this job. Default: all */
  readonly charged?: ReadonlySet<string>;
  /** its outputs are named without the module */
  readonly isTop: boolean;
}

export interface OutputsRequest {
  readonly benches: readonly VariantBench[];
  readonly parallel: number;
  readonly signal: AbortSignal | undefined;
  /** a person's reasons by output */
  readonly waived: ReadonlyMap<string, string>;
  /** Verilator has two states: an X there is a 0 or a 1 */
  readonly ties: readonly ('0' | '1' | 'x')[];
}

export interface OutputsResult {
  readonly outputs: CheckedOutput[];
  readonly stubs: Strength['stubs'];
  readonly untried: Untried[];
  /** the benches that hold the module, the quickest first */
  readonly held: readonly HeldModule[];
}

/** Throws CANCELLED. */
export async function checkOutputs(module: ModuleUnderTest, request: OutputsRequest): Promise<OutputsResult> {
  const benches = request.benches.filter((bench) => bench.exercises(module.name));
  const opened = await inParallel(benches, request.parallel, (bench) =>
    HeldModule.hold(bench, module.file, module.source, request.signal),
  );
  const held: HeldModule[] = [];
  const failed: string[] = [];
  for (const one of opened) {
    if (one instanceof HeldModule) held.push(one);
    else if (one.stopped) throw stopped();
    else failed.push(one.why);
  }
  held.sort((a, b) => a.goodMs - b.goodMs);
  const all = new Jury(held, failed[0] ?? null);
  const ports = module.source.module.ports.filter((port) => port.direction !== 'input');
  const outputs = await inParallel(ports, request.parallel, async (port): Promise<CheckedOutput> => {
    const waived = request.waived.get(labelOf(module, port.name));
    const base = {
      module: module.name,
      output: port.name,
      ...(waived === undefined ? {} : { waived }),
      ...(module.charged === undefined || module.charged.has(port.name) ? {} : { earlier: true as const }),
    };
    const why = unspoilable(port);
    if (why !== null) return { ...base, variants: [], untried: why };
    const variants: CheckedOutput['variants'] = [];
    for (const variant of variantsOf(port)) {
      const jury = variant === 'undriven' ? await undriven(module, port.name, benches, request) : all;
      const verdict = await jury.ask((one) => one.output(port.name, variant));
      if (verdict.is === 'untried') return { ...base, variants, untried: verdict.why };
      variants.push({
        variant,
        caught: verdict.is === 'caught',
        ...(verdict.by === null ? {} : { bench: verdict.by }),
      });
    }
    return { ...base, variants };
  });
  const spoilable = outputs.some((one) => one.variants.length > 0);
  const stubs = spoilable ? await tiedStubs(all, request) : [];
  return { outputs, stubs, held, untried: untriedOf(module, outputs, stubs) };
}

/** How people name an output in waivers and messages. */
export const labelOf = ({ name, isTop }: Pick<ModuleUnderTest, 'name' | 'isTop'>, output: string): string =>
  isTop ? output : `${name}.${output}`;

export const stopped = (): GenrtlError => new GenrtlError('CANCELLED', 'Measuring the testbench was cancelled.');

async function tiedStubs(jury: Jury, request: OutputsRequest): Promise<Strength['stubs']> {
  return inParallel(request.ties, request.parallel, async (tied_to) => {
    const verdict = await jury.ask((one) => one.tied(tied_to));
    return verdict.is === 'untried'
      ? { tied_to, failed: false, untried: true as const }
      : { tied_to, failed: verdict.is === 'caught' };
  });
}

/** What keeps the job from being done: outputs that count and were neither tried nor waived, and stubs. */
function untriedOf(module: ModuleUnderTest, outputs: readonly CheckedOutput[], stubs: Strength['stubs']): Untried[] {
  return [
    ...outputs.flatMap((one): Untried[] =>
      one.untried === undefined || one.earlier
        ? []
        : [{ kind: 'output', name: labelOf(module, one.output), why: one.untried }],
    ),
    ...stubs.flatMap((stub): Untried[] =>
      stub.untried ? [{ kind: 'stub', name: stub.tied_to, why: 'no testbench could be run on it' }] : [],
    ),
  ];
}

type Answer = Verdict & { readonly by: string | null };

/** The benches of a set, asked one after the other until one notices. */
class Jury {
  readonly #held: readonly HeldModule[];
  readonly #missing: string | null;

  /** `missing`: why some bench of the set cannot be asked; null: all can. */
  constructor(held: readonly HeldModule[], missing: string | null) {
    this.#held = held;
    this.#missing = missing;
  }

  /** Who could not be asked might have noticed: then the answer is untried, never `passed`. */
  async ask(question: (held: HeldModule) => Promise<Verdict>): Promise<Answer> {
    let missing = this.#missing;
    for (const held of this.#held) {
      const verdict = await question(held);
      if (verdict.is === 'stopped') throw stopped();
      if (verdict.is === 'caught') return { ...verdict, by: held.bench.name };
      if (verdict.is === 'untried') missing ??= verdict.why;
    }
    return missing === null ? { is: 'passed', by: null } : { is: 'untried', why: missing, by: null };
  }
}

/** An inout that is never driven is a build of its own, whose control run is the variant. */
async function undriven(
  module: ModuleUnderTest,
  port: string,
  benches: readonly VariantBench[],
  request: OutputsRequest,
): Promise<Jury> {
  const held: HeldModule[] = [];
  let missing: string | null = null;
  for (const bench of benches) {
    const one = await HeldModule.hold(bench, module.file, module.source, request.signal, port);
    if (one instanceof HeldModule) held.push(one);
    else if (one.stopped) throw stopped();
    else missing ??= one.why;
  }
  return new Jury(held, missing);
}

export interface BitsResult {
  readonly caught: number;
  readonly tried: number;
}

/**
 * Single bits of the outputs that the benches look at, spread evenly, until the time is over. Writes what it found into
 * `outputs`.
 */
export async function checkBits(
  outputs: CheckedOutput[],
  held: readonly HeldModule[],
  limits: { readonly parallel: number; readonly maxBits: number; readonly over: () => boolean },
): Promise<BitsResult> {
  const jury = new Jury(held, null);
  const asked = outputs.flatMap((output, at) => {
    const caught =
      output.variants.length === 1 && output.variants[0]?.variant === 'inverted' && output.variants[0].caught;
    const width = Math.max(0, ...held.map((one) => one.widths.get(output.output) ?? 0));
    return caught && width > 1 ? [{ at, name: output.output, width }] : [];
  });
  const results = new Map(asked.map(({ at }) => [at, { caught: 0, tried: 0, missed: [] as number[] }]));
  const questions = spread(asked.map(({ at, name, width }) => order(width).map((bit) => ({ at, name, bit }))));
  await inParallel(questions.slice(0, limits.maxBits), limits.parallel, async ({ at, name, bit }) => {
    if (limits.over()) return;
    const verdict = await jury.ask((one) => one.output(name, 'inverted', bit));
    const result = results.get(at);
    if (result === undefined || verdict.is === 'untried') return;
    result.tried += 1;
    if (verdict.is === 'caught') result.caught += 1;
    else result.missed.push(bit);
  });
  for (const { at, width } of asked) {
    const output = outputs[at];
    const found = results.get(at);
    if (output === undefined || found === undefined) continue;
    outputs[at] = { ...output, bits: { ...found, width, missed: found.missed.sort((a, b) => a - b) } };
  }
  // an output of one bit is its own bit
  const whole = outputs.filter((one) => one.bits === undefined && one.variants[0]?.variant === 'inverted');
  return {
    caught: sum([...results.values()].map((one) => one.caught)) + whole.filter((one) => one.variants[0]?.caught).length,
    tried: sum([...results.values()].map((one) => one.tried)) + whole.length,
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

/** Both ends first, then ever finer between them: a sample that breaks off anywhere is spread over the word. */
function order(width: number): number[] {
  const bits = [0, width - 1];
  for (let step = width / 2; step >= 0.5; step /= 2)
    for (let at = step; at < width; at += 2 * step) bits.push(Math.floor(at));
  return [...new Set([...bits, ...Array.from({ length: width }, (_, bit) => bit)])].slice(0, width);
}

/** One of each list in turn. */
function spread<T>(lists: readonly (readonly T[])[]): T[] {
  const out: T[] = [];
  for (let at = 0; at < Math.max(0, ...lists.map((list) => list.length)); at++)
    for (const list of lists) {
      const one = list[at];
      if (one !== undefined) out.push(one);
    }
  return out;
}
