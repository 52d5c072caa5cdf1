// Interactive consoles on pseudo-terminals, with flow control up to the page: a flood of output never piles up
// anywhere.
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { spawn } from 'node-pty';
import type { IPty } from 'node-pty';
import { GenrtlError } from '@genrtl/contracts';
import { KeptOutput } from './kept-output.ts';
import { OutputBatches } from './output-batches.ts';

/**
 * Characters under way to the page at which the program is paused, and at which it goes on (measured: an ACK step
 * above LOW deadlocks).
 * All of them are drawn before what Ctrl-C leads to: HIGH bounds how long an interrupt takes to be seen.
 */
const HIGH_CHARS = 96 * 1024;
const LOW_CHARS = 48 * 1024;
/** What a page that was reloaded gets to see again. */
const KEPT_CHARS = 256 * 1024;
const MAX_TERMINALS = 24;

interface Terminal {
  readonly id: string;
  readonly workspace: string;
  readonly title: string;
  readonly pty: IPty;
  underWay: number;
  paused: boolean;
  readonly kept: KeptOutput;
  readonly batches: OutputBatches;
}

export interface TerminalEvents {
  data(terminalId: string, data: string): void;
  exit(terminalId: string, code: number): void;
}

/** Secrets of the app are no business of the person's shell history, tools and dumps. */
const SECRET = /(_API_KEY|_TOKEN|_SECRET|_PASSWORD)$|^DATABASE_URL$/;

export function shellEnvironment(env: NodeJS.ProcessEnv): Record<string, string> {
  const kept = Object.entries(env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined && !SECRET.test(entry[0]) && !entry[0].startsWith('ELECTRON_'),
  );
  return { ...Object.fromEntries(kept), TERM: 'xterm-256color', COLORTERM: 'truecolor' };
}

export class Terminals {
  readonly #events: TerminalEvents;
  readonly #env: NodeJS.ProcessEnv;
  readonly #terminals = new Map<string, Terminal>();

  constructor(env: NodeJS.ProcessEnv, events: TerminalEvents) {
    this.#env = env;
    this.#events = events;
  }

  /**
   * Opens the person's shell in the workspace. Throws TOOL_FAILED when it cannot be started, RATE_LIMITED above 24
   * consoles.
   */
  open(workspace: string, columns: number, rows: number, title?: string): { id: string; title: string } {
    if (this.#terminals.size >= MAX_TERMINALS)
      throw new GenrtlError('RATE_LIMITED', `${MAX_TERMINALS} consoles are open.`, { hint: 'Close one first.' });
    const shell = this.#env['SHELL'] ?? (process.platform === 'win32' ? 'powershell.exe' : '/bin/sh');
    let pty: IPty;
    try {
      pty = spawn(shell, [], {
        name: 'xterm-256color',
        cols: columns,
        rows,
        cwd: workspace,
        env: shellEnvironment(this.#env),
      });
    } catch (cause) {
      throw new GenrtlError('TOOL_FAILED', `The shell ${shell} cannot be started.`, {
        hint: 'Set SHELL to a shell that is there.',
        cause,
      });
    }
    const id = randomBytes(8).toString('hex');
    const terminal: Terminal = {
      id,
      workspace,
      title: title ?? path.basename(shell),
      pty,
      underWay: 0,
      paused: false,
      kept: new KeptOutput(KEPT_CHARS),
      batches: new OutputBatches((data) => this.#events.data(id, data)),
    };
    this.#terminals.set(id, terminal);
    pty.onData((data) => this.#read(terminal, data));
    pty.onExit(({ exitCode }) => {
      this.#terminals.delete(terminal.id);
      terminal.batches.flush();
      this.#events.exit(terminal.id, exitCode);
    });
    return { id: terminal.id, title: terminal.title };
  }

  list(workspace: string): { terminal_id: string; title: string }[] {
    return [...this.#terminals.values()]
      .filter((terminal) => terminal.workspace === workspace)
      .map(({ id, title }) => ({ terminal_id: id, title }));
  }

  /** The end of what was printed; nothing counts as under way any more, since the page that was told it is gone. */
  attach(id: string): string {
    const terminal = this.#get(id);
    // part of the answer too: it must not arrive after it
    terminal.batches.flush();
    terminal.underWay = 0;
    this.#resumeBelow(terminal);
    return terminal.kept.text();
  }

  write(id: string, data: string): void {
    this.#get(id).pty.write(data);
  }

  resize(id: string, columns: number, rows: number): void {
    this.#get(id).pty.resize(columns, rows);
  }

  ack(id: string, characters: number): void {
    const terminal = this.#get(id);
    terminal.underWay = Math.max(0, terminal.underWay - characters);
    this.#resumeBelow(terminal);
  }

  close(id: string): void {
    const terminal = this.#terminals.get(id);
    if (terminal === undefined) return;
    terminal.pty.resume();
    terminal.pty.kill();
  }

  closeAll(): void {
    for (const id of this.#terminals.keys()) this.close(id);
  }

  #get(id: string): Terminal {
    const terminal = this.#terminals.get(id);
    if (terminal === undefined)
      throw new GenrtlError('NOT_FOUND', 'The console has ended.', { hint: 'Open another one.' });
    return terminal;
  }

  #read(terminal: Terminal, data: string): void {
    terminal.kept.add(data);
    terminal.underWay += data.length;
    terminal.batches.add(data);
    if (!terminal.paused && terminal.underWay > HIGH_CHARS) {
      terminal.paused = true;
      terminal.pty.pause();
    }
  }

  #resumeBelow(terminal: Terminal): void {
    if (!terminal.paused || terminal.underWay > LOW_CHARS) return;
    terminal.paused = false;
    terminal.pty.resume();
  }
}
