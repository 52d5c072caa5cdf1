// SEARCH/REPLACE blocks: the text to find must stand in the file once, as the hunk of a diff must.
import { hasFile, hunk, line, linesOf, onlyPath, pathIn, replacing, wholeFile, workspacePath } from './sections.ts';
import type { Converted, Texts } from './sections.ts';
import type { FileSection } from '@genrtl/core/patch/index.ts';

const SEARCH = /^(?:<{5,9}\s*(?:SEARCH|ORIGINAL|HEAD)?|-{5,9}\s*SEARCH)\s*([\w./@+-]*)\s*$/i;
const MIDDLE = /^={5,9}\s*$/;
const REPLACE = /^(?:>{5,9}\s*(?:REPLACE|UPDATED|MODIFIED)?\b.{0,80}|\+{5,9}\s*REPLACE\s*)$/i;
/** Line numbers before the text to find, and the rule below them. */
const NUMBERS = /^\s*:(?:start|end)_line:\s*\d*\s*$/;

/** Null where there is no such block. */
export function searchReplace(answer: string, texts: Texts): Converted | null {
  const lines = linesOf(answer);
  if (!lines.some((one) => SEARCH.test(one))) return null;
  const sections: FileSection[] = [];
  const problems: string[] = [];
  let path: string | undefined;
  for (let at = 0; at < lines.length; at += 1) {
    const text = lines[at] ?? '';
    const opened = SEARCH.exec(text);
    if (opened === null) {
      path = /^\s*[`~]{3}/.test(text)
        ? (pathIn(text.replace(/^\s*[`~]{3,}\w*/, '')) ?? path)
        : (pathIn(text) ?? onlyPath(text) ?? path);
      continue;
    }
    if (opened[1] !== undefined && opened[1] !== '') path = pathIn(opened[1]) ?? path;
    const middle = lines.findIndex((one, n) => n > at && MIDDLE.test(one));
    const end = lines.findIndex((one, n) => n > middle && REPLACE.test(one));
    if (middle < 0 || end < 0) {
      problems.push('the last SEARCH/REPLACE block is cut off: send it again whole, with ======= and >>>>>>> REPLACE');
      break;
    }
    const [old, now] = [withoutNumbers(lines.slice(at + 1, middle)), lines.slice(middle + 1, end)];
    at = end;
    if (path !== undefined) path = workspacePath(path, texts);
    if (path === undefined) {
      problems.push('a SEARCH/REPLACE block has no path: put the file’s path on a line of its own above it');
      continue;
    }
    if (old.some((one) => /^\|{5,9}/.test(one))) {
      problems.push(`${path}: a SEARCH/REPLACE block has three parts; give the text to find and the new text only`);
      continue;
    }
    if (old.every((one) => one.trim() === '')) {
      if (hasFile(texts, path))
        problems.push(
          `${path}: the SEARCH part is empty although the file exists; copy the lines to be replaced into it`,
        );
      else sections.push(wholeFile(path, now.join('\n'), texts));
      continue;
    }
    sections.push(
      replacing(path, [hunk([...old.map((one) => line('remove', one)), ...now.map((one) => line('add', one))])]),
    );
  }
  return { sections, problems };
}

function withoutNumbers(old: readonly string[]): readonly string[] {
  const first = old.findIndex((one) => !NUMBERS.test(one));
  return first > 0 ? old.slice(/^-{5,9}\s*$/.test(old[first] ?? '') ? first + 1 : first) : old;
}
