// What a measured strength means for the job: what the testbenches do not notice, in words that an author can act on.
import type { AppliedWaiver, CheckedOutput, Diagnostic, Strength, Waiver } from '@genrtl/contracts';

/** How a testbench falls short; empty: it does not. */
export interface Weakness {
  readonly diagnostics: readonly Diagnostic[];
  /** one sentence for people */
  readonly message: string;
}

const VARIANT: Readonly<Record<string, string>> = {
  inverted: 'inverted',
  stuck_0: 'stuck at 0',
  stuck_1: 'stuck at 1',
  half_rate: 'at half its rate',
  undriven: 'never driven',
};

/** An output that counts and that no bench looks at, although every variant of it was tried. */
export const isUnchecked = (output: CheckedOutput): boolean => output.variants.some(({ caught }) => !caught);

const charged = (output: CheckedOutput): boolean => output.waived === undefined && output.earlier === undefined;

export function weaknessOf(strength: Strength, top: string, bench: string | null): Weakness | null {
  const found: Diagnostic[] = [];
  const report = (message: string): void => {
    found.push({
      tool: 'genrtl',
      severity: 'error',
      code: 'BENCH_WEAK',
      message,
      ...(bench === null ? {} : { file: bench }),
    });
  };
  const outputs = strength.outputs ?? [];
  const passing = strength.stubs.filter((stub) => !stub.failed && !stub.untried && !stub.equivalent);
  if (passing.length > 0)
    report(
      `The testbench passes although every output of the design is tied to ${passing.map((stub) => stub.tied_to).join(' or ')}: check outputs in states where they differ from that.`,
    );
  for (const output of outputs.filter((one) => charged(one) && isUnchecked(one))) report(uncheckedMessage(output, top));
  const floor = floorMessage(strength);
  if (found.length === 0 && floor !== null) report(floor);
  const [first] = found;
  if (first === undefined) return null;
  return {
    diagnostics: found,
    message: found.length === 1 ? first.message : `${first.message} ${found.length - 1} more.`,
  };
}

function uncheckedMessage({ module, output, variants }: CheckedOutput, top: string): string {
  const missed = variants.filter(({ caught }) => !caught).map(({ variant }) => VARIANT[variant] ?? variant);
  const where = module === top ? output : `${output} of ${module}`;
  return `No testbench fails when the output ${where} is ${missed.join(' or ')}: compare ${where} with what the specification says of it.`;
}

/** Mutants alone, and mutants and single bits together, have to reach the floor; a bench that kills none never does. */
function floorMessage(strength: Strength): string | null {
  const { mutants, floor = 0, outputs = [] } = strength;
  if (mutants === null || mutants.total === 0) return null;
  const sample = `killed ${mutants.killed} of ${mutants.total}${mutants.not_tried ? `, ${mutants.not_tried} not tried` : ''}`;
  if (mutants.killed === 0) return `The testbench notices no change of the design at all (${sample}).`;
  if (mutants.killed / mutants.total < floor && !mayBeChance(mutants, floor))
    return `The testbench notices too few changes of the design: ${sample}, at least ${percent(floor)} are wanted. ${survivorsText(strength)}`;
  const counted = outputs.filter(charged);
  const bits = {
    caught: counted.reduce((sum, one) => sum + (one.bits?.caught ?? 0), 0),
    tried: counted.reduce((sum, one) => sum + (one.bits?.tried ?? 0), 0),
  };
  const both = { ...mutants, killed: mutants.killed + bits.caught, total: mutants.total + bits.tried };
  if (both.killed / both.total >= floor || mayBeChance(both, floor)) return null;
  const missed = counted.flatMap(({ output, bits: one }) =>
    one === undefined || one.missed.length === 0 ? [] : [`${output}[${one.missed.slice(0, 8).join(', ')}]`],
  );
  return `The testbench looks at too few bits of the outputs: ${bits.caught} of ${bits.tried} noticed when inverted; compare ${missed.join(', ')}.`;
}

/** Fewer than these say little, unless they are all that there are. */
const SMALL_SAMPLE = 30;

/**
 * Of a small sample, that the bench could well reach the floor on the rest: one time in ten it would look like this.
 */
function mayBeChance({ killed, total, not_tried = 0 }: NonNullable<Strength['mutants']>, floor: number): boolean {
  if (not_tried === 0 || total >= SMALL_SAMPLE) return false;
  let sum = 0;
  let term = (1 - floor) ** total;
  for (let k = 0; k <= killed; k++) {
    sum += term;
    term *= ((total - k) / (k + 1)) * (floor / Math.max(1 - floor, Number.EPSILON));
  }
  return sum > 0.1;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

function survivorsText({ survivors }: Strength): string {
  const some = survivors.slice(0, 6).map(({ file, line, description }) => `${file}:${line}: ${description}`);
  return some.length === 0 ? '' : `Not noticed: ${some.join('; ')}.`;
}

/** Waivers of outputs that were needed. */
export function waivedOutputs({ outputs = [] }: Strength, waivers: readonly Waiver[], top: string): AppliedWaiver[] {
  return outputs.flatMap((output): AppliedWaiver[] => {
    if (output.waived === undefined || !isUnchecked(output)) return [];
    const name = output.module === top ? output.output : `${output.module}.${output.output}`;
    const waiver = waivers.find((one) => one.kind === 'output' && one.name === name);
    return waiver === undefined ? [] : [{ ...waiver, why: 'no testbench fails when it is wrong' }];
  });
}
