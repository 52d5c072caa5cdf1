// Patches between `*** Begin Patch` and `*** End Patch`: whole new files, deletions, and hunks without numbers.
import { deleting, hunk, line, linesOf, replacing, wholeFile, workspacePath } from './sections.ts';
import type { Converted, Texts } from './sections.ts';
import type { DiffLine, FileSection, Hunk } from '@genrtl/core/patch/index.ts';

const FILE = /^\*\*\* (Add|Update|Delete) File: (.{1,500})$/;

/** Null where there is no such patch. */
export function codexPatch(answer: string, texts: Texts): Converted | null {
  const lines = linesOf(answer);
  const first = lines.findIndex((one) => FILE.test(one));
  if (first < 0) return null;
  const begun = lines.some((one) => one.startsWith('*** Begin Patch'));
  const problems: string[] = [];
  if (begun && !lines.some((one) => one.startsWith('*** End Patch')))
    problems.push('the patch has no “*** End Patch”, so it may be cut off: send it again whole');
  const sections: FileSection[] = [];
  for (let at = first; at < lines.length; ) {
    const found = FILE.exec(lines[at] ?? '');
    if (found === null) {
      at += 1;
      continue;
    }
    const path = workspacePath(found[2] ?? '', texts);
    let end = at + 1;
    while (end < lines.length && !/^\*\*\* (?:Add|Update|Delete) File: |^\*\*\* End Patch/.test(lines[end] ?? ''))
      end += 1;
    const body = lines.slice(at + 1, end).filter((one) => one !== '*** End of File' && !/^\s*```\s*$/.test(one));
    at = end;
    if (found[1] === 'Delete') sections.push(deleting(path));
    else if (found[1] === 'Add') {
      const bare = body.find((one) => one.trim() !== '' && !one.startsWith('+'));
      if (bare === undefined) sections.push(wholeFile(path, body.map((one) => `${one.slice(1)}\n`).join(''), texts));
      else problems.push(`${path}: every line of a new file starts with “+”, “${bare.trim().slice(0, 60)}” does not`);
    } else {
      const moved = body
        .find((one) => one.startsWith('*** Move to: '))
        ?.slice('*** Move to: '.length)
        .trim();
      const hunks = hunksOf(body.filter((one) => !one.startsWith('*** Move to: ')));
      sections.push(
        moved === undefined ? replacing(path, hunks) : { ...replacing(path, hunks), kind: 'rename', newPath: moved },
      );
    }
  }
  return { sections, problems };
}

function hunksOf(body: readonly string[]): Hunk[] {
  const hunks: Hunk[] = [];
  let lines: DiffLine[] = [];
  const close = (): void => {
    if (lines.some((one) => one.kind !== 'context')) hunks.push(hunk(lines));
    lines = [];
  };
  for (const one of body) {
    if (one.startsWith('@@')) close();
    else
      lines.push(
        line(
          one.startsWith('+') ? 'add' : one.startsWith('-') ? 'remove' : 'context',
          /^[ +-]/.test(one) ? one.slice(1) : one,
        ),
      );
  }
  close();
  return hunks;
}
