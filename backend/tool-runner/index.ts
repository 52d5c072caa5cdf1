// EDA tools on the server: runs of eda's adapters in scratch folders, a bounded number at a time, nothing left behind.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { ToolAction, ToolId } from '@genrtl/contracts';
import type { DetectedTool, ToolAdapter } from '@genrtl/eda/adapter.ts';
import { adapters } from '@genrtl/eda/adapters/index.ts';
import { detectTool, runTool } from '@genrtl/eda/runner/index.ts';
import type { RunLimits, RunToolResult } from '@genrtl/eda/runner/index.ts';
import type { ConfinementPolicy } from '@genrtl/eda/runner/sandbox/index.ts';
import { Slots } from './slots.ts';

export interface ServerToolRequest {
  readonly tool: ToolId;
  readonly action: ToolAction;
  /** absolute folder that the sources lie in; only read */
  readonly workspace: string;
  /** relative to the workspace, in compile order */
  readonly sources: readonly string[];
  /** sources made for this run, compiled after the others; plain file names */
  readonly generated?: readonly { readonly name: string; readonly text: string }[];
  readonly includeDirs?: readonly string[];
  readonly top: string;
  /** overrides of the top's parameters */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly options?: unknown;
  readonly limits?: Partial<RunLimits>;
  readonly signal?: AbortSignal;
}

export interface ToolRunner {
  /** TOOL_MISSING when it is not installed. */
  version(tool: ToolId): Promise<string>;
  /**
   * Runs the tool. `inspect` sees the result together with the scratch folder, which holds the logs and whatever the
   * tool wrote, and is gone afterwards. A failing design is a verdict; thrown are TOOL_MISSING, USAGE and DISK_FULL.
   */
  run<T>(request: ServerToolRequest, inspect: (result: RunToolResult, runDir: string) => T | Promise<T>): Promise<T>;
}

/** Nobody waits at a terminal: a run that hangs costs a slot, so limits are tighter than on a desk. */
const SERVER_LIMITS: Partial<RunLimits> = {
  timeoutMs: 300_000,
  outputBytes: 32 * 1024 * 1024,
  keepBytes: 2 * 1024 * 1024,
  licenceWaitMs: 60_000,
};

export function createToolRunner({
  parallel = 2,
  scratch = tmpdir(),
  confinement = { mode: 'preferred' },
}: {
  readonly parallel?: number;
  readonly scratch?: string;
  readonly confinement?: ConfinementPolicy;
} = {}): ToolRunner {
  const slots = new Slots(parallel);
  const found = new Map<ToolId, Promise<DetectedTool | null>>();

  const detect = async (id: ToolId): Promise<{ adapter: ToolAdapter; tool: DetectedTool }> => {
    const adapter = adapters.find((candidate) => candidate.id === id);
    if (adapter === undefined) throw new GenrtlError('TOOL_MISSING', `There is no adapter for ${id}.`);
    const pending = found.get(id) ?? detectTool(adapter, process.env);
    found.set(id, pending);
    const tool = await pending;
    if (tool === null) {
      found.delete(id);
      throw new GenrtlError('TOOL_MISSING', `${adapter.title} is not installed on this server.`, {
        hint: `Install ${adapter.title} and try again.`,
      });
    }
    return { adapter, tool };
  };

  return {
    async version(id) {
      return (await detect(id)).tool.version;
    },

    async run(request, inspect) {
      const { adapter, tool } = await detect(request.tool);
      return slots.use(async () => {
        const runDir = await mkdtemp(join(scratch, 'genrtl-tool-'));
        try {
          const generated = await Promise.all(
            (request.generated ?? []).map(async ({ name, text }) => {
              const path = join(runDir, basename(name));
              await writeFile(path, text);
              return path;
            }),
          );
          const result = await runTool({
            adapter,
            tool,
            runDir,
            action: request.action,
            workspace: request.workspace,
            sources: [...request.sources, ...generated],
            includeDirs: request.includeDirs ?? [],
            top: request.top,
            parameters: request.parameters ?? {},
            options: request.options ?? {},
            confinement,
            limits: { ...SERVER_LIMITS, ...request.limits },
            ...(request.signal === undefined ? {} : { signal: request.signal }),
          });
          return await inspect(result, runDir);
        } finally {
          await rm(runDir, { recursive: true, force: true });
        }
      });
    },
  };
}

export { replaceFile } from '@genrtl/disk/atomic-file.ts';
export { KeptVerdicts } from './kept-verdicts.ts';
export { measureBench } from './bench-strength.ts';
export type { BenchStrength, BenchStrengthRequest } from './bench-strength.ts';
