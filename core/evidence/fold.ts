// Folds findings that say the same, so that one fault in a loop or a generate block does not fill the bundle.
import type { Diagnostic } from '@genrtl/contracts';

/** Places that a folded finding lists beside its first one. */
const MAX_RELATED = 5;

interface Folded {
  readonly first: Diagnostic;
  count: number;
  last: Diagnostic;
  places: { file: string; line: number }[];
}

/** Keeps the order; the first of each kind stays, with the number of the others in its message. Linear. */
export function foldRepeats(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const kinds = new Map<string, Folded>();
  for (const diagnostic of diagnostics) {
    const key = kindOf(diagnostic);
    const known = kinds.get(key);
    if (known === undefined) {
      kinds.set(key, { first: diagnostic, count: 1, last: diagnostic, places: [] });
      continue;
    }
    known.count += 1;
    known.last = diagnostic;
    const { file, line } = diagnostic;
    const isNew =
      file !== undefined &&
      line !== undefined &&
      !(file === known.first.file && line === known.first.line) &&
      known.places.length < MAX_RELATED &&
      !known.places.some((place) => place.file === file && place.line === line);
    if (isNew) known.places.push({ file, line });
  }
  return [...kinds.values()].map(describe);
}

/** A FAIL line is of one kind with all others of its signal, whatever its time and values. */
function kindOf(diagnostic: Diagnostic): string {
  const signal = signalOf(diagnostic);
  if (signal !== null) return JSON.stringify([diagnostic.severity, 'signal', signal, scopeless(diagnostic)]);
  return JSON.stringify([diagnostic.severity, diagnostic.code, diagnostic.message.slice(0, 500)]);
}

function scopeless(diagnostic: Diagnostic): string {
  return `${diagnostic.code ?? ''}|${diagnostic.file ?? ''}|${diagnostic.line ?? ''}`;
}

/** `q` of `FAIL signal=q time=125`. */
export function signalOf(diagnostic: Diagnostic): string | null {
  return /(?:^|\s)signal=([^\s,;]{1,200})/.exec(diagnostic.message.slice(0, 500))?.[1] ?? null;
}

function describe(folded: Folded): Diagnostic {
  const { first, count, last, places } = folded;
  if (count === 1) return first;
  const until = last.time !== undefined && last.time !== first.time ? `, the last at ${last.time}` : '';
  const related = [...(first.related ?? []), ...places.map((place) => ({ ...place, message: 'the same' }))];
  return { ...first, message: `${first.message} (${count} times${until})`, ...(related.length > 0 ? { related } : {}) };
}
