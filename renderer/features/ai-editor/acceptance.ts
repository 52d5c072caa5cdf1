// How much of what was accepted is still there after 30 s, 2 min and 10 min: the only figure that tells whether
// suggestions help. Counted in this browser, shown to the person, sent nowhere.
import { diffWordsWithSpace } from 'diff';

export const CHECKPOINTS_S = [30, 120, 600] as const;
export type Checkpoint = (typeof CHECKPOINTS_S)[number];
export const ACCEPTED_KINDS = ['complete', 'insert', 'edit'] as const;
export type AcceptedKind = (typeof ACCEPTED_KINDS)[number];

export interface AcceptanceCount {
  readonly accepted: number;
  /** characters that were looked at, and of these those that stood there, by checkpoint */
  readonly looked: Readonly<Record<Checkpoint, number>>;
  readonly kept: Readonly<Record<Checkpoint, number>>;
}
export type Acceptance = Readonly<Record<AcceptedKind, AcceptanceCount>>;

const none = (): Record<Checkpoint, number> => ({ 30: 0, 120: 0, 600: 0 });
export const noAcceptance = (): Acceptance => ({
  complete: { accepted: 0, looked: none(), kept: none() },
  insert: { accepted: 0, looked: none(), kept: none() },
  edit: { accepted: 0, looked: none(), kept: none() },
});

export function withAccepted(all: Acceptance, kind: AcceptedKind, chars: number): Acceptance {
  return { ...all, [kind]: { ...all[kind], accepted: all[kind].accepted + chars } };
}

export function withLook(
  all: Acceptance,
  kind: AcceptedKind,
  after: Checkpoint,
  chars: number,
  kept: number,
): Acceptance {
  const count = all[kind];
  return {
    ...all,
    [kind]: {
      ...count,
      looked: { ...count.looked, [after]: count.looked[after] + chars },
      kept: { ...count.kept, [after]: count.kept[after] + kept },
    },
  };
}

/** Longer texts are compared line by line. */
const WORDS_UP_TO = 8_000;

/** Characters of the accepted text that stand in what is there now, in their order. */
export function survivingChars(accepted: string, now: string): number {
  if (now.includes(accepted)) return accepted.length;
  if (accepted.length > WORDS_UP_TO || now.length > 4 * WORDS_UP_TO) {
    const lines = new Set(now.split('\n'));
    return accepted
      .split('\n')
      .filter((line) => lines.has(line))
      .reduce((sum, line) => sum + line.length, 0);
  }
  return diffWordsWithSpace(accepted, now)
    .filter(({ added, removed }) => !added && !removed)
    .reduce((sum, { value }) => sum + value.length, 0);
}

/** What was stored, as far as it can be read. */
export function readAcceptance(stored: string | null): Acceptance {
  const fresh = noAcceptance();
  try {
    const read: unknown = JSON.parse(stored ?? '');
    if (typeof read !== 'object' || read === null) return fresh;
    const number = (from: unknown, ...path: string[]): number => {
      let at: unknown = from;
      for (const key of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
      return typeof at === 'number' && Number.isSafeInteger(at) && at >= 0 ? at : 0;
    };
    const counted = (kind: AcceptedKind, part: 'looked' | 'kept'): Record<Checkpoint, number> => ({
      30: number(read, kind, part, '30'),
      120: number(read, kind, part, '120'),
      600: number(read, kind, part, '600'),
    });
    const count = (kind: AcceptedKind): AcceptanceCount => ({
      accepted: number(read, kind, 'accepted'),
      looked: counted(kind, 'looked'),
      kept: counted(kind, 'kept'),
    });
    return { complete: count('complete'), insert: count('insert'), edit: count('edit') };
  } catch {
    return fresh;
  }
}
