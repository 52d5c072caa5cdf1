// What frequent findings mean. The tools' own words differ; the faults do not.
import type { Diagnostic } from '@genrtl/contracts';

export type Meaning =
  | 'width'
  | 'latch'
  | 'undeclared'
  | 'unused'
  | 'undriven'
  | 'pin'
  | 'multidriven'
  | 'blocking'
  | 'combLoop'
  | 'caseIncomplete'
  | 'missingModule'
  | 'syntax'
  | 'check'
  | 'timing'
  | 'weakBench'
  | 'acceptance';

const BY_CODE: Readonly<Record<string, Meaning>> = {
  WIDTH: 'width',
  WIDTHTRUNC: 'width',
  WIDTHEXPAND: 'width',
  WIDTHCONCAT: 'width',
  SPEC_WIDTH: 'width',
  LATCH: 'latch',
  NOLATCH: 'latch',
  UNUSED: 'unused',
  UNUSEDSIGNAL: 'unused',
  UNUSEDPARAM: 'unused',
  UNDRIVEN: 'undriven',
  SPEC_UNDRIVEN: 'undriven',
  PINMISSING: 'pin',
  PINNOTFOUND: 'pin',
  PINCONNECTEMPTY: 'pin',
  MULTIDRIVEN: 'multidriven',
  SPEC_MULTIPLE_DRIVERS: 'multidriven',
  BLKSEQ: 'blocking',
  COMBDLY: 'blocking',
  BLKANDNBLK: 'blocking',
  UNOPT: 'combLoop',
  UNOPTFLAT: 'combLoop',
  SPEC_COMB_LOOP: 'combLoop',
  CASEINCOMPLETE: 'caseIncomplete',
  CASEX: 'caseIncomplete',
  MODMISSING: 'missingModule',
  NEEDTIMINGOPT: 'timing',
  STMTDLY: 'timing',
  ASSIGNDLY: 'timing',
  BENCH_WEAK: 'weakBench',
  SPEC_CHECKS_WEAK: 'weakBench',
  ACCEPTANCE: 'acceptance',
};

/** In order: the first that fits wins. */
const BY_MESSAGE: readonly (readonly [RegExp, Meaning])[] = [
  [/signal=\S+ time=|^FAIL\b|Assertion failed/i, 'check'],
  [/can't find definition of|unable to bind|undeclared|not declared|unknown identifier|is not declared/i, 'undeclared'],
  [/missing pin|pin not found|port .* not (?:found|connected)/i, 'pin'],
  [/module .*(?:not found|missing)|unknown module type|cannot find (?:file containing )?module/i, 'missingModule'],
  [/latch/i, 'latch'],
  [/multiple (?:conflicting )?drivers|driven by (?:more than|multiple)/i, 'multidriven'],
  [/combinational loop|circular combinational/i, 'combLoop'],
  [/syntax error|unexpected token|malformed statement/i, 'syntax'],
  [/expects \d+ bits|width mismatch|truncat/i, 'width'],
];

export function meaningOf(found: Pick<Diagnostic, 'code' | 'message'>): Meaning | null {
  // the editor's own checks; their words are in the person's language
  if (found.code?.startsWith('SYNTAX_') === true) return 'syntax';
  const known = found.code === undefined || !Object.hasOwn(BY_CODE, found.code) ? undefined : BY_CODE[found.code];
  return known ?? BY_MESSAGE.find(([pattern]) => pattern.test(found.message))?.[1] ?? null;
}
