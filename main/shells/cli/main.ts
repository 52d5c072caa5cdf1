// The command line's entry: parses, runs one command, ends with its exit code.
import { ERRORS } from '@genrtl/contracts';
import { runCli } from './program.ts';

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => abort.abort());
/** Code of a command whose output was lost although it went well: `| head -3` ends it, as Ctrl-C does. */
const CANCELLED = 130;
let lost: number | null = null;
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    lost ??= error.code === 'EPIPE' ? CANCELLED : ERRORS.DISK_FULL.exit;
    // a job is stopped in order and can be resumed; nobody is there to follow it
    abort.abort();
  });
process.on('exit', () => {
  if (lost !== null && (process.exitCode ?? 0) === 0) process.exitCode = lost;
});

const code = await runCli(process.argv.slice(2), {
  write: (text) => process.stdout.write(text),
  writeError: (text) => process.stderr.write(text),
  env: process.env,
  cwd: process.cwd(),
  interactive: process.stdin.isTTY === true && process.stderr.isTTY === true,
  signal: abort.signal,
});
process.exitCode = code;

/** Long enough for what is under way to end by itself. */
const LINGER_MS = 3_000;
/** A native library that did not let go of its thread must not keep a command that has ended; unread output may. */
function endAnyhow(): void {
  if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit();
  setTimeout(endAnyhow, LINGER_MS).unref();
}
setTimeout(endAnyhow, LINGER_MS).unref();
