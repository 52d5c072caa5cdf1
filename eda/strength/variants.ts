// Runs changed copies of a design against its testbench: one source replaced, everything else as it was.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ToolVerdict } from '@genrtl/contracts';
import type { ToolAdapter } from '../adapter.ts';
import { detectTool, runTool } from '../runner/index.ts';
import type { DetectedTool } from '../adapter.ts';

export interface BenchSetup {
  /** a simulator */
  readonly adapter: ToolAdapter;
  /** absolute; the tools' working directory */
  readonly workspace: string;
  /** design and testbench in compile order, relative to the workspace */
  readonly sources: readonly string[];
  readonly includeDirs?: readonly string[];
  readonly defines?: Readonly<Record<string, string | null>>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly plusargs?: readonly string[];
  /** top of the testbench */
  readonly top: string;
  readonly options?: unknown;
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** One of the sources with another text. */
export interface Change {
  readonly file: string;
  readonly text: string;
}

export interface VariantRun {
  readonly verdict: ToolVerdict;
  /** the simulation was built and started */
  readonly ran: boolean;
  readonly durationMs: number;
  /** equal for variants that the compiler turned into the same program; null when the tool gives none */
  readonly program: string | null;
}

/** Output of a bench that a mutant drives mad is worth nothing. */
const OUTPUT_BYTES = 4 * 1024 * 1024;

export class VariantRunner {
  readonly #setup: BenchSetup;
  readonly #folder: string;
  readonly #tool: DetectedTool | null;
  #count = 0;

  private constructor(setup: BenchSetup, folder: string, tool: DetectedTool | null) {
    this.#setup = setup;
    this.#folder = folder;
    this.#tool = tool;
  }

  /** `scratchDir`: absolute, exists; everything below a new folder in it is removed by `close`. */
  static async open(setup: BenchSetup, scratchDir: string): Promise<VariantRunner> {
    const tool = await detectTool(setup.adapter, setup.env);
    return new VariantRunner(setup, await mkdtemp(join(scratchDir, 'strength-')), tool);
  }

  /** Runs the bench with `file` (one of the sources) replaced by `text`, or unchanged when null. */
  async run(change: Change | null, timeoutMs: number): Promise<VariantRun> {
    return this.#build('simulate', this.#setup.top, change, timeoutMs);
  }

  /** Whether the changed design is sound by itself, without the bench on top of it. */
  async elaborates(change: Change, top: string, timeoutMs: number): Promise<boolean> {
    return (await this.#build('elaborate', top, change, timeoutMs)).verdict === 'pass';
  }

  async #build(
    action: 'simulate' | 'elaborate',
    top: string,
    change: Change | null,
    timeoutMs: number,
  ): Promise<VariantRun> {
    const setup = this.#setup;
    const runDir = join(this.#folder, String(this.#count++));
    await mkdir(runDir);
    try {
      let { sources } = setup;
      if (change !== null) {
        const path = join(runDir, basename(change.file));
        await writeFile(path, change.text);
        sources = sources.map((source) => (source === change.file ? path : source));
      }
      const result = await runTool({
        adapter: setup.adapter,
        action,
        workspace: setup.workspace,
        sources,
        top,
        runDir,
        record: false,
        // a bench may include design files by name, as `include "x.svh"` next to the replaced source
        includeDirs: [...(setup.includeDirs ?? []), ...(change === null ? [] : [folderOf(change.file)])],
        defines: setup.defines ?? {},
        parameters: setup.parameters ?? {},
        plusargs: setup.plusargs ?? [],
        options: setup.options,
        limits: { timeoutMs, outputBytes: OUTPUT_BYTES, keepBytes: 64 * 1024 },
        ...(setup.signal === undefined ? {} : { signal: setup.signal }),
        ...(setup.env === undefined ? {} : { env: setup.env }),
        ...(this.#tool === null ? {} : { tool: this.#tool }),
      });
      return {
        verdict: result.verdict,
        ran: result.ran,
        durationMs: result.record.duration_ms,
        program: await programHash(join(runDir, 'a.vvp')),
      };
    } finally {
      await rm(runDir, { recursive: true, force: true });
    }
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

const folderOf = (file: string): string => (file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.');

/**
 * A hash of the code that Icarus generated: file names cut off, and the addresses that name its nodes (they change with
 * every run) replaced by their order of appearance.
 */
async function programHash(path: string): Promise<string | null> {
  let text: string;
  try {
    text = await readFile(path, 'latin1');
  } catch {
    return null;
  }
  const names = text.indexOf('\n:file_names');
  const order = new Map<string, string>();
  const normal = (names === -1 ? text : text.slice(0, names)).replace(/0x[0-9a-f]+/g, (address) => {
    const known = order.get(address) ?? `n${order.size}`;
    order.set(address, known);
    return known;
  });
  return createHash('sha256').update(normal).digest('hex');
}
