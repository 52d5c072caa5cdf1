// Spawns one command with pipes and carries its output to a sink with backpressure; stops the whole tree when told to.
// Pipes, not a PTY: a PTY loses the tail of the output when the process exits.
import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { StreamKind } from '../adapter.ts';
import { killMarked, RUN_MARKER, signalGroup } from './process-tree.ts';
import { letIn } from './confined-process.ts';
import { confinedStdio } from './sandbox/index.ts';
import type { Sandbox } from './sandbox/index.ts';
import type { StopReason, Supervisor } from './supervisor.ts';

/**
 * From the polite signal to the final one: simulators flush their dumps and give licences back, all within a cancel's
 * 200 ms.
 */
const TERM_GRACE_MS = 40;
/** How long output is still awaited after the process itself has ended, when something it forked holds the pipes. */
const DRAIN_MS = 1_000;

export interface ProcessRequest {
  readonly argv: readonly [string, ...string[]];
  /** absolute */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly supervisor: Supervisor;
  /** confines the command; null: it is started as it is */
  readonly sandbox: Sandbox | null;
  /** absolute; where the command runs, when that is not `cwd` */
  readonly folder?: string;
  /** awaited before more of that stream is read; a rejection stops the process and is thrown */
  readonly onChunk: (stream: StreamKind, chunk: Buffer) => Promise<void> | void;
}

export interface ProcessResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly durationMs: number;
  /** set when the command could not be started at all */
  readonly spawnError: NodeJS.ErrnoException | null;
  /** set when the sandbox could not be made, so that the command was never started: what bubblewrap said */
  readonly sandboxError: string | null;
}

const NOT_RUN = { exitCode: null, signal: null, durationMs: 0, spawnError: null, sandboxError: null };

export async function runProcess(request: ProcessRequest): Promise<ProcessResult> {
  return request.supervisor.reason === null ? await start(request, false).run() : NOT_RUN;
}

/**
 * A command whose sandbox is made while another one runs: the kernel takes longer to make one than many commands take.
 * Nothing of it runs before `run`, nor when this process dies meanwhile; who does not want it any more drops it.
 */
export interface HeldProcess {
  run(): Promise<ProcessResult>;
  drop(): void;
}

export function holdProcess(request: ProcessRequest & { readonly sandbox: Sandbox }): HeldProcess {
  return start(request, true);
}

function start(request: ProcessRequest, held: boolean): HeldProcess {
  const { supervisor, sandbox } = request;
  const [command, ...args] = sandbox === null ? request.argv : sandbox.wrap(request.argv, request.folder, held);
  const marker = randomBytes(12).toString('hex');
  let started = performance.now();
  // detached: an own process group, so that one signal reaches everything that did not leave it
  let child: ReturnType<typeof spawn>;
  try {
    child = spawn(command, args, {
      cwd: sandbox === null ? (request.folder ?? request.cwd) : request.cwd,
      env: { ...(sandbox === null ? request.env : sandbox.environment(request.env)), [RUN_MARKER]: marker },
      stdio: sandbox === null ? ['ignore', 'pipe', 'pipe'] : confinedStdio(held),
      detached: true,
      windowsHide: true,
    });
  } catch (error) {
    // e.g. E2BIG, or a NUL in an argument
    return notStarted(Promise.resolve(error as NodeJS.ErrnoException), started);
  }
  const { stdout, stderr, pid: processId } = child;
  if (processId === undefined || stdout === null || stderr === null)
    return notStarted(new Promise((resolve) => child.once('error', resolve)), started);

  const inside = sandbox === null ? null : letIn(child, sandbox, held);
  const streams = [stdout, stderr];
  let timer: NodeJS.Timeout | null = null;
  const kills: Promise<void>[] = [];
  const kill = (): void => {
    if (sandbox === null) {
      signalGroup(processId, 'SIGKILL');
      if (kills.length === 0) kills.push(killMarked(marker));
    } else {
      sandbox.endAll(processId);
    }
    for (const stream of streams) stream.destroy();
  };
  const stop = (reason: StopReason): void => {
    // one that is beyond its bounds would take the machine in the time to end by itself
    if (reason === 'resource_limit') return kill();
    if (sandbox === null) signalGroup(processId, 'SIGTERM');
    else sandbox.askToEnd(processId);
    timer ??= setTimeout(kill, TERM_GRACE_MS);
  };
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const heard = inside === null ? request : { ...request, onChunk: inside.overhear(request.onChunk) };
  const drained = Promise.all([carry(stdout, 'stdout', heard), carry(stderr, 'stderr', heard)]);
  // a sink that fails (disk full) must not leave the tool running
  drained.catch(kill);

  const run = async (): Promise<ProcessResult> => {
    let over = false;
    if (held) started = performance.now();
    void exited.then(() => {
      if (!over) timer ??= setTimeout(kill, DRAIN_MS);
    });
    const unwatch = sandbox?.started(processId, (bound) => supervisor.bound(bound));
    if (supervisor.reason === null) inside?.release();
    supervisor.onStop(stop);
    try {
      const [end] = await Promise.all([exited, drained]);
      const durationMs = performance.now() - started;
      const plain = { ...NOT_RUN, exitCode: end.code, signal: end.signal, durationMs };
      return inside === null || supervisor.reason !== null ? plain : { ...plain, ...(await inside.told(end)) };
    } finally {
      over = true;
      supervisor.onStop(null);
      unwatch?.();
      if (timer !== null) clearTimeout(timer);
      // what the stopped tool forked may have outlived the pipes; of a confined one nothing is left
      if (sandbox === null && supervisor.reason !== null && kills.length === 0) kill();
      await Promise.all(kills);
    }
  };
  return {
    run,
    drop() {
      // its number may be another's by now
      if (child.exitCode === null && child.signalCode === null) kill();
    },
  };
}

function notStarted(failed: Promise<NodeJS.ErrnoException>, started: number): HeldProcess {
  return {
    async run() {
      const spawnError = await failed;
      return { ...NOT_RUN, durationMs: performance.now() - started, spawnError };
    },
    drop: () => undefined,
  };
}

async function carry(stream: Readable, kind: StreamKind, request: ProcessRequest): Promise<void> {
  try {
    for await (const chunk of stream) {
      const bytes = chunk as Buffer;
      request.supervisor.output(bytes.length);
      await request.onChunk(kind, bytes);
    }
  } catch (error) {
    // our own destroy() after a stop shows up here; everything else is the sink's failure
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}
