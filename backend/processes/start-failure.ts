// Why a backend did not start, in words that a person can act on.
import { GenrtlError } from '@genrtl/contracts';
import { diskTrouble } from '@genrtl/disk/disk-trouble.ts';

/** PostgreSQL and socket codes of a database that cannot be reached or does not let us in. */
const DATABASE = new Map([
  ['ECONNREFUSED', 'nothing listens there'],
  ['ENOTFOUND', 'its host is unknown'],
  ['EAI_AGAIN', 'its host cannot be looked up'],
  ['ECONNRESET', 'it ends the connection'],
  ['ETIMEDOUT', 'it does not answer'],
  ['EHOSTUNREACH', 'its host cannot be reached'],
  ['28P01', 'it refuses the password'],
  ['28000', 'it refuses the user'],
  ['3D000', 'it has no such database'],
  ['42501', 'the user may not create tables'],
  ['53300', 'it has no connection left'],
]);

/**
 * BACKEND_START_FAILED or DISK_FULL for what the surroundings caused; null for a fault of ours, whose stack is worth
 * seeing.
 */
export function startFailure(
  error: unknown,
  at: { readonly home: string; readonly port: number | undefined },
): GenrtlError | null {
  if (error instanceof GenrtlError) return error;
  if (!(error instanceof Error)) return null;
  const { code = '', syscall = '' } = error as NodeJS.ErrnoException;
  const failed = (message: string, hint: string): GenrtlError =>
    new GenrtlError('BACKEND_START_FAILED', message, { hint, cause: error });
  const trouble = diskTrouble(error);
  if (trouble === 'full')
    return new GenrtlError('DISK_FULL', `The disk of ${at.home} is full`, {
      hint: 'Free some space there, or name another folder in GENRTL_HOME.',
      cause: error,
    });
  if (syscall === 'listen')
    return failed(`Port ${at.port ?? ''} cannot be opened (${code})`, 'Choose another with --port, or leave it out.');
  const database = DATABASE.get(code);
  if (database !== undefined)
    return failed(
      `The database of DATABASE_URL cannot be used: ${database}`,
      'Check DATABASE_URL, and that the server runs.',
    );
  if (trouble !== null)
    return failed(`${at.home} cannot be used as home (${code})`, 'Name a folder that you may write to in GENRTL_HOME.');
  return null;
}

/** BACKEND_START_FAILED unless the text is the address of a PostgreSQL server. */
export function requireDatabaseUrl(text: string): void {
  if (URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol)) return;
  throw new GenrtlError('BACKEND_START_FAILED', 'DATABASE_URL is no address of a PostgreSQL server', {
    hint: 'Write it as postgresql://user:password@host:5432/database, or unset it to use the embedded server.',
  });
}
