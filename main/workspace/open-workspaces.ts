// The workspaces that a person has opened in this process: only below these may a page read and write.
import { mkdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError } from '@genrtl/contracts';

export class OpenWorkspaces {
  readonly #open = new Set<string>();

  /** Absolute, resolved path of an existing folder, from now on open. Throws WORKSPACE_NOT_FOUND. */
  async open(folder: string): Promise<string> {
    if (!path.isAbsolute(folder)) throw new GenrtlError('WORKSPACE_NOT_FOUND', 'Give the full path of the workspace.');
    const real = await realpath(folder).catch(() => null);
    const info = real === null ? null : await stat(real).catch(() => null);
    if (real === null || !info?.isDirectory())
      throw new GenrtlError('WORKSPACE_NOT_FOUND', `There is no folder ${folder}.`);
    this.#open.add(real);
    return real;
  }

  async create(folder: string): Promise<string> {
    if (!path.isAbsolute(folder)) throw new GenrtlError('WORKSPACE_NOT_FOUND', 'Give the full path of the workspace.');
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw new GenrtlError('WORKSPACE_READ_ONLY', `The folder ${folder} cannot be made.`, { cause: error });
    });
    return this.open(folder);
  }

  /** Throws WORKSPACE_NOT_FOUND for a folder that nobody opened: a page cannot reach other folders by naming them. */
  require(workspace: string): string {
    if (!this.#open.has(workspace))
      throw new GenrtlError('WORKSPACE_NOT_FOUND', 'The workspace is not open.', { hint: 'Open it first.' });
    return workspace;
  }
}
