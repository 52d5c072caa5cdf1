// One line a kind: the folder's name in the collection of cases, and the check that its README asks for.
import type { CaseCheck } from './case.ts';
import { benchCountsOfZeroFailures } from './bench-counts-of-zero-failures.ts';

export const KINDS: Readonly<Record<string, CaseCheck>> = {
  'bench-counts-of-zero-failures': benchCountsOfZeroFailures,
};
