// Hunks whose lines are the file's but for their indentation: tabs for blanks, or all shifted by as much. Where such a
// hunk fits one place only, its old lines become those of the file and its new lines are indented alike.
import type { DiffLine, FileSection, Hunk } from '@genrtl/core/patch/index.ts';
import { linesOf } from './sections.ts';
import type { Texts } from './sections.ts';

/** Lines compared for one answer. */
const MAX_COMPARED = 5_000_000;

/** Null when nothing changes by it. */
export function fittedIndentation(sections: readonly FileSection[], texts: Texts): FileSection[] | null {
  let left = MAX_COMPARED;
  let changed = false;
  const fitted = sections.map((section) => {
    const text = section.kind === 'modify' && section.oldPath !== null ? texts[section.oldPath] : undefined;
    if (text === undefined) return section;
    const lines = linesOf(text);
    const hunks = section.hunks.map((hunk) => {
      left -= lines.length;
      const next = left > 0 ? fittedHunk(hunk, lines) : null;
      changed ||= next !== null;
      return next ?? hunk;
    });
    return { ...section, hunks };
  });
  return changed ? fitted : null;
}

function fittedHunk(hunk: Hunk, lines: readonly string[]): Hunk | null {
  const old = hunk.lines.filter((one) => one.kind !== 'add');
  if (old.every((one) => one.text.trim() === '')) return null;
  const keys = old.map((one) => one.text.trim());
  const places = placesOf(keys, lines);
  const [start] = places;
  if (places.length !== 1 || start === undefined) return null;
  const there = lines.slice(start, start + old.length);
  if (there.every((text, n) => text === old[n]?.text)) return null;
  const indent = indentOf(old, there);
  if (indent === null) return null;
  let at = start;
  const next: DiffLine[] = [];
  for (const one of hunk.lines) {
    if (one.kind === 'add') {
      const text = indent(one.text);
      if (text === null) return null;
      next.push({ ...one, text });
    } else {
      next.push({ ...one, text: lines[at] ?? '' });
      at += 1;
    }
  }
  return { ...hunk, lines: next };
}

function placesOf(keys: readonly string[], lines: readonly string[]): number[] {
  const places: number[] = [];
  for (let start = 0; start + keys.length <= lines.length && places.length < 2; start += 1)
    if (keys.every((key, n) => lines[start + n]?.trim() === key)) places.push(start);
  return places;
}

const leading = (text: string): string => /^[ \t]*/.exec(text)?.[0] ?? '';
const widthOf = (indent: string, tab: number): number =>
  [...indent].reduce((width, char) => width + (char === '\t' ? tab : 1), 0);

/** How the file indents what the answer indents so; null when no one rule says it for every line that both have. */
function indentOf(old: readonly DiffLine[], there: readonly string[]): ((text: string) => string | null) | null {
  const pairs = old.flatMap((one, n) =>
    one.text.trim() === '' ? [] : [{ given: leading(one.text), own: leading(there[n] ?? '') }],
  );
  const known = new Map(pairs.map(({ given, own }) => [given, own]));
  if (pairs.some(({ given, own }) => known.get(given) !== own)) return null;
  const usesTabs = pairs.some(({ own }) => own.includes('\t'));
  for (const tab of [4, 2, 8, 3]) {
    const shifts = new Set(pairs.map(({ given, own }) => widthOf(own, tab) - widthOf(given, tab)));
    const [shift] = shifts;
    if (shifts.size !== 1 || shift === undefined) continue;
    return (text) => {
      if (text.trim() === '') return text;
      const exact = known.get(leading(text));
      const width = widthOf(leading(text), tab) + shift;
      if (exact === undefined && width < 0) return null;
      const indent =
        exact ?? (usesTabs ? '\t'.repeat(Math.floor(width / tab)) + ' '.repeat(width % tab) : ' '.repeat(width));
      return indent + text.trimStart();
    };
  }
  return null;
}
