// The files as they stand after the sections applied so far; the files beneath stay as they are.
import type { PatchChange, PatchFile, PatchFiles, Refusal } from './types.ts';

export interface TextFile {
  readonly text: string;
  readonly encoding: 'utf8' | 'latin1';
}

export class Overlay {
  private readonly base: PatchFiles;
  private readonly cache = new Map<string, PatchFile>();
  /** null: deleted */
  private readonly now = new Map<string, TextFile | null>();

  constructor(base: PatchFiles) {
    this.base = base;
  }

  read(path: string): PatchFile {
    const changed = this.now.get(path);
    if (changed === null) return { kind: 'missing' };
    if (changed !== undefined) return { kind: 'text', ...changed };
    return this.original(path);
  }

  set(path: string, file: TextFile | null): void {
    this.original(path);
    this.now.set(path, file);
  }

  touched(path: string): boolean {
    return this.now.has(path);
  }

  /**
   * Why no file can stand at this path: something on the way is a file, or a link, or was made a file by this patch.
   */
  parentFault(path: string): Refusal | null {
    const parts = path.split('/');
    for (let count = 1; count < parts.length; count += 1) {
      const parent = parts.slice(0, count).join('/');
      const there = this.read(parent);
      if (there.kind === 'symlink') return { code: 'PATCH_SYMLINK', path, message: `${parent} is a symbolic link` };
      // a file that this very patch deletes still stands when the folder would be made
      const before = this.original(parent);
      if (isFile(there) || isFile(before)) {
        return { code: 'PATCH_PATH_INVALID', path, message: `${parent} is a file, not a folder` };
      }
    }
    for (const [other, file] of this.now) {
      if (file !== null && other.startsWith(`${path}/`)) {
        return { code: 'PATCH_PATH_INVALID', path, message: `${other} of the same patch needs a folder of this name` };
      }
    }
    return null;
  }

  /** Every file whose text differs from the start, in the order of paths. */
  changes(): PatchChange[] {
    const changes: PatchChange[] = [];
    for (const [path, file] of [...this.now].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
      const before = this.original(path);
      const old = before.kind === 'text' ? before : null;
      if (file === null) {
        if (old)
          changes.push({ path, kind: 'delete', before: old.text, after: null, encoding: old.encoding ?? 'utf8' });
      } else if (old === null) {
        changes.push({ path, kind: 'create', before: null, after: file.text, encoding: file.encoding });
      } else if (old.text !== file.text || (old.encoding ?? 'utf8') !== file.encoding) {
        changes.push({ path, kind: 'modify', before: old.text, after: file.text, encoding: file.encoding });
      }
    }
    return changes;
  }

  private original(path: string): PatchFile {
    let file = this.cache.get(path);
    if (file === undefined) {
      file = this.base.read(path);
      this.cache.set(path, file);
    }
    return file;
  }
}

function isFile(file: PatchFile): boolean {
  return file.kind === 'text' || file.kind === 'binary' || file.kind === 'too_large';
}
