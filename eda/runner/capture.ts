// Runs a short command and hands back what it printed, bounded in time and size.
import { tmpdir } from 'node:os';
import type { StreamKind } from '../adapter.ts';
import { toolEnvironment } from './environment.ts';
import { runProcess } from './process.ts';
import { Supervisor } from './supervisor.ts';
import { DEFAULT_LIMITS } from './types.ts';

export interface CaptureOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** absolute; default: the system's temporary folder, since some tools write files even for a version query */
  readonly cwd?: string;
  readonly timeoutMs: number;
  readonly outputBytes?: number;
  readonly signal?: AbortSignal | undefined;
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
  try {
    const result = await runProcess({
      argv: [command, ...args],
      cwd: options.cwd ?? tmpdir(),
      env: toolEnvironment(options.env ?? process.env),
      supervisor,
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
  }
}
