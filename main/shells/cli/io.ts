// How a command talks: one place for stdout, stderr and the exit code, so that commands run in tests without a process.
import { ERRORS, GenrtlError, statusOfError } from '@genrtl/contracts';

export interface CliIo {
  /** machine-readable or asked-for output; with --json exactly one object a line */
  out(text: string): void;
  /** the same without a line end: an answer that comes in pieces */
  write(text: string): void;
  /** everything said to a person while working */
  err(text: string): void;
  readonly json: boolean;
  /** true when a person sits at a terminal */
  readonly interactive: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** aborted by SIGINT or SIGTERM */
  readonly signal: AbortSignal;
  /** the code that the process will end with; the last call holds */
  exit(code: number): void;
}

export function exitCodeOf(error: unknown): number {
  return error instanceof GenrtlError ? ERRORS[error.code].exit : 4;
}

/** Prints the error as code, sentence and hint; with --json as the result object. */
export function reportError(io: CliIo, error: unknown): void {
  const failure = GenrtlError.of(error);
  if (io.json)
    io.out(JSON.stringify({ event: 'result', status: statusOfError(failure.code), error: failure.toBody() }));
  else io.err(`${failure.code}: ${failure.message}\n  ${failure.hint}`);
  // What a fault of ours said is for who looks for it, never part of a result.
  if (io.env['GENRTL_DEBUG'] && failure.cause instanceof Error) io.err(failure.cause.stack ?? failure.cause.message);
  io.exit(exitCodeOf(failure));
}
