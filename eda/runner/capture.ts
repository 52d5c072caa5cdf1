// Runs a short command and hands back what it printed, bounded in time and size.
import { tmpdir } from 'node:os';
import type { StreamKind } from '../adapter.ts';
import { toolEnvironment } from './environment.ts';
import { findExecutable } from './executable.ts';
import { runProcess } from './process.ts';
import { openSandbox } from './sandbox/index.ts';
import type { ConfinementPolicy, Sandbox } from './sandbox/index.ts';
import { Supervisor } from './supervisor.ts';
import { DEFAULT_LIMITS } from './types.ts';

export interface CaptureOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** absolute; default: the system's temporary folder, since some tools write files even for a version query */
  readonly cwd?: string;
  readonly timeoutMs: number;
  readonly outputBytes?: number;
  readonly signal?: AbortSignal | undefined;
  /** for commands that read what a job or a stranger wrote; without it, it runs as the person's own */
  readonly confinement?: CaptureConfinement | undefined;
}

export interface CaptureConfinement {
  readonly policy: ConfinementPolicy;
  /** absolute; what the command may write. Default: `cwd`, which then must be a folder of its own */
  readonly runDir?: string;
  /** absolute files and folders outside `cwd` that it reads */
  readonly sources?: readonly string[];
  /** absolute paths of programs that it starts in turn */
  readonly executables?: readonly string[];
}

export interface Captured {
  /** null after a signal, a time-out or a command that could not be started */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export async function captureOutput([command, ...args]: readonly string[], options: CaptureOptions): Promise<Captured> {
  if (command === undefined) return { exitCode: null, stdout: '', stderr: '' };
  const supervisor = new Supervisor(
    { ...DEFAULT_LIMITS, timeoutMs: options.timeoutMs, outputBytes: options.outputBytes ?? 64 * 1024 },
    options.signal,
  );
  const out: Record<StreamKind, Buffer[]> = { stdout: [], stderr: [] };
  const env = options.env ?? process.env;
  const cwd = options.cwd ?? tmpdir();
  let sandbox: Sandbox | null = null;
  try {
    if (options.confinement !== undefined) {
      const { policy, runDir = cwd, sources = [] } = options.confinement;
      const executables = [findExecutable(command, env) ?? command, ...(options.confinement.executables ?? [])];
      ({ sandbox } = await openSandbox({ policy, workspace: cwd, runDir, executables, sources, env }));
    }
    const result = await runProcess({
      argv: [command, ...args],
      cwd,
      env: toolEnvironment(env),
      supervisor,
      sandbox,
      onChunk: (stream, chunk) => {
        out[stream].push(chunk);
      },
    });
    return {
      exitCode: result.exitCode,
      stdout: Buffer.concat(out.stdout).toString('utf8'),
      stderr: Buffer.concat(out.stderr).toString('utf8'),
    };
  } finally {
    supervisor.close();
    sandbox?.close();
  }
}
