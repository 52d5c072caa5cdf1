// From a design to files, to the patch that brings them into a workspace, and back from a failure to its check.
import { createTwoFilesPatch } from 'diff';
import type { CheckRow, Design } from '../design.ts';
import { writeModule } from './module.ts';
import { benchPath, sourcePath } from './plan.ts';
import { writeTestbench } from './testbench.ts';

export { composePlan } from './plan.ts';

export interface ComposedFile {
  readonly path: string;
  readonly text: string;
}

/** `src/<module>.sv` and `tb/tb_<module>.sv`; the same design always gives the same bytes. */
export function composeFiles(design: Design): ComposedFile[] {
  return [
    { path: sourcePath(design), text: writeModule(design) },
    { path: benchPath(design), text: writeTestbench(design) },
  ];
}

/** Beyond so many differing lines a file is replaced as a whole: finding the least difference is not worth minutes. */
const MAX_EDITS = 2000;

/**
 * Unified diff that creates or changes the composed files; `existing` holds the workspace's texts by path.
 * Empty when every file is there already with the same text.
 */
export function composePatch(design: Design, existing: ReadonlyMap<string, string>): string {
  return composeFiles(design)
    .map(({ path, text }) => filePatch(path, existing.get(path), text))
    .join('');
}

function filePatch(path: string, before: string | undefined, after: string): string {
  if (before === after) return '';
  const [from, to] = [before === undefined ? '/dev/null' : `a/${path}`, `b/${path}`];
  const options = {
    context: 3,
    maxEditLength: MAX_EDITS,
    headerOptions: { includeIndex: false, includeUnderline: false, includeFileHeaders: true },
  };
  const patch =
    before === undefined || before === ''
      ? undefined
      : createTwoFilesPatch(from, to, before, after, undefined, undefined, options);
  return patch ?? replacement(from, to, before ?? '', after);
}

/** One hunk that takes all old lines away and puts all new ones in. */
function replacement(from: string, to: string, before: string, after: string): string {
  const [old, added] = [diffLines(before, '-'), diffLines(after, '+')];
  return `--- ${from}\n+++ ${to}\n@@ -${old.count === 0 ? 0 : 1},${old.count} +1,${added.count} @@\n${old.text}${added.text}`;
}

function diffLines(text: string, mark: '-' | '+'): { text: string; count: number } {
  if (text === '') return { text: '', count: 0 };
  const ended = text.endsWith('\n');
  const lines = (ended ? text.slice(0, -1) : text).split('\n');
  return {
    text: `${lines.map((line) => `${mark}${line}\n`).join('')}${ended ? '' : '\\ No newline at end of file\n'}`,
    count: lines.length,
  };
}

/** A check as evidence names it (EvidenceBundle.trace). */
export interface FailureTrace {
  readonly check_id: string;
  readonly spec_line: number;
  readonly text: string;
}

/** The Checks row that expects `signal` at the time of a `FAIL` line, in ns; undefined when no row does. */
export function traceFailure(design: Pick<Design, 'checks'>, signal: string, timeNs: number): FailureTrace | undefined {
  const timePs = Math.round(timeNs * 1000);
  const row: CheckRow | undefined = design.checks.find(
    (candidate) => candidate.timePs === timePs && candidate.expect.some(({ port }) => port === signal),
  );
  const value = row?.expect.find(({ port }) => port === signal);
  return row && value
    ? { check_id: row.id, spec_line: row.line, text: `cycle ${row.cycle} expects ${signal}=${value.text}` }
    : undefined;
}
