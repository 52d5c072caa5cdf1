// What the parts of the reader share while a source is read.
import type { Role } from '../model.ts';
import type { Draft, SourceBuilder } from '../source-builder.ts';
import type { ItemReader } from './items.ts';
import type { TokenRow } from './token-row.ts';

/** Something that was opened and is not closed yet. `stmt` is the one statement behind `always` or `for (…)`. */
export interface Frame {
  readonly closer: string;
  readonly start: number;
  readonly owner: Draft | null;
  /** the scope that it opened, and the one before */
  readonly scope: number | null;
  readonly back: number;
  readonly procedural: boolean;
  /** names of the header's list, for directions that stand in the body; null where any name is a port */
  readonly ports: Map<string, Draft> | null;
}

/** Roles by index of the token; a name that is said again waits for its declaration's place. */
export type Roles = Map<number, Role | { readonly draft: Draft }>;

/** What a part that reads one kind of construct needs of the whole. */
export interface Reading {
  readonly row: TokenRow;
  readonly builder: SourceBuilder;
  readonly items: ItemReader;
  readonly roles: Roles;
  open(frame: Omit<Frame, 'back' | 'ports'> & Partial<Pick<Frame, 'back' | 'ports'>>): void;
}
