// The facts of sources on the disk. What was read of a source is kept until the source changes.
import type { Stats } from 'node:fs';
import path from 'node:path';
import { readFacts } from '@genrtl/core/filelist/source-facts.ts';
import type { SourceFacts } from '@genrtl/core/filelist/source-facts.ts';
import { ManyFiles } from '@genrtl/disk/many-files.ts';

/** Larger sources are netlists: they declare no packages, and reading them costs more than their order is worth. */
const MAX_SCANNED_BYTES = 4 * 1024 * 1024;
/** Asked together of a disk that lets wait. */
const TOGETHER = 64;
interface Kept {
  readonly stamp: string;
  readonly facts: SourceFacts;
}
/** By absolute path; bounded, the oldest goes first. */
const kept = new Map<string, Kept>();
const MAX_KEPT = 20_000;

/** Null for what cannot be read. */
export async function readSources(
  root: string,
  files: readonly string[],
  into: Map<string, SourceFacts | null>,
): Promise<void> {
  const disk = new ManyFiles();
  let at = 0;
  for (; at < files.length && !disk.waits; at++) {
    const file = files[at] ?? '';
    const source = new Wanted(root, file);
    into.set(file, source.now(disk) ?? (await source.read(disk)));
  }
  for (; at < files.length; at += TOGETHER)
    await Promise.all(
      files.slice(at, at + TOGETHER).map(async (file) => into.set(file, await new Wanted(root, file).read(disk))),
    );
}

/** One source: its facts as they are kept, or read. */
class Wanted {
  readonly #file: string;
  readonly #absolute: string;
  readonly #before: Kept | undefined;

  constructor(root: string, file: string) {
    this.#file = file;
    this.#absolute = path.isAbsolute(file) ? file : `${root}${path.sep}${file}`;
    this.#before = kept.get(this.#absolute);
  }

  /** Null: not read, or not at once. */
  now(disk: ManyFiles): SourceFacts | null {
    try {
      const found = disk.readNow(this.#absolute, (info) => this.#isNew(info));
      return found === null ? null : this.#facts(found);
    } catch {
      return null;
    }
  }

  async read(disk: ManyFiles): Promise<SourceFacts | null> {
    try {
      return this.#facts(await disk.read(this.#absolute, (info) => this.#isNew(info)));
    } catch {
      return null;
    }
  }

  #isNew(info: Stats): boolean {
    return isScanned(info) && this.#before?.stamp !== stampOf(info);
  }

  #facts({ info, bytes }: { info: Stats; bytes: Buffer | null }): SourceFacts | null {
    if (!isScanned(info)) return null;
    if (bytes === null) return this.#before?.facts ?? null;
    return keep(this.#absolute, info, readFacts({ path: this.#file, text: bytes.toString('latin1') }));
  }
}

const isScanned = (info: Stats): boolean => info.isFile() && info.size <= MAX_SCANNED_BYTES;

const stampOf = ({ size, mtimeMs, ino }: Stats): string => `${size} ${mtimeMs} ${ino}`;

function keep(absolute: string, info: Stats, facts: SourceFacts): SourceFacts {
  kept.delete(absolute);
  kept.set(absolute, { stamp: stampOf(info), facts });
  const [oldest] = kept.keys();
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  return facts;
}
