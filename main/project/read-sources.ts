// The facts of sources on the disk. What was read of a source is kept until the source changes.
import { statSync, type Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { readFacts } from '@genrtl/core/filelist/source-facts.ts';
import type { SourceFacts } from '@genrtl/core/filelist/source-facts.ts';
import { readLookedAtSync, readRegular } from '@genrtl/disk/regular-file.ts';

/** Larger sources are netlists: they declare no packages, and reading them costs more than their order is worth. */
const MAX_SCANNED_BYTES = 4 * 1024 * 1024;
/** By absolute path; bounded, the oldest goes first. */
const kept = new Map<string, { readonly stamp: string; readonly facts: SourceFacts | null }>();
const MAX_KEPT = 20_000;

/** Milliseconds of one turn of the event loop. */
const SLICE_MS = 8;
/** So many files tell whether the disk answers at once; most of them, since any may wait for the processor. */
const TRIED = 8;
const AT_ONCE_MS = 1;
/** Asked together of a disk that does not. */
const TOGETHER = 64;

/**
 * Null for what cannot be read. A disk that answers at once is asked in this thread, which costs a fifth of handing each
 * call to another one, in short slices; one that lets wait is asked for many files together.
 */
export async function readSources(
  root: string,
  files: readonly string[],
  into: Map<string, SourceFacts | null>,
): Promise<void> {
  let slow = 0;
  let at = 0;
  let turn = performance.now();
  for (; at < files.length && !(at >= TRIED && slow * 2 > at); at++) {
    const file = files[at] ?? '';
    const absolute = path.resolve(root, file);
    const from = performance.now();
    const info = statOf(absolute);
    const source = look(absolute, info);
    const text = info === undefined || source === null || source.known ? null : textOf(absolute, info);
    const read = performance.now();
    if (read - from > AT_ONCE_MS) slow += 1;
    into.set(file, source === null ? null : source.known ? source.facts : keep(absolute, source.stamp, file, text));
    if (read - turn > SLICE_MS) {
      await nextTurn();
      turn = performance.now();
    }
  }
  for (; at < files.length; at += TOGETHER)
    await Promise.all(
      files.slice(at, at + TOGETHER).map(async (file) => {
        const absolute = path.resolve(root, file);
        const source = look(absolute, await stat(absolute).catch(() => undefined));
        if (source === null) into.set(file, null);
        else if (source.known) into.set(file, source.facts);
        else {
          const text = await readRegular(absolute, 'latin1').catch(() => null);
          into.set(file, keep(absolute, source.stamp, file, text));
        }
      }),
    );
}

type Look = { readonly known: true; readonly facts: SourceFacts | null } | { readonly known: false; stamp: string };

/** Null: no source that is read. */
function look(absolute: string, info: Stats | undefined): Look | null {
  if (info?.isFile() !== true || info.size > MAX_SCANNED_BYTES) return null;
  const stamp = `${info.size} ${info.mtimeMs} ${info.ino}`;
  const before = kept.get(absolute);
  return before?.stamp === stamp ? { known: true, facts: before.facts } : { known: false, stamp };
}

function keep(absolute: string, stamp: string, file: string, text: string | null): SourceFacts | null {
  const facts = text === null ? null : readFacts({ path: file, text });
  kept.delete(absolute);
  kept.set(absolute, { stamp, facts });
  const [oldest] = kept.keys();
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
  return facts;
}

function statOf(absolute: string): Stats | undefined {
  try {
    return statSync(absolute, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function textOf(absolute: string, info: Stats): string | null {
  try {
    return readLookedAtSync(absolute, info);
  } catch {
    return null;
  }
}
