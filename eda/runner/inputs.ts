// What a run reads: its sources, the files that they include or load, each with its sha256; and what the sources say
// about waveforms.
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { isAbsolute, posix, resolve } from 'node:path';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { relativePath } from '../parsing/index.ts';
import { ManyFiles } from '@genrtl/disk/many-files.ts';

export interface RunInputs {
  /** sha256 by path relative to the workspace (absolute outside it) */
  readonly hashes: Record<string, string>;
  /** a bench reads `+vcd=<file>` by itself */
  readonly readsVcdPlusarg: boolean;
  /** some source calls $dumpfile */
  readonly dumps: boolean;
  /** some source sets a `timescale */
  readonly timescales: boolean;
}

/** Larger sources are netlists and memory images: hashed, not searched for includes. */
const MAX_SCAN_BYTES = 4 * 1024 * 1024;
const MAX_FILES = 10_000;
const REFERENCE = /`include\s+"([^"\n]+)"|\$readmem[hb]\s*\(\s*"([^"\n]+)"/g;

/** A path as the tools get it: relative to the workspace when it lies inside, never mistaken for an option. */
export function toolPath(workspace: string, path: string): string {
  if (path.includes('\0')) throw new GenrtlError('USAGE', 'A path holds a NUL character.');
  const relative = relativePath(
    isAbsolute(path) ? path : resolve(workspace, path),
    posix.normalize(workspace).replace(/\/+$/, ''),
  );
  return relative.startsWith('-') || relative.startsWith('+') || relative.startsWith('@') ? `./${relative}` : relative;
}

/**
 * Throws USAGE naming the first source that is missing; files that only an include names may be missing (the tool will
 * say so).
 */
export async function readInputs(
  workspace: string,
  sources: readonly string[],
  includeDirs: readonly string[],
): Promise<RunInputs> {
  const hashes: Record<string, string> = {};
  const seen = new Set<string>();
  const disk = new ManyFiles();
  let readsVcdPlusarg = false;
  let dumps = false;
  let timescales = false;

  const roots = [workspace, ...includeDirs, ...sources.map((source) => posix.dirname(source))].map(
    (folder) => realPath(resolve(workspace, folder)) ?? resolve(workspace, folder),
  );

  async function visit(path: string, required: boolean): Promise<boolean> {
    if (seen.has(path) || seen.size > MAX_FILES) return true;
    const absolute = resolve(workspace, path);
    // a source may name any file of the machine; what lies elsewhere is none of this run's and is left unread
    if (!required && !isBelow(absolute, roots)) return false;
    let bytes: Buffer;
    try {
      // a FIFO or a device would hold up the reader: it is an error
      bytes = (await disk.read(absolute)).bytes ?? Buffer.alloc(0);
    } catch (cause) {
      if (!required) return false;
      throw new GenrtlError('USAGE', `The source ${path} cannot be read.`, {
        hint: 'Check its path; it is relative to the workspace root.',
        cause,
      });
    }
    seen.add(path);
    hashes[path.startsWith('./') ? path.slice(2) : path] = createHash('sha256').update(bytes).digest('hex');
    if (bytes.length > MAX_SCAN_BYTES) return true;
    const text = bytes.toString('latin1');
    readsVcdPlusarg ||= text.includes('vcd=%s');
    dumps ||= text.includes('$dumpfile');
    timescales ||= text.includes('`timescale');
    if (text.includes('`include') || text.includes('$readmem')) {
      for (const match of text.matchAll(REFERENCE)) await visitReference(path, match[1], match[2]);
    }
    return true;
  }

  /** An include lies beside its includer, in an include folder or at the root; a memory image at the root. */
  async function visitReference(from: string, include: string | undefined, image: string | undefined): Promise<void> {
    const name = Buffer.from(include ?? image ?? '', 'latin1').toString('utf8');
    if (name.includes('\0')) return;
    const folders = include === undefined ? [''] : ['', posix.dirname(from), ...includeDirs];
    for (const folder of folders) {
      if (await visit(toolPath(workspace, folder === '' || isAbsolute(name) ? name : posix.join(folder, name)), false))
        return;
    }
  }

  for (const source of sources) await visit(source, true);
  return { hashes, readsVcdPlusarg, dumps, timescales };
}

/** After resolving links. */
function isBelow(file: string, folders: readonly string[]): boolean {
  const at = realPath(file);
  return at !== null && folders.some((folder) => at.startsWith(`${folder}/`));
}

function realPath(file: string): string | null {
  try {
    return realpathSync.native(file);
  } catch {
    return null;
  }
}
