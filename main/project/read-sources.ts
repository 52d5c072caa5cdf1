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
/** By absolute path; bounded, the oldest goes first. */
const kept = new Map<string, { readonly stamp: string; readonly facts: SourceFacts | null }>();
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
    into.set(file, await factsOf(disk, root, file));
  }
  for (; at < files.length; at += TOGETHER)
    await Promise.all(
      files.slice(at, at + TOGETHER).map(async (file) => into.set(file, await factsOf(disk, root, file))),
    );
}

async function factsOf(disk: ManyFiles, root: string, file: string): Promise<SourceFacts | null> {
  const absolute = path.isAbsolute(file) ? file : `${root}${path.sep}${file}`;
  const before = kept.get(absolute);
  try {
    const { info, bytes } = await disk.read(
      absolute,
      (now) => isScanned(now) && (before === undefined || before.stamp !== stampOf(now)),
    );
    if (!isScanned(info)) return null;
    return bytes === null
      ? (before?.facts ?? null)
      : keep(absolute, info, readFacts({ path: file, text: bytes.toString('latin1') }));
  } catch {
    return null;
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
