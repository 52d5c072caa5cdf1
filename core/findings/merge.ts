// Many lists of findings as one: without repetitions, errors first, then by file and line.
import type { Diagnostic } from '@genrtl/contracts';

type Findings = readonly Diagnostic[];

const RANK = { error: 0, warning: 1, info: 2 } as const;
const byName = new Intl.Collator().compare;

const identity = ({ tool, severity, code, file, line, column, time, message }: Diagnostic): string =>
  `${tool}\0${severity}\0${code ?? ''}\0${file ?? ''}\0${line ?? ''}\0${column ?? ''}\0${time ?? ''}\0${message}`;

/**
 * Each file's place in the order of names, so that thousands of findings are not compared by name. One without a file
 * comes last.
 */
function fileOrder(findings: Findings): (file: string | undefined) => number {
  const names = new Set<string>();
  for (const { file } of findings) if (file !== undefined) names.add(file);
  const places = new Map([...names].sort(byName).map((name, at) => [name, at]));
  return (file) => (file === undefined ? undefined : places.get(file)) ?? names.size;
}

export function mergeFindings(lists: readonly Findings[]): Diagnostic[] {
  const all = lists.flat();
  const placeOf = fileOrder(all);
  const placed = all
    .map((found) => ({ found, rank: RANK[found.severity], file: placeOf(found.file), line: found.line ?? 0 }))
    .sort((a, b) => a.rank - b.rank || a.file - b.file || a.line - b.line);
  // what is equal stands in one place, and in most places stands one finding
  let seen = new Set<string>();
  return placed
    .filter(({ found, rank, file, line }, at) => {
      const [before, after] = [placed[at - 1], placed[at + 1]];
      const joins = (other: typeof before): boolean =>
        other?.rank === rank && other.file === file && other.line === line;
      if (!joins(before)) seen = new Set();
      if (!joins(before) && !joins(after)) return true;
      const size = seen.size;
      return seen.add(identity(found)).size > size;
    })
    .map(({ found }) => found);
}
