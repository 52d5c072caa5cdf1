// How strong the testbenches of a design are: do they notice when an output is wrong, when the design does nothing, and
// when one place of its code is changed.
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import type { CheckedOutput, Strength, Untried } from '@genrtl/contracts';
import type { VariantBench } from './bench.ts';
import type { ToolAdapter } from '../adapter.ts';
import { icarus } from '../adapters/icarus/index.ts';
import { detectTool } from '../runner/index.ts';
import { EquivalenceProver } from './equivalence.ts';
import { GOOD_TIMEOUT_MS } from './held.ts';
import type { HeldModule } from './held.ts';
import { candidatesOf, Deadline, runMutants, timed } from './mutants.ts';
import type { Candidate, MutantsResult } from './mutants.ts';
import { checkBits, checkOutputs, stopped } from './outputs.ts';
import { locateModules, moduleUnderTest } from './sources.ts';
import { stubSource } from './stub.ts';
import type { ConfinementPolicy } from '../runner/sandbox/index.ts';
import { ToolBench } from './tool-bench.ts';
import type { BenchSetup } from './tool-bench.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

export { EquivalenceProver } from './equivalence.ts';
export type { Sameness } from './equivalence.ts';
export { applyMutant, mutantsOf } from './mutate.ts';
export type { Mutant } from './mutate.ts';
export { readHeaders } from './sources.ts';
export { stubSource } from './stub.ts';
export { ToolBench } from './tool-bench.ts';
export type { BenchSetup } from './tool-bench.ts';
export { judge } from './bench.ts';
export type { VariantBench, VariantRun } from './bench.ts';
export type { Candidate } from './mutants.ts';

/** A module whose outputs the benches have to look at. */
export interface Judged {
  readonly module: string;
  /** outputs that count; others are reported as unchecked before this job. Default: all */
  readonly charged?: ReadonlySet<string>;
}

export interface StrengthRequest {
  readonly benches: readonly VariantBench[];
  /**
   * the same benches in a quicker simulator: mutants run there when the good design passes in it as well
   */
  readonly quicker?: { readonly tool: string; readonly benches: readonly VariantBench[] } | undefined;
  /** absolute */
  readonly workspace: string;
  /** the design in compile order, packages included, without benches; relative to the workspace */
  readonly design: readonly string[];
  readonly includeDirs?: readonly string[];
  readonly defines?: Readonly<Record<string, string | null>>;
  /** the top first */
  readonly judged: readonly Judged[];
  /** sources to mutate: what the job wrote, never packages or benches */
  readonly mutate: readonly string[];
  /** of a source that was there before, only these lines */
  readonly mutateLines?: ReadonlyMap<string, ReadonlySet<number>>;
  /** whether a line of a source may decide the value of an output that counts; default: every one does */
  readonly reachable?: (file: string, line: number) => boolean;
  /** a person's reasons by output: it is tried and reported, and does not count */
  readonly waived?: ReadonlyMap<string, string>;
  /** share of mutants that has to be caught, for the report */
  readonly floor?: number;
  /** the simulator's name: some have two states */
  readonly simulator: string;
  /**
   * for all of it; outputs and stubs are tried whatever it takes, then bits and mutants until the time is over, and a
   * little longer while no mutant was caught. Default 60 s; 0 leaves out bits and mutants
   */
  readonly timeBudgetMs?: number;
  /** at most so many mutants, and so many bits, drawn evenly and reproducibly; default 200 */
  readonly maxMutants?: number;
  /** simulations at a time; default 2 */
  readonly parallel?: number;
  /** absolute; default: the system's temporary folder */
  readonly scratchDir?: string;
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** of the proofs; benches bring their own. Default: confined wherever the machine can */
  readonly confinement?: ConfinementPolicy;
  readonly onProgress?: (done: number, planned: number) => void;
}

/** What was measured, and the mutants that survived, for whoever wants to try them elsewhere. */
export interface Measured {
  readonly strength: Strength;
  readonly survivors: readonly Candidate[];
}

const DEFAULT_BUDGET_MS = 60_000;
const MAX_SURVIVORS = 100;
const MAX_MUTANTS = 200;
/** Bits may take this share of what the outputs left of the time. */
const BITS_SHARE = 0.25;

/**
 * Throws DESIGN_FAILED when a bench does not pass on the design as it is, TOOL_MISSING without the simulator,
 * CANCELLED when aborted. Mutants that do not elaborate, that the compiler turns into the same program, that reach no
 * output, or that Yosys proves to be the same design (default parameters, after reset) do not count.
 */
export async function measureStrength(request: StrengthRequest): Promise<Strength> {
  return (await measure(request)).strength;
}

export async function measure(request: StrengthRequest): Promise<Measured> {
  const started = performance.now();
  const budgetMs = request.timeBudgetMs ?? DEFAULT_BUDGET_MS;
  const parallel = request.parallel ?? 2;
  const texts = new Map(
    await Promise.all(
      request.design.map(async (file) => [file, await readRegular(resolve(request.workspace, file), 'utf8')] as const),
    ),
  );
  const prover = new LazyProver(request, texts);
  try {
    const { outputs, stubs, untried, held } = await outputsOf(request, texts, prover);
    const strength: Strength = {
      mutants: null,
      stubs,
      survivors: [],
      outputs,
      untried,
      ...(request.floor === undefined ? {} : { floor: request.floor }),
    };
    const blind = stubs.some((stub) => !stub.failed && !stub.untried && !stub.equivalent);
    if (budgetMs <= 0 || blind) return { strength, survivors: [] };
    const deadline = new Deadline(started + budgetMs);
    try {
      const left = Math.max(0, started + budgetMs - performance.now());
      const bitsUntil = performance.now() + left * BITS_SHARE;
      const known = new Map(held.map((one) => [one.bench, one.goodMs] as const));
      await checkBits(outputs, held, {
        parallel,
        maxBits: request.maxMutants ?? MAX_MUTANTS,
        over: () => performance.now() >= bitsUntil || request.signal?.aborted === true,
      });
      if (request.signal?.aborted) throw stopped();
      const found = await mutantsIn(request, texts, known, deadline, prover);
      return { strength: { ...strength, ...reported(request, found, untried) }, survivors: found.survivors };
    } finally {
      deadline.close();
    }
  } finally {
    await prover.close();
  }
}

async function outputsOf(
  request: StrengthRequest,
  texts: ReadonlyMap<string, string>,
  prover: LazyProver,
): Promise<{ outputs: CheckedOutput[]; stubs: Strength['stubs']; untried: Untried[]; held: readonly HeldModule[] }> {
  const outputs: CheckedOutput[] = [];
  const untried: Untried[] = [];
  let stubs: Strength['stubs'] = [];
  const held: HeldModule[] = [];
  const located = await locateModules(request, texts);
  for (const [at, { module, charged }] of request.judged.entries()) {
    const found = moduleUnderTest(located, module);
    if (found === null) {
      untried.push({ kind: 'output', name: at === 0 ? '*' : `${module}.*`, why: notFound(module, request.design) });
      continue;
    }
    const result = await checkOutputs(
      { ...found, ...(charged === undefined ? {} : { charged }), isTop: at === 0 },
      {
        benches: request.benches,
        parallel: request.parallel ?? 2,
        signal: request.signal,
        waived: request.waived ?? new Map(),
        ties: at > 0 ? [] : request.simulator === 'verilator' ? ['0', '1'] : ['0', '1', 'x'],
      },
    );
    if (result.held.length === 0) await requireGoodBench(request);
    outputs.push(...result.outputs);
    untried.push(...result.untried);
    if (at > 0) continue;
    held.push(...result.held);
    stubs = await Promise.all(
      result.stubs.map(async (stub) =>
        stub.failed || stub.untried || !(await prover.isStub(found.file, module, stub.tied_to))
          ? stub
          : { ...stub, equivalent: true as const },
      ),
    );
    const spoilable = result.outputs.some((one) => one.variants.length > 0);
    if (stubs.length === 0 && !spoilable)
      untried.push({ kind: 'stub', name: '*', why: 'no output of the design could be tied' });
  }
  return { outputs, stubs, untried, held };
}

const notFound = (module: string, design: readonly string[]): string =>
  design.some((file) => /\.vhdl?$/i.test(file))
    ? `${module} is declared in no Verilog source, and outputs of VHDL are not spoilt`
    : `${module} is declared in no source`;

/** A bench that fails by itself is told apart from one that cannot be tried. */
async function requireGoodBench({ benches, signal }: StrengthRequest): Promise<void> {
  for (const bench of benches) {
    const run = await bench.run({ files: new Map() }, { timeoutMs: GOOD_TIMEOUT_MS, signal });
    if (run.verdict === 'cancelled') throw stopped();
    if (run.verdict === 'missing') throw new GenrtlError('TOOL_MISSING', 'The simulator is not installed.');
    if (run.verdict !== 'pass') throw badBench(bench.name, run.verdict);
  }
}

const badBench = (name: string, verdict: string): GenrtlError =>
  new GenrtlError('DESIGN_FAILED', `The testbench ${name} does not pass on the design as it is (${verdict}).`, {
    hint: 'Its strength can be measured once it passes.',
  });

async function mutantsIn(
  request: StrengthRequest,
  texts: ReadonlyMap<string, string>,
  known: ReadonlyMap<VariantBench, number>,
  deadline: Deadline,
  prover: LazyProver,
): Promise<MutantsResult & { readonly candidates: number }> {
  const quick = request.quicker && (await timed(request.quicker.benches, new Map(), request.signal));
  const tool = Array.isArray(quick) ? request.quicker?.tool : undefined;
  const benches = Array.isArray(quick) ? quick : await timed(request.benches, known, request.signal);
  if (!Array.isArray(benches)) {
    if (benches.missing) throw new GenrtlError('TOOL_MISSING', 'The simulator is not installed.');
    throw badBench(benches.failing.name, benches.verdict);
  }
  const candidates = candidatesOf(texts, request.mutate, request.mutateLines ?? new Map());
  const found = await runMutants({
    benches,
    texts,
    candidates,
    maxMutants: request.maxMutants ?? MAX_MUTANTS,
    parallel: request.parallel ?? 2,
    deadline,
    signal: request.signal,
    reachable: ({ file, mutant }) => request.reachable?.(file, mutant.line) ?? true,
    isEquivalent: (file, text, signal) => prover.isEquivalent(file, text, signal),
    onProgress: request.onProgress,
  });
  const mutants = tool === undefined ? found.mutants : { ...found.mutants, tool };
  return { ...found, mutants, candidates: candidates.length };
}

/** Nothing to mutate is told apart from mutants that could not be run. */
function reported(
  { judged }: StrengthRequest,
  { mutants, survivors, same, candidates }: MutantsResult & { readonly candidates: number },
  untried: readonly Untried[],
): Partial<Strength> {
  const listed = survivors
    .map(({ file, mutant }) => ({ file, line: mutant.line, description: mutant.description }))
    .sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line)
    .slice(0, MAX_SURVIVORS);
  if (mutants.total > 0) return { mutants, survivors: listed };
  const none = candidates === 0 || same + (mutants.equivalent ?? 0) + (mutants.unreachable ?? 0) > 0;
  if (none) return { mutants, survivors: [], not_applicable: true };
  const why = 'no mutant of the design could be built or run';
  return { mutants, survivors: [], untried: [...untried, { kind: 'mutants', name: judged[0]?.module ?? '*', why }] };
}

/** Yosys reads the design only when something has to be proven. */
class LazyProver {
  readonly #request: StrengthRequest;
  readonly #texts: ReadonlyMap<string, string>;
  #opening: Promise<EquivalenceProver | null> | null = null;

  constructor(request: StrengthRequest, texts: ReadonlyMap<string, string>) {
    this.#request = request;
    this.#texts = texts;
  }

  async isEquivalent(file: string, text: string, signal?: AbortSignal): Promise<boolean> {
    return (await (await this.#open())?.isEquivalent(file, text, signal)) ?? false;
  }

  async isStub(file: string, module: string, tie: '0' | '1' | 'x'): Promise<boolean> {
    const stub = stubSource(this.#texts.get(file) ?? '', module, tie);
    return stub !== null && tie !== 'x' && (await this.isEquivalent(file, stub));
  }

  async close(): Promise<void> {
    await (await this.#opening)?.close();
  }

  #open(): Promise<EquivalenceProver | null> {
    const { design, judged, workspace, includeDirs, defines, scratchDir, signal, env, confinement } = this.#request;
    this.#opening ??= EquivalenceProver.open({
      dut: judged[0]?.module ?? '',
      sources: design,
      texts: this.#texts,
      workspace,
      includeDirs: includeDirs ?? [],
      defines: defines ?? {},
      scratchDir: scratchDir ?? tmpdir(),
      signal,
      env,
      confinement: confinement ?? { mode: 'preferred' },
    });
    return this.#opening;
  }
}

/** Opens the benches, measures, and closes them again. */
export async function measureBenches(
  setups: readonly BenchSetup[],
  request: Omit<StrengthRequest, 'benches' | 'simulator' | 'workspace'>,
): Promise<Measured> {
  const scratch = request.scratchDir ?? tmpdir();
  const open = (adapter?: ToolAdapter): Promise<ToolBench[]> =>
    Promise.all(setups.map((setup) => ToolBench.open({ ...setup, ...(adapter ? { adapter } : {}) }, scratch)));
  const [first] = setups;
  const benches = await open();
  // a build of Verilator takes seconds, one of Icarus hundredths
  const slow = first?.adapter.id === 'verilator' && (await detectTool(icarus, first.env)) !== null;
  const quick = slow ? await open(icarus) : [];
  try {
    return await measure({
      ...request,
      benches,
      ...(slow ? { quicker: { tool: icarus.id, benches: quick } } : {}),
      workspace: first?.workspace ?? '',
      simulator: first?.adapter.id ?? '',
    });
  } finally {
    await Promise.all([...benches, ...quick].map((bench) => bench.close()));
  }
}
