// Proves that a surviving mutant is the same design, so that no bench is blamed for it: Yosys makes a miter, its ABC
// proves (PDR) that no input sequence after a reset tells the two apart. Whatever cannot be proven counts as different.
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { captureOutput, findExecutable } from '../runner/index.ts';
import type { ConfinementPolicy } from '../runner/sandbox/index.ts';
import { readCounterexample, type Frame } from './counterexample.ts';
import { findClocking, miterTop } from './miter.ts';
import type { Clocking, YosysNetlist } from './miter.ts';

/** One proof may take this long; a counterexample is usually found within a second. */
const PROOF_TIMEOUT_S = 10;
const SCRIPT_TIMEOUT_MS = 30_000;

export interface ProverSetup {
  readonly dut: string;
  /** design sources in compile order, relative to the workspace */
  readonly sources: readonly string[];
  /** their texts */
  readonly texts: ReadonlyMap<string, string>;
  readonly workspace: string;
  readonly includeDirs: readonly string[];
  readonly defines: Readonly<Record<string, string | null>>;
  readonly scratchDir: string;
  readonly signal: AbortSignal | undefined;
  readonly env: Readonly<Record<string, string | undefined>> | undefined;
  readonly confinement: ConfinementPolicy;
}

/** `unknown`: nothing was proved, and nothing was found that tells the two apart. */
export type Sameness =
  | { readonly is: 'same' }
  | { readonly is: 'different'; readonly frames: readonly Frame[] }
  | { readonly is: 'unknown' };

export class EquivalenceProver {
  readonly #setup: ProverSetup;
  readonly #folder: string;
  readonly #yosys: string;
  readonly #abc: string;
  readonly #clocking: Clocking;
  readonly #links: Links;
  #count = 0;

  private constructor(
    setup: ProverSetup,
    folder: string,
    yosys: string,
    abc: string,
    clocking: Clocking,
    links: Links,
  ) {
    this.#setup = setup;
    this.#folder = folder;
    this.#yosys = yosys;
    this.#abc = abc;
    this.#clocking = clocking;
    this.#links = links;
  }

  /** null when nothing can be proven here: no Yosys, a design that it cannot read, or one with several clocks. */
  static async open(setup: ProverSetup): Promise<EquivalenceProver | null> {
    const env = setup.env ?? process.env;
    const yosys = findExecutable('yosys', env);
    const abc = findExecutable('yosys-abc', env);
    if (yosys === null || abc === null) return null;
    const folder = await mkdtemp(join(setup.scratchDir, 'equivalence-'));
    const links = await linksTo(setup, folder);
    const prover = (clocking: Clocking): EquivalenceProver =>
      new EquivalenceProver(setup, folder, yosys, abc, clocking, links);
    const draft = prover({ clock: null, edge: null, resets: [], inputs: [] });
    const clocking = await draft.#clockingOf(draft.#load(null), setup.dut, setup.signal);
    if (clocking === null) {
      await draft.close();
      return null;
    }
    return prover(clocking);
  }

  /** `text` replaces the source `file`. */
  async isEquivalent(file: string, text: string, signal?: AbortSignal): Promise<boolean> {
    const path = await this.#write(text);
    return (await this.#compare(this.#load({ file, path }), this.#setup.dut, signal)).is === 'same';
  }

  /**
   * Whether `module` of the same ports is the same design, clock edge included. `texts` are its sources, beside which
   * `shared` (sources of the design, such as packages) are read. Registers without a reset start with any value, so
   * that a difference may hang on one: whoever shows it runs it first.
   */
  async compareWith(
    module: string,
    texts: readonly string[],
    shared: readonly string[],
    signal?: AbortSignal,
  ): Promise<Sameness> {
    const paths = await Promise.all(texts.map((text) => this.#write(text)));
    const packages = shared.map((source) => this.#links.sources.get(source) ?? source);
    const gate = this.#loadAll([...packages, ...paths], module);
    const clocking = await this.#clockingOf(gate, module, signal);
    // the miter has one clock without an edge: what differs there would look the same
    if (clocking?.clock !== this.#clocking.clock || clocking.edge !== this.#clocking.edge) return { is: 'unknown' };
    return this.#compare(gate, module, signal);
  }

  async #write(text: string): Promise<string> {
    const path = join(this.#folder, `${this.#count++}.sv`);
    await writeFile(path, text);
    return path;
  }

  async #clockingOf(
    load: readonly string[],
    module: string,
    signal: AbortSignal | undefined,
  ): Promise<Clocking | null> {
    const json = join(this.#folder, `${this.#count++}.json`);
    if (!(await this.#script([...load, `write_json ${json}`], signal))) return null;
    return findClocking(JSON.parse(await readFile(json, 'utf8')) as YosysNetlist, module);
  }

  async #compare(gate: readonly string[], module: string, signal: AbortSignal | undefined): Promise<Sameness> {
    const base = join(this.#folder, String(this.#count++));
    const aig = `${base}.aig`;
    const top = `${base}_top.v`;
    await writeFile(top, miterTop(this.#clocking));
    const built = await this.#script(
      [
        ...this.#load(null),
        `rename ${this.#setup.dut} gold`,
        'design -stash gold',
        ...gate,
        `rename ${module} gate`,
        'design -stash gate',
        'design -copy-from gold -as gold gold',
        'design -copy-from gate -as gate gate',
        // both see the same power-up content of memories: the smallest difference that initial values could make is not
        // of the mutant
        'zinit -all gold/c:$memory* gate/c:$memory*',
        'miter -equiv -flatten -make_outputs gold gate miter',
        `read_verilog -sv ${top}`,
        'hierarchy -top eq_top',
        'proc',
        'flatten',
        // registers without a reset start free, and so do constants that nobody fixed: what depends on them is
        // different
        'setundef -undriven -anyseq',
        'async2sync',
        'opt -nodffe -nosdff -full',
        'techmap',
        'opt -nodffe -nosdff',
        'simplemap',
        'dffunmap',
        'setundef -undriven -anyseq',
        'aigmap',
        'opt_clean',
        `write_aiger -zinit -map ${base}.map ${aig}`,
      ],
      signal,
    );
    if (!built) return { is: 'unknown' };
    const proof = await captureOutput(
      [this.#abc, '-c', `read_aiger ${aig}; scorr; pdr -T ${PROOF_TIMEOUT_S}; write_cex -a ${base}.cex`],
      {
        cwd: this.#folder,
        timeoutMs: (PROOF_TIMEOUT_S + 5) * 1_000,
        signal: signal ?? this.#setup.signal,
        env: this.#setup.env ?? process.env,
        confinement: { policy: this.#setup.confinement },
      },
    );
    if (proof.exitCode === 0 && proof.stdout.includes('Property proved')) return { is: 'same' };
    if (!proof.stdout.includes('was asserted in frame')) return { is: 'unknown' };
    const [map, witness] = await Promise.all(
      ['map', 'cex'].map((kind) => readFile(`${base}.${kind}`, 'utf8').catch(() => '')),
    );
    const frames = readCounterexample(map ?? '', witness ?? '');
    return frames === null ? { is: 'unknown' } : { is: 'different', frames };
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  #load(replaced: { file: string; path: string } | null): string[] {
    const { sources, dut } = this.#setup;
    const path = (source: string): string =>
      source === replaced?.file ? replaced.path : (this.#links.sources.get(source) ?? source);
    return this.#loadAll(sources.map(path), dut);
  }

  #loadAll(paths: readonly string[], top: string): string[] {
    const options = [
      ...this.#links.includeDirs.map((dir) => `-I${dir}`),
      ...Object.entries(this.#setup.defines).map(([name, value]) =>
        value === null ? `-D${name}` : `-D${name}=${value}`,
      ),
    ].join(' ');
    return [
      ...paths.map((path) => `read_verilog -sv ${options} ${path}`),
      `hierarchy -check -top ${top}`,
      'proc',
      'flatten',
      'memory',
      'opt -full -nodffe -nosdff',
    ];
  }

  async #script(lines: readonly string[], signal?: AbortSignal): Promise<boolean> {
    const script = join(this.#folder, `${this.#count++}.ys`);
    await writeFile(script, `${lines.join('\n')}\n`);
    const end = await captureOutput([this.#yosys, '-q', '-s', script], {
      cwd: resolve(this.#setup.workspace),
      timeoutMs: SCRIPT_TIMEOUT_MS,
      signal: signal ?? this.#setup.signal,
      env: this.#setup.env ?? process.env,
      confinement: {
        policy: this.#setup.confinement,
        runDir: this.#folder,
        sources: [...this.#setup.sources, ...this.#setup.includeDirs].map((file) =>
          resolve(this.#setup.workspace, file),
        ),
      },
    });
    return end.exitCode === 0;
  }
}

interface Links {
  readonly sources: ReadonlyMap<string, string>;
  readonly includeDirs: readonly string[];
}

/**
 * Names that a Yosys script takes without quotes: links in the scratch folder, whatever the files are called. A source
 * includes what lies beside it, so those folders are include folders too.
 */
async function linksTo({ sources, includeDirs, workspace }: ProverSetup, folder: string): Promise<Links> {
  const linked = new Map<string, string>();
  for (const source of sources) {
    const link = join(folder, `source${linked.size}${extname(source)}`);
    await symlink(resolve(workspace, source), link);
    linked.set(source, link);
  }
  const folders = [...new Set([...includeDirs, ...sources.map((source) => join(source, '..'))])];
  const links: string[] = [];
  for (const dir of folders) {
    const link = join(folder, `include${links.length}`);
    await symlink(resolve(workspace, dir), link);
    links.push(link);
  }
  return { sources: linked, includeDirs: links };
}
