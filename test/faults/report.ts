// The table of a measurement, by class of fault.
import { FAULT_CLASSES } from '@genrtl/eda/faults/index.ts';
import type { Measurement, Outcome } from './measure.ts';

/** Share of faults that the evidence has to lead to. */
export const GOAL = 0.95;
/** An engineer who has to look at so few places is well served. */
const EARLY = 3;

export const LEGEND = `Each fault is one change of a right design, drawn by the seed: the RTL of every package in \`resources/cbb\` with the package's own
bench, and the composed RTL of every sample in \`resources/samples\`. The tools run as in a job: lint, then simulation, then
simulation with a waveform; the evidence is built by the product's own builder. A change that neither linter nor bench
notices is no fault: it is counted under *unseen* and another one is drawn.

- *localised*: one of the first 3 errors of the bundle, or one of the at most 8 suspects that it lists, names the faulty line or a
  signal that the fault breaks (the signal assigned, declared or connected there). Only this column has a goal: ${100 * GOAL} %.
- *early*: the same, but only the first ${EARLY} suspects count. *by an error*: no suspect counts.
- *mended*: a model that sees nothing but the bundle can mend it: the fault is localised and its line stands in a snippet.`;

export interface ReportRow {
  readonly title: string;
  readonly faults: number;
  readonly unseen: number;
  readonly localised: number;
  readonly early: number;
  readonly byTool: number;
  readonly mended: number;
}

export const isLocalised = (outcome: Outcome): boolean => outcome.line || outcome.signal;

export const localisedShare = ({ outcomes }: Measurement): number =>
  outcomes.filter(isLocalised).length / Math.max(1, outcomes.length);

export function reportRows({ outcomes, unseen }: Measurement): ReportRow[] {
  const row = (title: string, some: readonly Outcome[], lost: number): ReportRow => ({
    title,
    faults: some.length,
    unseen: lost,
    localised: some.filter(isLocalised).length,
    byTool: some.filter((one) => one.byTool).length,
    early: some.filter((one) => one.byTool || (one.suspect ?? EARLY + 1) <= EARLY).length,
    mended: some.filter((one) => isLocalised(one) && one.shown).length,
  });
  const rows = FAULT_CLASSES.map((kind) =>
    row(
      kind,
      outcomes.filter((one) => one.fault.class === kind),
      unseen[kind],
    ),
  );
  return [
    ...rows,
    row(
      '**all**',
      outcomes,
      Object.values(unseen).reduce((sum, one) => sum + one, 0),
    ),
  ];
}

export function reportTable(measurement: Measurement): string {
  const share = (part: number, whole: number): string =>
    whole === 0 ? '–' : `${part} (${((100 * part) / whole).toFixed(1)} %)`;
  const { outcomes } = measurement;
  const shown = outcomes.map((one) => one.shownShare).sort((a, b) => a - b)[Math.floor(outcomes.length / 2)] ?? 0;
  return [
    '| class | faults | localised | early | by an error | mended | unseen |',
    '|---|---|---|---|---|---|---|',
    ...reportRows(measurement).map(
      (row) =>
        `| ${row.title} | ${row.faults} | ${share(row.localised, row.faults)} | ${share(row.early, row.faults)} | ${share(row.byTool, row.faults)} | ${share(row.mended, row.faults)} | ${row.unseen} |`,
    ),
    '',
    `${new Set(outcomes.map((one) => one.design)).size} designs; ${outcomes.filter((one) => one.by === 'lint').length} faults showed in lint, ${outcomes.filter((one) => one.by === 'sim').length} in simulation. The median bundle shows ${(100 * shown).toFixed(0)} % of its design's lines.`,
  ].join('\n');
}
