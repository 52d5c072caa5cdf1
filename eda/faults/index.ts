// Planted faults: what engineers and models get wrong in RTL, planted one at a time into sources that are right.
// The draw depends on the seed alone; whether a fault shows is for tools and benches to say.
import { readStructure } from './structure.ts';
import { letterCaseFaults, missingPortFaults, syntaxFaults } from './text-faults.ts';
import { FAULT_CLASSES } from './types.ts';
import type { Fault, FaultClass } from './types.ts';
import {
  assignmentKindFaults,
  caseFaults,
  missingResetFaults,
  offByOneFaults,
  polarityFaults,
  widthFaults,
} from './value-faults.ts';

export { FAULT_CLASSES, plant } from './types.ts';
export type { Fault, FaultClass } from './types.ts';

/** All faults that a source offers. Pure. */
export function faultsOf(source: string): Fault[] {
  const structure = readStructure(source);
  return [
    syntaxFaults,
    widthFaults,
    missingPortFaults,
    polarityFaults,
    offByOneFaults,
    missingResetFaults,
    assignmentKindFaults,
    caseFaults,
    letterCaseFaults,
  ].flatMap((generate) => generate(structure));
}

export interface Planted {
  /** index of the source in the list that was drawn from */
  readonly source: number;
  readonly fault: Fault;
}

/** Endless where the sources are not: each class in its own shuffled order, every source as likely as any other. */
export function drawFaults(sources: readonly string[], seed: number): Map<FaultClass, Planted[]> {
  const random = generator(seed);
  const drawn = new Map<FaultClass, Planted[]>();
  const offered = sources.map((text) => faultsOf(text));
  for (const kind of FAULT_CLASSES) {
    const bySource = offered.map((faults, source) =>
      shuffled(
        faults.filter((fault) => fault.class === kind),
        random,
      ).map((fault) => ({ source, fault })),
    );
    const list: Planted[] = [];
    for (let turn = 0; bySource.some((faults) => turn < faults.length); turn++) {
      list.push(
        ...shuffled(
          bySource.flatMap((faults) => faults[turn] ?? []),
          random,
        ),
      );
    }
    drawn.set(kind, list);
  }
  return drawn;
}

/** Uniform in [0, 1); mulberry32, the same for the same seed everywhere. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const out = [...items];
  for (let last = out.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const held = out[last] as T;
    out[last] = out[other] as T;
    out[other] = held;
  }
  return out;
}
