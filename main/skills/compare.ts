// Compares any set of summaries: values side by side, deltas against the first, best and worst by direction, thresholds
// for CI.
import path from 'node:path';
import { BatchRecord, type ComparedMetric, type Comparison } from '@genrtl/contracts/skill-batch.ts';
import { GenrtlError } from '@genrtl/contracts';
import type { SkillSummary, MetricValue } from '@genrtl/contracts/skill-run.ts';
import { readJson } from '@genrtl/disk/records.ts';
import { findRunDir } from './run-dir.ts';
import { readVerifiedSummary } from './verified-summary.ts';

/** Whether a gate may pass: no rule is broken and no entry lacks its result. */
export const comparisonPasses = (comparison: Comparison): boolean =>
  comparison.breaches.length === 0 && comparison.missing.length === 0;

export interface CompareOptions {
  /** job ids or run directories, the first is the baseline */
  readonly runs: readonly string[];
  readonly runRoot: string;
  /** all done entries of this batch, after `runs` */
  readonly batch?: string | undefined;
  /** rules such as `wns>=0`, `cells<=1200` or `cells<=+5%` (against the baseline) */
  readonly thresholds?: readonly string[] | undefined;
}

interface Threshold {
  readonly text: string;
  readonly metric: string;
  readonly operator: '<=' | '>=' | '<' | '>' | '==';
  readonly bound: number;
  readonly relative: boolean;
}

/** Throws USAGE for a rule that cannot be read. */
export function parseThreshold(text: string): Threshold {
  const match = /^([a-z][a-z0-9_]*)\s*(<=|>=|==|<|>)\s*([+-]?\d+(?:\.\d+)?)\s*(%?)$/.exec(text.trim());
  const [, metric, operator, bound, percent] = match ?? [];
  if (metric === undefined || operator === undefined || bound === undefined) {
    throw new GenrtlError('USAGE', `'${text}' is no threshold.`, {
      hint: 'Write for example wns>=0, cells<=1200 or cells<=+5% (against the first run).',
    });
  }
  return {
    text: text.trim(),
    metric,
    operator: operator as Threshold['operator'],
    bound: Number(bound),
    relative: percent === '%',
  };
}

const HOLDS: Readonly<Record<Threshold['operator'], (value: number, bound: number) => boolean>> = {
  '<=': (value, bound) => value <= bound,
  '>=': (value, bound) => value >= bound,
  '<': (value, bound) => value < bound,
  '>': (value, bound) => value > bound,
  '==': (value, bound) => value === bound,
};

function extremes(
  values: readonly MetricValue['value'][],
  better: MetricValue['better'],
): { best: number[]; worst: number[] } {
  const numbers = values.filter((value): value is number => typeof value === 'number');
  if (better === 'none' || numbers.length < 2) return { best: [], worst: [] };
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  if (low === high) return { best: [], worst: [] };
  const at = (wanted: number): number[] => values.flatMap((value, index) => (value === wanted ? [index] : []));
  return better === 'lower' ? { best: at(low), worst: at(high) } : { best: at(high), worst: at(low) };
}

function comparedMetric(name: string, columns: readonly (MetricValue | undefined)[]): ComparedMetric | null {
  const first = columns.find((metric) => metric !== undefined);
  if (first === undefined) return null;
  const values = columns.map((metric) => metric?.value ?? null);
  const [base] = values;
  return {
    name,
    title: first.title,
    unit: first.unit,
    better: first.better,
    values,
    ...extremes(values, first.better),
    deltas: values.map((value) =>
      typeof value === 'number' && typeof base === 'number' ? Number((value - base).toPrecision(12)) : null,
    ),
  };
}

/** Pure part: summaries with their run directories in, comparison out. */
export function compareSummaries(
  columns: readonly { readonly summary: SkillSummary; readonly runDir: string }[],
  rules: readonly Threshold[],
): Comparison {
  const warnings: string[] = [];
  const skills = new Set(columns.map(({ summary }) => `${summary.skill.name} ${summary.skill.version}`));
  if (skills.size > 1) warnings.push(`different skills or versions are compared: ${[...skills].sort().join(', ')}`);
  const tools = new Set(columns.map(({ summary }) => `${summary.skill.host} ${summary.tool_version ?? 'unknown'}`));
  if (tools.size > 1) warnings.push(`different tool versions are compared: ${[...tools].sort().join(', ')}`);
  const names = [...new Set(columns.flatMap(({ summary }) => summary.metrics.map((metric) => metric.name)))];
  const metrics = names.flatMap((name) => {
    const found = columns.map(({ summary }) => summary.metrics.find((metric) => metric.name === name));
    const units = new Set(found.flatMap((metric) => (metric ? [metric.unit] : [])));
    if (units.size > 1) warnings.push(`${name} has different units: ${[...units].join(', ')}`);
    return comparedMetric(name, found) ?? [];
  });
  const breaches: Comparison['breaches'] = [];
  for (const rule of rules) {
    const metric = metrics.find((each) => each.name === rule.metric);
    columns.forEach(({ summary }, index) => {
      const value = metric?.values[index];
      const base = metric?.values[0];
      if (rule.relative && index === 0) return;
      // a metric that is not there breaks its rule: silence must not pass CI
      if (typeof value !== 'number' || (rule.relative && typeof base !== 'number')) {
        breaches.push({ metric: rule.metric, job_id: summary.job_id, value: null, rule: rule.text });
        return;
      }
      const bound = rule.relative && typeof base === 'number' ? base + (Math.abs(base) * rule.bound) / 100 : rule.bound;
      if (!HOLDS[rule.operator](value, bound))
        breaches.push({ metric: rule.metric, job_id: summary.job_id, value, rule: rule.text });
    });
  }
  return {
    schema_version: 1,
    metrics,
    breaches,
    missing: [],
    warnings,
    columns: columns.map(({ summary, runDir }) => ({
      job_id: summary.job_id,
      design: summary.design,
      skill: `${summary.skill.name} ${summary.skill.version}`,
      run_dir: runDir,
    })),
  };
}

async function batchRuns(
  batch: string,
  runRoot: string,
): Promise<{ readonly runs: string[]; readonly missing: Comparison['missing'] }> {
  const record = await readJson(path.join(runRoot, 'batches', path.basename(batch), 'batch.json'), BatchRecord);
  if (record === null) throw new GenrtlError('RUN_DIR_NOT_FOUND', `No batch '${batch}' below ${runRoot}.`);
  const done = record.entries.filter((entry) => entry.status === 'DONE' && entry.runs.length > 0);
  return {
    runs: done.flatMap((entry) => entry.runs.slice(-1)),
    missing: record.entries
      .filter((entry) => !done.includes(entry))
      .map(({ design, runs, status, error_type }) => ({ design, job_id: runs.at(-1) ?? null, status, error_type })),
  };
}

/**
 * Throws RUN_DIR_NOT_FOUND, SUMMARY_UNVERIFIED for a run that is not done or was changed since, USAGE for a bad
 * threshold or nothing to compare. Entries of the batch without a result are in `missing`: the comparison has failed.
 */
export async function compareRuns(options: CompareOptions): Promise<Comparison> {
  const rules = (options.thresholds ?? []).map(parseThreshold);
  const batch = options.batch === undefined ? null : await batchRuns(options.batch, options.runRoot);
  const runs = [...options.runs, ...(batch?.runs ?? [])];
  const missing = batch?.missing ?? [];
  if (runs.length === 0 && missing.length === 0)
    throw new GenrtlError('USAGE', 'There is nothing to compare.', {
      hint: 'Name at least one finished run, or a batch.',
    });
  const columns: { summary: SkillSummary; runDir: string }[] = [];
  for (const run of runs) {
    const dir = await findRunDir(run, options.runRoot);
    columns.push({ summary: await readVerifiedSummary(dir), runDir: dir.root });
  }
  return { ...compareSummaries(columns, rules), missing };
}
