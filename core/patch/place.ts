// Decides where each hunk of one file belongs. A place must be the only one, or the one that right numbers name.
// Forgiven: drifted or wrong numbers and counts, white space at line ends, line endings, a missing last newline.
import { LineIndex } from './file-lines.ts';
import type { FileLines, WorkBudget } from './file-lines.ts';
import type { DiffLine, Hunk, PatchCode } from './types.ts';

export interface PlacedHunk {
  readonly hunk: Hunk;
  /** from 1 within the section */
  readonly number: number;
  /** index of the first line that the hunk names, from 0 */
  readonly start: number;
  /** exact: every old line agreed, with its line ending when the diff tells line endings */
  readonly exact: boolean;
}

export interface HunkFault {
  readonly number: number;
  readonly code: Extract<PatchCode, 'PATCH_AMBIGUOUS' | 'PATCH_HUNK_FAILED'>;
  readonly message: string;
}

/** Beyond these a patch is beyond help: the rest is not looked at. */
const MAX_FAULTS = 100;
const MAX_EXPLAINED = 20;

export interface Placement {
  readonly placed: readonly PlacedHunk[];
  readonly faults: readonly HunkFault[];
}

export function oldSide(hunk: Hunk): DiffLine[] {
  return hunk.lines.filter((line) => line.kind !== 'add');
}

/** True when the diff itself carries CR, so that it says which lines end in CR LF. */
export function tellsLineEndings(hunks: readonly Hunk[]): boolean {
  return hunks.some((hunk) => hunk.lines.some((line) => line.cr));
}

interface Keys {
  readonly exact: (text: string, cr: boolean, noEol: boolean) => string;
  readonly loose: (text: string) => string;
}

export function placeHunks(file: FileLines, hunks: readonly Hunk[], budget: WorkBudget): Placement {
  const withCr = tellsLineEndings(hunks);
  const keys: Keys = {
    // NUL cannot stand in a text file, so it marks the endings without doubt
    exact: (text, cr, noEol) => `${text}${withCr && cr ? '\0r' : ''}${noEol ? '\0e' : ''}`,
    loose: (text) => (text.startsWith('\ufeff') ? text.slice(1) : text).trimEnd(),
  };
  const exactIndex = new LineIndex(
    file.texts.map((text, i) => keys.exact(text, file.eols[i] === '\r\n', file.eols[i] === '')),
  );
  let looseIndex: LineIndex | undefined;
  const getLoose = (): LineIndex => (looseIndex ??= new LineIndex(file.texts.map(keys.loose)));

  const candidates = hunks.map((hunk, i) => candidate(hunk, i + 1, keys, exactIndex, getLoose, budget));
  // one hunk that sits elsewhere than it says shows that nobody counted lines: then no number decides anything
  const numbersHold = candidates.every((each) => each.stated !== null) && numbersAgree(hunks);
  const placed: PlacedHunk[] = [];
  const faults: HunkFault[] = [];
  for (const each of candidates) {
    const result =
      settle(each, numbersHold, exactIndex, getLoose, budget) ??
      otherReading(each.hunk, (hunk) =>
        settle(
          candidate(hunk, each.number, keys, exactIndex, getLoose, budget),
          numbersHold,
          exactIndex,
          getLoose,
          budget,
        ),
      );
    if (result === null) {
      faults.push({
        number: each.number,
        code: 'PATCH_HUNK_FAILED',
        message:
          faults.length < MAX_EXPLAINED ? mismatch(each, file, getLoose()) : 'the context does not match the file',
      });
    } else if ('code' in result) faults.push(result);
    else placed.push(result);
    if (faults.length >= MAX_FAULTS) break;
  }
  return { placed, faults };
}

/**
 * True when each hunk's new start is its old start moved by what the hunks before it add and remove, as every diff tool
 * counts.
 */
function numbersAgree(hunks: readonly Hunk[]): boolean {
  let moved = 0;
  return hunks.every((hunk) => {
    if (hunk.oldStart === null || hunk.newStart === null) return false;
    const old = oldSide(hunk).length;
    const now = hunk.lines.filter((line) => line.kind !== 'remove').length;
    // a side of no lines is numbered by the line before it
    const agrees = hunk.newStart + (now === 0 ? 1 : 0) === hunk.oldStart + (old === 0 ? 1 : 0) + moved;
    moved += now - old;
    return agrees;
  });
}

interface Candidate {
  readonly hunk: Hunk;
  readonly number: number;
  readonly exactIds: readonly number[] | null;
  readonly looseIds: () => readonly number[] | null;
  /** how the hunk fits where its header says, or null */
  readonly stated: 'exact' | 'loose' | null;
  readonly old: readonly DiffLine[];
}

/** Many answers leave out the space that marks a context line; an indented one then looks indented by one less. */
function looseForms(line: DiffLine, keys: Keys): string[] {
  const own = keys.loose(line.text);
  return line.kind === 'context' && own !== '' ? [own, keys.loose(` ${line.text}`)] : [own];
}

function candidate(
  hunk: Hunk,
  number: number,
  keys: Keys,
  exact: LineIndex,
  getLoose: () => LineIndex,
  budget: WorkBudget,
): Candidate {
  const old = oldSide(hunk);
  const exactIds = exact.translate(old.map((line) => [keys.exact(line.text, line.cr, line.noEol)]));
  let ids: readonly number[] | null | undefined;
  const looseIds = (): readonly number[] | null => {
    if (ids === undefined) ids = getLoose().translate(old.map((line) => looseForms(line, keys)));
    return ids;
  };
  let stated: Candidate['stated'] = null;
  if (hunk.oldStart !== null && old.length > 0) {
    const start = hunk.oldStart - 1;
    if (exactIds && exact.matchesAt(exactIds, start, budget)) {
      stated = 'exact';
    } else {
      const loose = looseIds();
      if (loose && getLoose().matchesAt(loose, start, budget)) stated = 'loose';
    }
  }
  return { hunk, number, exactIds, looseIds, stated, old };
}

/** As many blank lines as a hunk may carry behind its last line by mistake. */
const MAX_BLANK_TAIL = 3;

/**
 * A hunk that fits nowhere as it was read: without a list of prose behind its counts, and without the blank lines at
 * its end, one of which is often the answer's own last line break. Null when that fits nowhere either.
 */
function otherReading(hunk: Hunk, place: (hunk: Hunk) => PlacedHunk | HunkFault | null): PlacedHunk | null {
  const { counted, ...plain } = hunk;
  for (const start of counted === undefined ? [plain] : [{ ...plain, lines: counted, countsExact: true }, plain]) {
    let reading: Hunk = start;
    for (let cut = 0; cut <= MAX_BLANK_TAIL; cut += 1) {
      if (reading.lines.length === 0) break;
      // as it was read it has been tried
      const placed = reading === plain ? null : place(reading);
      if (placed !== null && !('code' in placed)) return placed;
      const last = reading.lines.at(-1);
      if (placed !== null || last?.kind !== 'context' || last.text.trim() !== '') break;
      reading = { ...reading, lines: reading.lines.slice(0, -1), countsExact: false };
    }
  }
  return null;
}

/** Null: it fits nowhere. */
function settle(
  each: Candidate,
  numbersHold: boolean,
  exact: LineIndex,
  getLoose: () => LineIndex,
  budget: WorkBudget,
): PlacedHunk | HunkFault | null {
  const { hunk, number, stated } = each;
  const at = (start: number, isExact: boolean): PlacedHunk => ({ hunk, number, start, exact: isExact });
  const fault = (code: HunkFault['code'], message: string): HunkFault => ({ number, code, message });
  const statedStart = (hunk.oldStart ?? 0) - 1;
  const trusted = numbersHold && hunk.countsExact;
  if (hunk.lines.length === 0) return fault('PATCH_HUNK_FAILED', 'the hunk is empty');
  if (each.old.length === 0) {
    return exact.size === 0
      ? at(0, true)
      : fault(
          'PATCH_AMBIGUOUS',
          'the hunk has no context line, so its place is a guess; give at least three lines around the change',
        );
  }
  if (trusted && stated === 'exact') return at(statedStart, true);

  const exactPlaces = each.exactIds ? exact.find(each.exactIds, 2, budget) : [];
  const [first] = exactPlaces;
  if (exactPlaces.length === 1 && first !== undefined) {
    return trusted && stated === 'loose'
      ? fault(
          'PATCH_AMBIGUOUS',
          `it fits at line ${statedStart + 1} but for white space, and at line ${first + 1} exactly`,
        )
      : at(first, true);
  }
  if (exactPlaces.length > 1) return fault('PATCH_AMBIGUOUS', severalPlaces(exactPlaces));
  if (trusted && stated === 'loose') return at(statedStart, false);

  const looseIds = each.looseIds();
  const loosePlaces = looseIds ? getLoose().find(looseIds, 2, budget) : [];
  const [only] = loosePlaces;
  if (loosePlaces.length > 1) return fault('PATCH_AMBIGUOUS', severalPlaces(loosePlaces));
  if (budget.spent)
    return fault('PATCH_HUNK_FAILED', 'placing the hunks took too much work; send fewer and more distinct hunks');
  return only === undefined ? null : at(only, false);
}

function severalPlaces(places: readonly number[]): string {
  return `it fits equally at lines ${places.map((place) => place + 1).join(' and ')}; give more context lines`;
}

/** Says which line does not agree, measured where the hunk agrees best near the place that it names. */
function mismatch(each: Candidate, file: FileLines, index: LineIndex): string {
  const { hunk, old } = each;
  const added = hunk.lines.filter((line) => line.kind === 'add').map((line) => [line.text.trimEnd()]);
  const here = (start: number): number =>
    old.reduce((sum, line, i) => sum + (agrees(line, file, start + i) ? 1 : 0), 0);
  const anchor = (hunk.oldStart ?? 1) - 1;
  let best = Math.max(0, Math.min(anchor, file.texts.length - 1));
  let bestScore = -1;
  // a message is worth a short look only
  const reach = Math.min(2000, Math.floor(200_000 / old.length));
  for (let start = Math.max(0, anchor - reach); start <= Math.min(file.texts.length - 1, anchor + reach); start += 1) {
    const score = here(start);
    if (score > bestScore || (score === bestScore && Math.abs(start - anchor) < Math.abs(best - anchor))) {
      [best, bestScore] = [start, score];
    }
  }
  const odd = old.findIndex((line, i) => !agrees(line, file, best + i));
  const wanted = old[odd < 0 ? 0 : odd]?.text ?? '';
  const found = file.texts[best + Math.max(odd, 0)];
  const present = found === undefined ? 'the file ends before it' : `the file has ${quote(found)}`;
  const done = added.length > 0 && index.translate(added) !== null ? '; the added lines stand in the file already' : '';
  return `the hunk expects ${quote(wanted)} at line ${best + Math.max(odd, 0) + 1}, ${present}${done}`;
}

function agrees(line: DiffLine, file: FileLines, at: number): boolean {
  return file.texts[at]?.trimEnd() === line.text.trimEnd();
}

/** A line as a message shows it: bounded, control characters made visible. */
function quote(text: string): string {
  const short = text.length > 120 ? `${text.slice(0, 120)}…` : text;
  return JSON.stringify(short);
}
