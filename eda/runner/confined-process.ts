// What is different about a command inside a sandbox: it is let in, and how it ended is told by bubblewrap.
import { constants } from 'node:os';
import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { StreamKind } from '../adapter.ts';
import { FILTER_FD, HOLD_FD, STATUS_FD } from './sandbox/index.ts';
import type { Sandbox } from './sandbox/index.ts';

/** The same end as an unconfined command would show. */
export interface ToldEnd {
  readonly exitCode?: number | null;
  readonly signal?: NodeJS.Signals | null;
  readonly spawnError?: NodeJS.ErrnoException;
  readonly sandboxError?: string;
}

type OnChunk = (stream: StreamKind, chunk: Buffer) => Promise<void> | void;

export interface LetIn {
  /** Keeps the first words of stderr, where bubblewrap says what it cannot do. */
  overhear(onChunk: OnChunk): OnChunk;
  told(end: { code: number | null; signal: NodeJS.Signals | null }): Promise<ToldEnd>;
  /** Lets a command go on that was held. */
  release(): void;
}

const MAX_SAID = 2_000;

/** Hands over the filter of system calls: until it is there, bubblewrap has started nothing. */
export function letIn(child: ChildProcess, sandbox: Sandbox, held: boolean): LetIn {
  hand(child, FILTER_FD).end(sandbox.filter);
  const hold = held ? hand(child, HOLD_FD) : null;
  const status = read(child.stdio[STATUS_FD] as Readable);
  let said = '';
  return {
    release: () => hold?.end('\n'),
    overhear: (onChunk) => (stream, chunk) => {
      if (stream === 'stderr' && said.length < MAX_SAID) said += chunk.toString('latin1');
      return onChunk(stream, chunk);
    },
    async told({ code, signal }) {
      if (code === null) return { signal };
      if (!(await status).includes('exit-code'))
        return { exitCode: null, sandboxError: said.slice(0, MAX_SAID).trim() };
      // prlimit, in front of every command, says so where spawn would
      if ((code === 126 || code === 127) && said.startsWith('prlimit: failed to execute'))
        return { exitCode: null, spawnError: Object.assign(new Error(said.trim()), { code: 'ENOENT' }) };
      const by = ENDING.find((name) => code === SIGNAL_BASE + constants.signals[name]);
      return by === undefined ? {} : { exitCode: null, signal: by };
    },
  };
}

function hand(child: ChildProcess, descriptor: number): Writable {
  const pipe = child.stdio[descriptor] as Writable;
  // bubblewrap ended before it read
  pipe.on('error', () => undefined);
  return pipe;
}

/** Signals that end a tool of themselves or by a limit; bubblewrap reports them as shells do, as 128 + number. */
const ENDING: readonly NodeJS.Signals[] = [
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGBUS',
  'SIGFPE',
  'SIGKILL',
  'SIGSEGV',
  'SIGTERM',
  'SIGXCPU',
  'SIGXFSZ',
  'SIGSYS',
];
const SIGNAL_BASE = 128;

async function read(stream: Readable): Promise<string> {
  let text = '';
  try {
    for await (const chunk of stream) text += String(chunk);
  } catch {
    // destroyed with the process
  }
  return text;
}
