// Places that a person was at, to go back and forth between: one for each jump, not one for each line. Pure.

export interface Visit {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

export interface PlaceHistory {
  readonly visits: readonly Visit[];
  /** index of where the person is; -1: nowhere yet */
  readonly at: number;
}

export const EMPTY_HISTORY: PlaceHistory = { visits: [], at: -1 };

/** A shorter way within a file is no jump. */
const JUMP_LINES = 10;
const MAX_VISITS = 100;

export function visit({ visits, at }: PlaceHistory, place: Visit): PlaceHistory {
  const here = visits[at];
  if (here !== undefined && here.path === place.path && Math.abs(here.line - place.line) < JUMP_LINES)
    return { visits: visits.with(at, place), at };
  const kept = [...visits.slice(0, at + 1), place].slice(-MAX_VISITS);
  return { visits: kept, at: kept.length - 1 };
}

export function move({ visits, at }: PlaceHistory, by: -1 | 1): PlaceHistory {
  const to = at + by;
  return to < 0 || to >= visits.length ? { visits, at } : { visits, at: to };
}
