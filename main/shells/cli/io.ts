// How a command talks: one place for stdout, stderr and the exit code, so that commands run in tests without a process.
import { ERRORS, GenrtlError, type JobStatus } from '@genrtl/contracts';

export interface CliIo {
  /** machine-readable or asked-for output; with --json exactly one object a line */
  out(text: string): void;
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

/** The status of a command's result that an error ends (design section 7). */
export function statusOf(error: GenrtlError): JobStatus {
  switch (exitCodeOf(error)) {
    case 5:
      return 'budget_exceeded';
    case 6:
      return 'needs_input';
    case 130:
      return 'cancelled';
    default:
      return 'failed';
  }
}

/** Any failure as a GenrtlError; what we did not foresee becomes INTERNAL without a stack trace. */
export function asGenrtlError(error: unknown): GenrtlError {
  if (error instanceof GenrtlError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new GenrtlError('INTERNAL', message, { cause: error });
}

/** Prints the error as code, sentence and hint; with --json as the result object. */
export function reportError(io: CliIo, error: unknown): void {
  const failure = asGenrtlError(error);
  if (io.json) io.out(JSON.stringify({ event: 'result', status: statusOf(failure), error: failure.toBody() }));
  else io.err(`${failure.code}: ${failure.message}\n  ${failure.hint}`);
  io.exit(exitCodeOf(failure));
}
