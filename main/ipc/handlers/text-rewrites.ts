// Rewrites of many files at once, all or none, with a way back: of a rename, of a replacement in files.
import { createHash, randomUUID } from 'node:crypto';
import { readRegular } from '@genrtl/disk/regular-file.ts';
import { GenrtlError } from '@genrtl/contracts';
import { rewriteFiles } from '../../patch/index.ts';
import type { RewrittenFile } from '../../patch/index.ts';
import { containedPath, isLocked } from '../../workspace/contained-path.ts';

/** So many rewrites can be taken back. */
const KEPT_UNDO = 10;
const MAX_KEPT_BYTES = 32 * 1024 * 1024;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

interface Undo {
  readonly id: string;
  readonly workspace: string;
  readonly files: readonly RewrittenFile[];
  readonly bytes: number;
}

export class TextRewrites {
  #undo: Undo[] = [];

  /**
   * Gives each file the text that `change` makes of its bytes; returns what takes it back. Throws WORKSPACE_READ_ONLY
   * for files that are never edited, what `change` throws, FILE_CHANGED.
   */
  async apply(
    root: string,
    files: readonly string[],
    change: (file: string, bytes: Buffer) => string,
  ): Promise<string> {
    const locked = files.filter(isLocked);
    if (locked.length > 0)
      throw new GenrtlError('WORKSPACE_READ_ONLY', `These files are never edited: ${listed(locked)}.`, {
        hint: 'Packages are changed by nobody but their maintainers; copy the file into your sources instead.',
        details: { files: locked },
      });
    const forth: RewrittenFile[] = [];
    const back: RewrittenFile[] = [];
    for (const file of files) {
      const before = await readRegular(await containedPath(root, file));
      const after = Buffer.from(change(file, before));
      forth.push({ path: file, expect: sha256(before), contents: after });
      back.push({ path: file, expect: sha256(after), contents: before });
    }
    await rewriteFiles(root, null, forth);
    const id = randomUUID();
    this.#keep({
      id,
      workspace: root,
      files: back,
      bytes: back.reduce((sum, { contents }) => sum + (contents?.length ?? 0), 0),
    });
    return id;
  }

  /** Throws NOT_FOUND for one that is too old, FILE_CHANGED when one of its files is not as it left it. */
  async undo(root: string, id: string): Promise<string[]> {
    const found = this.#undo.find((one) => one.id === id && one.workspace === root);
    if (found === undefined)
      throw new GenrtlError('NOT_FOUND', 'This change cannot be taken back any more.', {
        hint: 'Change it back the way it was made.',
      });
    await rewriteFiles(root, null, found.files);
    this.#undo = this.#undo.filter((one) => one !== found);
    return found.files.map(({ path }) => path);
  }

  #keep(undo: Undo): void {
    this.#undo.push(undo);
    let bytes = this.#undo.reduce((sum, one) => sum + one.bytes, 0);
    while (this.#undo.length > KEPT_UNDO || (bytes > MAX_KEPT_BYTES && this.#undo.length > 1))
      bytes -= this.#undo.shift()?.bytes ?? 0;
  }
}

export const listed = (files: readonly string[]): string =>
  files.slice(0, 5).join(', ') + (files.length > 5 ? ` and ${files.length - 5} more` : '');

/**
 * With its byte order mark, if it has one. Throws REQUEST_INVALID for another encoding, whose characters would be lost.
 */
export function utf8Of(file: string, bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new GenrtlError('REQUEST_INVALID', `${file} is not UTF-8.`, {
      hint: 'Save it as UTF-8 first: its other characters would be lost.',
      cause,
    });
  }
}
