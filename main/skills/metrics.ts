// Typed metrics out of reports, each with the line that it came from. One pass over a report serves all its metrics.
import path from 'node:path';
import type { MetricSpec } from '@genrtl/contracts/skill-contract.ts';
import type { MetricValue } from '@genrtl/contracts/skill-run.ts';
import { SkillFault } from './fault.ts';
import { readJsonReport } from './json-report.ts';
import { parseReportNumber, reportLines } from './report-lines.ts';
import type { RunDir } from './run-dir.ts';

type PatternSpec = Extract<MetricSpec, { pattern: string }>;
type Value = NonNullable<MetricValue['value']>;

interface Match {
  readonly value: Value;
  readonly line: number;
  readonly text: string;
}

function typed(raw: string, spec: MetricSpec): Value | null {
  if (spec.type === 'string') return raw.trim();
  const number = parseReportNumber(raw);
  if (number === null) return null;
  // scaled values are rounded to what a double carries exactly, so that two runs print the same
  const scaled = spec.scale === undefined ? number : Number((number * spec.scale).toPrecision(15));
  return spec.type === 'integer' && !Number.isInteger(scaled) ? null : scaled;
}

/** Folds the matches of one pattern as its `pick` says; sums and extremes keep the line of the deciding match. */
function folder(spec: PatternSpec): {
  add(match: RegExpExecArray, line: number, text: string): void;
  result(): Match | null;
} {
  let kept: Match | null = null;
  let total = 0;
  return {
    add: (match, line, text) => {
      if (spec.pick === 'first' && kept) return;
      const value = spec.pick === 'count' ? 1 : typed(match[1] ?? '', spec);
      if (value === null) return;
      if (typeof value === 'number' && (spec.pick === 'sum' || spec.pick === 'count')) {
        total += value;
        kept = { value: Number(total.toPrecision(15)), line: kept?.line ?? line, text: kept?.text ?? text };
        return;
      }
      const worse =
        kept && ((spec.pick === 'min' && value >= kept.value) || (spec.pick === 'max' && value <= kept.value));
      if (!worse) kept = { value, line, text };
    },
    result: () => kept ?? (spec.pick === 'count' ? { value: 0, line: 1, text: '' } : null),
  };
}

async function fromLines(file: string, specs: readonly PatternSpec[]): Promise<(Match | null)[]> {
  const readers = specs.map((spec) => ({ pattern: new RegExp(spec.pattern), folder: folder(spec) }));
  for await (const line of reportLines(file)) {
    for (const reader of readers) {
      const match = reader.pattern.exec(line.text);
      if (match) reader.folder.add(match, line.number, line.text.trim().slice(0, 400));
    }
  }
  return readers.map((reader) => reader.folder.result());
}

async function fromJson(
  file: string,
  specs: readonly Extract<MetricSpec, { pointer: string }>[],
): Promise<(Match | null)[]> {
  const report = await readJsonReport(file);
  return specs.map((spec) => {
    const found = report.at(spec.pointer);
    if (found === null || (typeof found.value !== 'number' && typeof found.value !== 'string')) return null;
    const value = typed(String(found.value), spec);
    return value === null ? null : { value, line: found.line, text: found.text };
  });
}

/**
 * All metrics in the order of metrics.yaml. Throws METRIC_MISSING naming every required one that its report does not
 * hold.
 */
export async function readMetrics(dir: RunDir, specs: readonly MetricSpec[]): Promise<MetricValue[]> {
  const found = new Map<MetricSpec, Match | null>();
  for (const report of new Set(specs.map((spec) => spec.report))) {
    const file = path.join(dir.root, report);
    const patterns = specs.filter((spec): spec is PatternSpec => spec.report === report && 'pattern' in spec);
    const pointers = specs.filter(
      (spec): spec is Extract<MetricSpec, { pointer: string }> => spec.report === report && 'pointer' in spec,
    );
    const collect = async <S extends MetricSpec>(
      list: readonly S[],
      read: (file: string, list: readonly S[]) => Promise<(Match | null)[]>,
    ): Promise<void> => {
      if (list.length === 0) return;
      const matches = await read(file, list).catch(() => list.map(() => null));
      list.forEach((spec, index) => found.set(spec, matches[index] ?? null));
    };
    await collect(patterns, fromLines);
    await collect(pointers, fromJson);
  }
  const missing = specs.filter((spec) => spec.required && (found.get(spec) ?? null) === null);
  if (missing.length > 0) {
    throw new SkillFault(
      'METRIC_MISSING',
      `Not found: ${missing.map((spec) => `${spec.name} in ${spec.report}`).join(', ')}.`,
      [...new Set(missing.map((spec) => spec.report))],
    );
  }
  return specs.map((spec) => {
    const match = found.get(spec) ?? null;
    return {
      name: spec.name,
      title: spec.title,
      type: spec.type,
      value: match?.value ?? null,
      unit: spec.unit,
      better: spec.better,
      evidence: match ? { path: spec.report, line: match.line, text: match.text } : null,
    };
  });
}
