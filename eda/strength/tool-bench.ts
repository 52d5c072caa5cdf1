// A testbench of the workspace in a simulator, run on changed copies of its sources.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openRegular, readRegular } from '@genrtl/disk/regular-file.ts';
import type { DetectedTool, ToolAdapter } from '../adapter.ts';
import { detectTool, runTool } from '../runner/index.ts';
import type { RunToolRequest, RunToolResult } from '../runner/types.ts';
import type { BuiltVariant, RunLimits, Variant, VariantBench, VariantRun } from './bench.ts';

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
  /** modules that the testbench has an instance of; default: every one */
  readonly modules?: ReadonlySet<string>;
  readonly options?: unknown;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly confinement?: RunToolRequest['confinement'];
}

/** Output of a bench that a mutant drives mad is worth nothing. */
const OUTPUT_BYTES = 4 * 1024 * 1024;
const KEPT_BYTES = 64 * 1024;
const HEAD_BYTES = 8 * 1024;
/** Simulators whose builds are known to serve several runs at a time. */
const SHARED_BUILDS: ReadonlySet<string> = new Set(['icarus', 'verilator']);

export class ToolBench implements VariantBench {
  readonly name: string;
  readonly comparesPrograms: boolean;
  readonly #setup: BenchSetup;
  readonly #folder: string;
  readonly #tool: DetectedTool | null;
  #count = 0;

  private constructor(setup: BenchSetup, folder: string, tool: DetectedTool | null) {
    this.name = setup.top;
    this.comparesPrograms = setup.adapter.id === 'icarus';
    this.#setup = setup;
    this.#folder = folder;
    this.#tool = tool;
  }

  /** `scratchDir`: absolute, exists; everything below a new folder in it is removed by `close`. */
  static async open(setup: BenchSetup, scratchDir: string): Promise<ToolBench> {
    const tool = await detectTool(setup.adapter, setup.env);
    return new ToolBench(setup, await mkdtemp(join(scratchDir, 'strength-')), tool);
  }

  exercises(module: string): boolean {
    return this.#setup.modules?.has(module) ?? true;
  }

  async run(variant: Variant, limits: RunLimits): Promise<VariantRun> {
    const folder = await this.#newFolder();
    try {
      return await this.#execute(await this.#request(variant, folder, limits), variant.plusargs ?? []);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async build(variant: Variant, limits: RunLimits): Promise<BuiltVariant | VariantRun | null> {
    if (!SHARED_BUILDS.has(this.#setup.adapter.id)) return null;
    const folder = await this.#newFolder();
    const request = await this.#request(variant, folder, limits);
    const built = await this.#execute({ ...request, part: 'build' }, []);
    if (built.verdict !== 'pass') return { ...built, ran: false };
    return {
      run: async (plusargs, runLimits) => {
        const runDir = await this.#newFolder();
        try {
          const { signal: _earlier, ...rest } = request;
          return await this.#execute({ ...rest, ...limitsOf(runLimits), runDir, part: { runOf: folder } }, plusargs);
        } finally {
          await rm(runDir, { recursive: true, force: true });
        }
      },
    };
  }

  async close(): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #newFolder(): Promise<string> {
    const folder = join(this.#folder, String(this.#count++));
    await mkdir(folder);
    return folder;
  }

  async #request({ files }: Variant, runDir: string, limits: RunLimits): Promise<RunToolRequest> {
    const setup = this.#setup;
    const moved = new Map<string, string>();
    for (const [file, text] of files) {
      const path = join(runDir, `${moved.size}_${basename(file)}`);
      await writeFile(path, text);
      moved.set(file, path);
    }
    return {
      adapter: setup.adapter,
      action: 'simulate',
      workspace: setup.workspace,
      sources: setup.sources.map((source) => moved.get(source) ?? source),
      top: setup.top,
      runDir,
      record: false,
      // a source may include files by name that lie beside it
      includeDirs: [...(setup.includeDirs ?? []), ...new Set([...files.keys()].map(folderOf))],
      defines: setup.defines ?? {},
      parameters: setup.parameters ?? {},
      options: setup.options,
      ...limitsOf(limits),
      ...(setup.env === undefined ? {} : { env: setup.env }),
      ...(setup.confinement === undefined ? {} : { confinement: setup.confinement }),
      ...(this.#tool === null ? {} : { tool: this.#tool }),
    };
  }

  async #execute(request: RunToolRequest, plusargs: readonly string[]): Promise<VariantRun> {
    const result = await runTool({ ...request, plusargs: [...(this.#setup.plusargs ?? []), ...plusargs] });
    const [output, program] = await Promise.all([
      headOf(join(request.runDir, 'raw_stdout.log')),
      programHash(join(request.runDir, 'a.vvp')),
    ]);
    return {
      verdict: result.verdict,
      ran: result.ran,
      durationMs: result.record.duration_ms,
      program,
      output,
      failures: failuresOf(result),
      why: whyOf(result),
    };
  }
}

const limitsOf = ({ timeoutMs, signal }: RunLimits): Pick<RunToolRequest, 'limits' | 'signal'> => ({
  limits: { timeoutMs, outputBytes: OUTPUT_BYTES, keepBytes: KEPT_BYTES },
  ...(signal === undefined ? {} : { signal }),
});

const folderOf = (file: string): string => (file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.');

function failuresOf({ tests }: RunToolResult): Set<string> {
  return new Set(
    tests.flatMap(({ failures }) =>
      failures.flatMap(({ signal, time }) => (signal === undefined ? [] : [`${signal}@${time ?? ''}`])),
    ),
  );
}

function whyOf({ diagnostics, verdict }: RunToolResult): string {
  const error = diagnostics.find(({ severity }) => severity === 'error');
  return error === undefined ? verdict.replace('_', ' ') : error.message.slice(0, 300);
}

async function headOf(path: string): Promise<string> {
  try {
    const file = await openRegular(path);
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}

/**
 * A hash of the code that Icarus generated: file names cut off, and the addresses that name its nodes (they change with
 * every run) replaced by their order of appearance.
 */
async function programHash(path: string): Promise<string | null> {
  let text: string;
  try {
    text = await readRegular(path, 'latin1');
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
