// Writes a file anew from its old lines and its placed hunks, keeping line endings and the last newline as they were.
import { dominantEol } from './file-lines.ts';
import type { Eol, FileLines } from './file-lines.ts';
import { tellsLineEndings } from './place.ts';
import type { HunkFault, PlacedHunk } from './place.ts';
import type { DiffLine } from './types.ts';

/** Replaces `remove` lines from index `at` by `add`. */
interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly add: readonly DiffLine[];
  readonly from: PlacedHunk;
}

export type Rewritten = { readonly text: string } | { readonly faults: readonly HunkFault[] };

/** Hunks may touch in context, never in what they change: then they answer for one another's place. */
export function rewrite(original: string, file: FileLines, placed: readonly PlacedHunk[]): Rewritten {
  const edits = placed.flatMap(editsOf).sort((a, b) => a.at - b.at || a.from.number - b.from.number);
  const faults = conflicts(file, placed, edits);
  if (faults.length > 0) return { faults };
  const out: { text: string; eol: Eol }[] = [];
  const fallback = dominantEol(file);
  const withCr = tellsLineEndings(placed.map((each) => each.hunk));
  let next = 0;
  for (const edit of edits) {
    for (; next < edit.at; next += 1) out.push({ text: file.texts[next] ?? '', eol: file.eols[next] ?? '\n' });
    edit.add.forEach((line, i) =>
      out.push({ text: line.text, eol: eolOfAdded(file, edit, i, line, withCr, fallback) }),
    );
    next = edit.at + edit.remove;
  }
  const touchedEnd = edits.at(-1);
  for (; next < file.texts.length; next += 1) out.push({ text: file.texts[next] ?? '', eol: file.eols[next] ?? '\n' });
  finishLastLine(out, file, touchedEnd, fallback);
  const text = out.map((line) => line.text + line.eol).join('');
  return { text: keepBom(original, text, placed) };
}

function editsOf(placed: PlacedHunk): Edit[] {
  const edits: Edit[] = [];
  let line = placed.start;
  let open: { at: number; remove: number; add: DiffLine[] } | null = null;
  const close = (): void => {
    if (open) edits.push({ ...open, from: placed });
    open = null;
  };
  for (const each of placed.hunk.lines) {
    if (each.kind === 'context') {
      close();
      line += 1;
      continue;
    }
    open ??= { at: line, remove: 0, add: [] };
    if (each.kind === 'add') {
      open.add.push(each);
    } else {
      open.remove += 1;
      line += 1;
    }
  }
  close();
  return edits;
}

function conflicts(file: FileLines, placed: readonly PlacedHunk[], edits: readonly Edit[]): HunkFault[] {
  const CONTEXT = 1;
  const REMOVED = 2;
  const marks = new Uint8Array(file.texts.length);
  const faults = new Map<number, HunkFault>();
  const clash = (number: number): void => {
    if (!faults.has(number)) {
      faults.set(number, {
        number,
        code: 'PATCH_HUNK_FAILED',
        message: 'it overlaps another hunk of this patch; merge the two',
      });
    }
  };
  for (const each of placed) {
    let line = each.start;
    for (const { kind } of each.hunk.lines) {
      if (kind === 'add') continue;
      const mark = marks[line] ?? 0;
      if (mark & REMOVED || (kind === 'remove' && mark & CONTEXT)) clash(each.number);
      marks[line] = mark | (kind === 'remove' ? REMOVED : CONTEXT);
      line += 1;
    }
  }
  edits.forEach((edit, i) => {
    const before = edits[i - 1];
    if (before && before.at === edit.at && before.from !== edit.from) clash(edit.from.number);
  });
  return [...faults.values()];
}

function eolOfAdded(file: FileLines, edit: Edit, index: number, line: DiffLine, withCr: boolean, fallback: Eol): Eol {
  if (line.noEol) return '';
  if (withCr && edit.from.exact) return line.cr ? '\r\n' : '\n';
  const neighbour = edit.remove > 0 ? edit.at + Math.min(index, edit.remove - 1) : edit.at > 0 ? edit.at - 1 : edit.at;
  return file.eols[neighbour] || fallback;
}

/**
 * Only the last line may lack its newline. A hunk that reached the old last line without saying a word about its
 * missing newline (`\ No newline at end of file`) leaves it missing.
 */
function finishLastLine(
  out: { text: string; eol: Eol }[],
  file: FileLines,
  last: Edit | undefined,
  fallback: Eol,
): void {
  out.forEach((line, i) => {
    if (line.eol === '' && i < out.length - 1) line.eol = fallback;
  });
  const end = out.at(-1);
  if (!end || !last || file.eols.at(-1) !== '') return;
  const old = last.from.hunk.lines.filter((line) => line.kind !== 'add');
  const reachedEnd = last.from.start + old.length === file.texts.length;
  const replacesEnd = last.at + last.remove === file.texts.length && last.add.length > 0;
  if (reachedEnd && replacesEnd && !old.at(-1)?.noEol && !last.from.hunk.lines.some((line) => line.noEol)) end.eol = '';
}

/** A byte order mark that the diff did not show stays. */
function keepBom(original: string, text: string, placed: readonly PlacedHunk[]): string {
  const BOM = '\ufeff';
  if (!original.startsWith(BOM) || text.startsWith(BOM) || text === '') return text;
  const shown = placed.some((each) => each.hunk.lines.some((line) => line.kind !== 'add' && line.text.startsWith(BOM)));
  return shown ? text : BOM + text;
}
