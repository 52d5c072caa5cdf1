// The node of the design tree that is chosen, for jumps to other rooms.
import { create } from 'zustand';
import type { CodePlace } from '@genrtl/contracts/language.ts';

export interface DesignPlace {
  readonly place: CodePlace;
  /** the module of an instance; of a generate block the one around it */
  readonly unit: string;
  /** from the top down */
  readonly names: readonly string[];
}

/** A unit whose nearest instance the tree is to show, with each new number again. */
export const useWantedUnit = create<{ readonly unit: string | null; readonly request: number }>()(() => ({
  unit: null,
  request: 0,
}));

export const useDesignPlace = create<{ readonly chosen: DesignPlace | null }>()(() => ({ chosen: null }));
