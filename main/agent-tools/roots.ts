// Which folders an agent may name: the server's own and those of GENRTL_MCP_ROOTS. Everything else is refused, links
// out of them too.
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import { containedPath } from '../workspace/contained-path.ts';

/** Absolute path of `given` (relative to `cwd` or absolute) when it lies in one of `folders`, else null. */
export async function pathWithin(given: string, cwd: string, folders: readonly string[]): Promise<string | null> {
  if (given.includes('\0')) return null;
  const target = path.resolve(cwd, given);
  for (const folder of folders) {
    const relative = path.relative(folder, target);
    if (relative.split(path.sep)[0] === '..' || path.isAbsolute(relative)) continue;
    const found = await containedPath(folder, relative).catch(() => null);
    if (found !== null) return found;
  }
  return null;
}

export class Roots {
  readonly cwd: string;
  /** absolute, the server's folder first */
  readonly folders: readonly string[];

  constructor(cwd: string, env: NodeJS.ProcessEnv) {
    this.cwd = cwd;
    const more = (env['GENRTL_MCP_ROOTS'] ?? '').split(':').filter((each) => each !== '');
    this.folders = [cwd, ...more.map((each) => path.resolve(cwd, each))];
  }

  /** Throws REQUEST_INVALID for a path outside. */
  async resolve(given: string): Promise<string> {
    const found = await pathWithin(given, this.cwd, this.folders);
    if (found !== null) return found;
    throw new GenrtlError(
      'REQUEST_INVALID',
      `The path leads outside the folders of this server: ${given.slice(0, 200)}`,
      { hint: `Allowed are ${this.folders.join(', ')}; a person can add folders with GENRTL_MCP_ROOTS.` },
    );
  }

  /** How a file is named to the agent: relative below the server's folder, else absolute. */
  cite(file: string): string {
    const relative = path.relative(this.cwd, file);
    return relative === '' || relative.split(path.sep)[0] === '..' ? file : relative.split(path.sep).join('/');
  }
}
