// The bearer token of the HTTP endpoint: GENRTL_MCP_TOKEN, or one kept in GENRTL_HOME so that a client's settings stay
// valid.
import { randomBytes } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { genrtlHome, homeError, makeHome } from '../../installation/home.ts';

const MIN_LENGTH = 24;

/**
 * Throws USAGE for a GENRTL_MCP_TOKEN that could be guessed. `file` is null when the token came from the environment.
 */
export async function mcpToken(env: NodeJS.ProcessEnv): Promise<{ token: string; file: string | null }> {
  const given = env['GENRTL_MCP_TOKEN'];
  if (given !== undefined && given !== '') {
    if (!/^[\x21-\x7e]+$/.test(given) || given.length < MIN_LENGTH)
      throw new GenrtlError('USAGE', `GENRTL_MCP_TOKEN needs at least ${MIN_LENGTH} printable characters.`);
    return { token: given, file: null };
  }
  const file = path.join(genrtlHome(env), 'mcp-token');
  const kept = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (kept.length >= MIN_LENGTH) {
    await chmod(file, 0o600);
    return { token: kept, file };
  }
  const token = randomBytes(32).toString('base64url');
  makeHome(path.dirname(file));
  await writeFile(file, `${token}\n`, { mode: 0o600 }).catch((error: unknown) => {
    throw homeError(error, path.dirname(file));
  });
  return { token, file };
}
