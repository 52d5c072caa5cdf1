// Lint, simulation and strength for clients: the files of one run in a scratch folder of its own, the tool in the sandbox of a
// desktop's job, and bounds that fit a server. Never without the sandbox, whatever the machine allows.
import { mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GenrtlError, type CloudVerifyOutput, type CloudVerifyRequest, type ToolId } from '@genrtl/contracts';
import type { CloudStrengthOutput, CloudStrengthRequest } from '@genrtl/contracts';
import type { DetectedTool, ToolAdapter } from '@genrtl/eda/adapter.ts';
import { adapterById } from '@genrtl/eda/adapters/index.ts';
import { detectTool, runTool } from '@genrtl/eda/runner/index.ts';
import type { RunLimits } from '@genrtl/eda/runner/index.ts';
import { cannotConfine, probeConfinement, type Bounds } from '@genrtl/eda/runner/sandbox/index.ts';
import { measureInCloud } from './cloud-strength.ts';
import { Slots } from './slots.ts';

const MIB = 1024 ** 2;

/** Of one run. What needs more is no run for a server that others share. */
export const CLOUD_BOUNDS: Bounds = {
  cpuSeconds: 900,
  memoryBytes: 2048 * MIB,
  processes: 128,
  fileBytes: 512 * MIB,
  diskBytes: 1024 * MIB,
  scratchBytes: 128 * MIB,
};
const CLOUD_LIMITS: Partial<RunLimits> = {
  outputBytes: 32 * MIB,
  keepBytes: 2 * MIB,
  licenceWaitMs: 60_000,
};
/** Of all files that a run reads. */
const MAX_INPUT_BYTES = 128 * MIB;
/** A blob is not longer. */
const MAX_WAVES_BYTES = 32 * MIB;
const WAVES = 'waves.vcd';
/** Of a measurement, whatever its budget says: outputs and stubs are tried beyond it. */
const ABSOLUTE_END_MS = 600_000;

export interface CloudFiles {
  /** NOT_FOUND */
  read(sha256: string): Promise<Buffer>;
  /** Stores a text of the account; its name. */
  keep(bytes: Buffer): Promise<string>;
}

export interface CloudTools {
  /**
   * Rejects with CONFINEMENT_UNAVAILABLE while no sandbox can be had; asked at start, by health, and before each run.
   */
  check(): Promise<void>;
  /**
   * A failing design is a verdict. Throws CONFINEMENT_UNAVAILABLE, TOOL_MISSING, REQUEST_TOO_LARGE, USAGE, CANCELLED.
   */
  run(request: CloudVerifyRequest, files: CloudFiles, signal: AbortSignal): Promise<CloudVerifyOutput>;
  /** The same for how strong benches are; DESIGN_FAILED, TOOL_TIMEOUT after the absolute end. */
  measure(request: CloudStrengthRequest, files: CloudFiles, signal: AbortSignal): Promise<CloudStrengthOutput>;
}

export interface CloudToolOptions {
  readonly parallel?: number;
  /** absolute; where the folders of runs are made */
  readonly scratch?: string;
  readonly bounds?: Partial<Bounds>;
  /** absolute folders that no run may see, whatever else lies there: the backend's home */
  readonly hidden?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** for tests: other tools */
  readonly adapterOf?: (id: ToolId) => ToolAdapter | undefined;
}

export function createCloudTools({
  parallel = Math.max(1, availableParallelism()),
  scratch = tmpdir(),
  bounds = {},
  hidden = [],
  env = process.env,
  adapterOf = adapterById,
}: CloudToolOptions = {}): CloudTools {
  const slots = new Slots(parallel);
  const check = async (): Promise<void> => {
    const probe = await probeConfinement(env);
    if (!probe.works) throw refused(cannotConfine(probe.reason, probe.detail));
  };
  const installed = async (id: ToolId): Promise<{ adapter: ToolAdapter; tool: DetectedTool }> => {
    await check();
    const adapter = adapterOf(id);
    const tool = adapter === undefined ? null : await detectTool(adapter, env);
    if (adapter === undefined || tool === null)
      throw new GenrtlError('TOOL_MISSING', `${adapter?.title ?? id} is not installed on the server.`, {
        hint: 'Choose another tool, or ask the people who run this backend.',
      });
    return { adapter, tool };
  };
  /** A folder with the files of the request, for as long as the work takes. */
  const inFolder = async <T>(
    request: CloudVerifyRequest | CloudStrengthRequest,
    files: CloudFiles,
    signal: AbortSignal,
    work: (workspace: string) => Promise<T>,
  ): Promise<T> =>
    slots.use(async () => {
      if (signal.aborted) throw new GenrtlError('CANCELLED', 'Cancelled');
      const workspace = await mkdtemp(join(scratch, 'genrtl-cloud-'));
      try {
        await layOut(workspace, request, files);
        return await work(workspace);
      } finally {
        await rm(workspace, { recursive: true, force: true });
      }
    });
  return {
    check,
    async measure(request, files, signal) {
      const { adapter } = await installed(request.tool);
      return inFolder(request, files, signal, (workspace) =>
        measureInCloud(request, {
          adapter,
          workspace,
          confinement: { mode: 'required', bounds: { ...CLOUD_BOUNDS, ...bounds }, hidden },
          endMs: ABSOLUTE_END_MS,
          signal,
          env,
        }),
      );
    },
    async run(request, files, signal) {
      const { adapter, tool } = await installed(request.tool);
      return inFolder(request, files, signal, async (workspace) => {
        const runDir = join(workspace, request.run_folder);
        await mkdir(runDir, { recursive: true });
        const result = await runTool({
          adapter,
          tool,
          workspace,
          runDir,
          action: request.action,
          sources: request.sources,
          includeDirs: request.include_dirs,
          defines: request.defines,
          libraries: request.libraries,
          top: request.top,
          ...(request.test === null ? {} : { test: request.test }),
          waves: request.waves ? { format: 'vcd', file: WAVES } : null,
          limits: { ...CLOUD_LIMITS, timeoutMs: request.timeout_ms },
          confinement: { mode: 'required', bounds: { ...CLOUD_BOUNDS, ...bounds }, hidden },
          signal,
          env,
        });
        if (signal.aborted) throw new GenrtlError('CANCELLED', 'Cancelled');
        // Whatever went before, nothing of a run that was not confined leaves here.
        if (result.record.commands.length > 0 && result.record.confinement?.confined !== 'bubblewrap')
          throw new GenrtlError('INTERNAL', 'A run on the server was not confined');
        const log = async (name: string): Promise<string> => files.keep(await readFile(join(runDir, name)));
        return {
          kind: 'cloud-verify',
          // where it lay on the server is nobody's business
          record: {
            ...result.record,
            commands: result.record.commands.map((command) => ({
              ...command,
              cwd: command.cwd.replace(workspace, '.'),
            })),
          },
          diagnostics: [...result.diagnostics],
          tests: [...result.tests],
          ran: result.ran,
          facts: { ...result.facts, own: { ...result.facts.own } },
          stdout: await log('raw_stdout.log'),
          stderr: await log('raw_stderr.log'),
          waves: result.waves === null ? null : await keepWaves(result.waves, files),
        };
      });
    },
  };
}

async function layOut(
  workspace: string,
  { files, include_dirs: folders }: Pick<CloudVerifyRequest, 'files' | 'include_dirs'>,
  blobs: CloudFiles,
) {
  let bytes = 0;
  for (const folder of folders) await mkdir(join(workspace, folder), { recursive: true });
  for (const file of files) {
    const content = await blobs.read(file.sha256);
    bytes += content.length;
    if (bytes > MAX_INPUT_BYTES)
      throw new GenrtlError('REQUEST_TOO_LARGE', `The files of the run are longer than ${MAX_INPUT_BYTES / MIB} MB`);
    const path = join(workspace, file.path);
    await mkdir(dirname(path), { recursive: true });
    // a file where another one needs a folder is the request's fault
    await writeFile(path, content, { flag: 'wx' }).catch((cause: unknown) => {
      throw new GenrtlError('REQUEST_INVALID', `The file ${file.path} has no place of its own`, { cause });
    });
  }
}

/** A run may have put anything in the place of its waveform: only a plain file is read. */
async function keepWaves(path: string, files: CloudFiles): Promise<string | null> {
  const info = await stat(path).catch(() => null);
  if (info?.isFile() !== true || info.size > MAX_WAVES_BYTES) return null;
  const file = await open(path, 'r');
  try {
    return await files.keep(await file.readFile());
  } finally {
    await file.close();
  }
}

const refused = (error: GenrtlError): GenrtlError =>
  new GenrtlError(error.code, error.message, {
    hint: 'The people who run this backend have to let bubblewrap work on it; until then choose tools of your own machine.',
    ...(error.details === undefined ? {} : { details: error.details }),
  });
