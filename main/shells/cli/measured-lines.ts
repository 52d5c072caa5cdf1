// What a job measured of its testbenches, a line each: sample sizes, unchecked outputs, what nobody tried, what was
// waived.
import type { CheckedOutput, JobCheck, JobResult, ReferenceComparison, Strength } from '@genrtl/contracts';

export function measuredLines(result: JobResult): string[] {
  const { strength, untried, waivers, bench_changes: changes, interface: ports, reference, checks } = result;
  return [
    ...(checks ?? []).map(checkLine),
    ...(ports === null || ports.not_stated.length === 0
      ? []
      : [`interface: the specification does not state ${ports.not_stated.join(', ')}`]),
    ...(reference === null ? [] : [referenceLine(reference)]),
    ...(strength === null ? [] : strengthLines(strength)),
    ...untried.map(({ kind, name, why }) => `not measured: ${kind}:${name}: ${why}`),
    ...changes.map(
      ({ why, accepted }) =>
        `testbench changed: ${why}${accepted === null ? '' : ` (accepted by ${accepted === 'flag' ? '--accept-bench-changes' : 'you'})`}`,
    ),
    ...waivers.map(({ kind, name, reason, why }) => `waived: ${kind}:${name}: ${reason} (${why})`),
  ];
}

function checkLine({ name, verdict, waived, charged }: JobCheck): string {
  const old = verdict !== 'pass' && !charged ? ' (so before this job, and not charged to it)' : '';
  return `check ${name}: ${verdict}${waived === 0 ? '' : `, ${waived} findings waived`}${old}`;
}

const EQUIVALENCE: Readonly<Record<ReferenceComparison['equivalence'], string>> = {
  proved: 'and was proved the same for all inputs',
  not_proved: 'without a proof for all inputs',
  untried: 'a proof for all inputs could not be tried',
};

const referenceLine = ({ checks, random_cycles: cycles, equivalence }: ReferenceComparison): string =>
  `specification: does as its tables say in ${checks} rows of checks and ${cycles} random cycles, ${EQUIVALENCE[equivalence]}`;

function strengthLines(strength: Strength): string[] {
  const outputs = strength.outputs ?? [];
  const lines: string[] = [];
  if (outputs.length > 0) {
    const checked = outputs.filter((one) => one.variants.length > 0 && one.variants.every(({ caught }) => caught));
    lines.push(`outputs: ${checked.length} of ${outputs.length} looked at by the testbenches`);
    lines.push(...outputs.flatMap(outputLines));
  }
  if (strength.not_applicable) lines.push('mutants: not applicable, there is nothing to mutate');
  if (strength.mutants !== null) {
    const { killed, total, equivalent = 0, unreachable = 0, not_tried: left = 0 } = strength.mutants;
    const more = [
      ...(left > 0 ? [`${left} not tried`] : []),
      ...(equivalent > 0 ? [`${equivalent} proved to be the same design`] : []),
      ...(unreachable > 0 ? [`${unreachable} without a path to an output`] : []),
    ];
    lines.push(`mutants: ${[`killed ${killed} of ${total}`, ...more].join(', ')}`);
  }
  return lines;
}

function outputLines({ output, variants, bits, waived, earlier }: CheckedOutput): string[] {
  const missed = variants.filter(({ caught }) => !caught).map(({ variant }) => variant.replace('_', ' '));
  const lines: string[] = [];
  if (missed.length > 0) {
    const why = earlier ? ' (so before this job)' : waived === undefined ? '' : ` (waived: ${waived})`;
    lines.push(`  ${output}: no testbench notices when it is ${missed.join(' or ')}${why}`);
  } else if (bits !== undefined && bits.missed.length > 0) {
    const left = bits.width - bits.tried;
    lines.push(
      `  ${output}: ${bits.caught} of ${bits.tried} bits looked at${left > 0 ? `, ${left} not tried` : ''}; missed ${bits.missed.join(', ')}`,
    );
  }
  return lines;
}
