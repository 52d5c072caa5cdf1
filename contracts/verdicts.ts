// A measure that was not taken is `untried`: a verdict of its own, which only a person's waiver passes.
import { z } from 'zod';
import { GenrtlError } from './errors.ts';

/** What can be left untried, or unchecked on purpose, and therefore waived. */
export const WAIVER_KINDS = {
  /** an output of the design by its port's name: don't care, or its wrong variants could not be run */
  output: 'an output that no testbench has to check',
  /** a tied stub by the value that it is tied to: 0, 1 or x */
  stub: 'a design tied to one value',
  /** the mutants of a module, by its name */
  mutants: 'the single-point mutants of a module',
  /** what the built-in composer makes of the same specification, by the top's name */
  reference: 'the comparison with the composed design',
  /** a testbench or check by its name */
  bench: 'a testbench that cannot be run on changed designs',
  /** a source by its path, of which the added tokens could not be judged */
  purity: 'the judgement of what a source may say',
} as const;

export const WaiverKind = z.enum(Object.keys(WAIVER_KINDS) as [keyof typeof WAIVER_KINDS]);
export type WaiverKind = z.infer<typeof WaiverKind>;

export const Untried = z.object({
  kind: WaiverKind,
  name: z.string(),
  /** one sentence: what stood in the way */
  why: z.string(),
});
export type Untried = z.infer<typeof Untried>;

/** A person's word that one untried or unchecked thing is all right. */
export const Waiver = z.object({
  kind: WaiverKind,
  name: z.string().trim().min(1).max(300),
  reason: z.string().trim().min(1).max(1000),
});
export type Waiver = z.infer<typeof Waiver>;

/** A waiver that a job needed, with what it passed. */
export const AppliedWaiver = Waiver.extend({ why: z.string() });
export type AppliedWaiver = z.infer<typeof AppliedWaiver>;

const WAIVER_TEXT = /^\s*([a-z_]+)\s*:([^=]*)=([\s\S]*)$/;

/** `KIND:NAME=REASON`. Throws USAGE. */
export function parseWaiver(text: string): Waiver {
  const [, kind, name, reason] = WAIVER_TEXT.exec(text) ?? [];
  const parsed = Waiver.safeParse({ kind, name, reason });
  if (parsed.success) return parsed.data;
  const kinds = Object.keys(WAIVER_KINDS).join(', ');
  throw new GenrtlError('USAGE', `"${text}" is no waiver: it takes KIND:NAME=REASON, KIND one of ${kinds}.`, {
    hint: 'For instance --waive "output:spare=not used in this board".',
  });
}

/** A waiver in a settings or project file: `KIND:NAME=REASON`, or its three parts. */
export const WaiverEntry = z.union([
  Waiver,
  z.string().transform((text, context): Waiver => {
    try {
      return parseWaiver(text);
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : 'no waiver' });
      return z.NEVER;
    }
  }),
]);

/**
 * Splits what was not measured into what a person waived and what still stands. The first waiver of a thing counts; one
 * that nothing needs is not listed.
 */
export function applyWaivers(
  untried: readonly Untried[],
  waivers: readonly Waiver[],
): { readonly standing: Untried[]; readonly waived: AppliedWaiver[] } {
  const standing: Untried[] = [];
  const waived: AppliedWaiver[] = [];
  for (const one of untried) {
    const waiver = waivers.find(({ kind, name }) => kind === one.kind && name === one.name);
    if (waiver === undefined) standing.push(one);
    else waived.push({ ...waiver, why: one.why });
  }
  return { standing, waived };
}

/** A failure that an earlier testbench still reports of a design with which the present one passes. */
export const EarlierFailure = z.object({
  bench: z.string(),
  signal: z.string().optional(),
  time: z.string().optional(),
  /** the check of the plan or the specification that speaks of it */
  check_id: z.string().optional(),
  spec_line: z.number().int().positive().optional(),
  spec_text: z.string().optional(),
});
export type EarlierFailure = z.infer<typeof EarlierFailure>;

/** A patch that changed what the testbenches check: only a person lets it pass. */
export const BenchChange = z.object({
  /** the gate that saw it */
  step_id: z.string(),
  files: z.array(z.string()),
  failures: z.array(EarlierFailure),
  why: z.string(),
  /** who let it pass; null: nobody has */
  accepted: z.enum(['flag', 'person']).nullable(),
});
export type BenchChange = z.infer<typeof BenchChange>;

/** A structured specification that somebody else implemented, beside what the built-in composer makes of it. */
export const ReferenceComparison = z.object({
  module: z.string(),
  /** rows of the Checks table, all of which hold */
  checks: z.number().int(),
  /** cycles of random stimulus in which every output was the same */
  random_cycles: z.number().int(),
  /** a proof for all inputs after a reset, at the default parameters */
  equivalence: z.enum(['proved', 'not_proved', 'untried']),
});
export type ReferenceComparison = z.infer<typeof ReferenceComparison>;

/**
 * What the specification says of the ports of the plan's top. What it does not say never gates, and is no agreement.
 */
export const InterfaceReading = z.object({
  stated: z.number().int(),
  not_stated: z.array(z.string()),
});
export type InterfaceReading = z.infer<typeof InterfaceReading>;
