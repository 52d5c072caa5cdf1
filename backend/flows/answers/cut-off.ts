// What stands of an answer that was cut off at its limit of tokens: the files that were whole by then. The last one
// never counts: nobody knows whether it is whole.
import { parsePatch } from '@genrtl/core/patch/index.ts';
import type { FileSection } from '@genrtl/core/patch/index.ts';
import { codexPatch } from './codex-patch.ts';
import { searchReplace } from './search-replace.ts';
import type { Texts } from './sections.ts';
import { wholeFiles } from './whole-files.ts';

export interface Standing {
  readonly sections: readonly FileSection[];
  /** the file in which it broke off, where that can be told */
  readonly brokeIn: string | null;
}

/** Null: nothing of it stands. */
export function standingOf(cut: string, texts: Texts): Standing | null {
  for (const shape of [codex, blocks, unified, fences]) {
    const found = shape(cut, texts);
    if (found !== null) return found.sections.length === 0 ? null : found;
  }
  return null;
}

type Shape = (cut: string, texts: Texts) => Standing | null;

const codex: Shape = (cut, texts) => {
  const at = cut.lastIndexOf('\n*** ');
  if (!/^\*\*\* (?:Add|Update|Delete) File: /m.test(cut)) return null;
  const last = /^\*\*\* (?:Add|Update|Delete) File: (.{1,500})$/m.exec(cut.slice(at + 1))?.[1]?.trim();
  const found = codexPatch(`${cut.slice(0, Math.max(at, 0))}\n*** End Patch\n`, texts);
  return whole(found?.sections ?? [], last ?? null);
};

const blocks: Shape = (cut, texts) => {
  if (!/^<{5,9}\s*(?:SEARCH|ORIGINAL|HEAD)/im.test(cut)) return null;
  // everything behind the last block that ends; whoever changes a file twice may be about to do so again
  const end = cut.lastIndexOf('\n>>>>>');
  const found = searchReplace(end < 0 ? '' : cut.slice(0, cut.indexOf('\n', end + 1) + 1 || cut.length), texts);
  const sections = found?.sections ?? [];
  const open = /^<{5,9}/m.test(cut.slice(Math.max(end, 0) + 1)) ? pathAbove(cut) : null;
  const last = open ?? sections.at(-1)?.newPath ?? null;
  return whole(found?.problems.length === 0 ? sections : [], last);
};

/** The file named above the last SEARCH block. */
function pathAbove(cut: string): string | null {
  const before = cut.slice(0, cut.search(/<{5,9}[^<]*$/));
  return /^[*#`\s]*([\w./@+-]+\.\w+)[*:`\s]*$/m.exec(before.split('\n').toReversed().join('\n'))?.[1] ?? null;
}

const unified: Shape = (cut) => {
  const { sections } = parsePatch(cut);
  if (sections.length === 0) return null;
  const last = sections.at(-1);
  return whole(sections.slice(0, -1), last?.newPath ?? last?.oldPath ?? null);
};

const fences: Shape = (cut, texts) => {
  // a fence that is open ends the search for files; what stands before it is whole
  const lines = cut.split('\n');
  const marks = lines.flatMap((line, at) => (/^ {0,3}(?:`{3,}|~{3,})/.test(line) ? [at] : []));
  const open = marks.length % 2 === 1 ? marks.at(-1) : undefined;
  const found = wholeFiles(open === undefined ? cut : lines.slice(0, open).join('\n'), texts);
  if (found === null || found.problems.length > 0) return null;
  const inside =
    open === undefined ? null : wholeFiles(`${lines.slice((marks.at(-2) ?? -1) + 1).join('\n')}\n\`\`\`\n`, texts);
  return whole(found.sections, inside?.sections.at(-1)?.newPath ?? null);
};

/** Without what is said of the file in which it broke off. */
function whole(sections: readonly FileSection[], brokeIn: string | null): Standing {
  return {
    sections: sections.filter(
      ({ newPath, oldPath }) => brokeIn === null || (newPath !== brokeIn && oldPath !== brokeIn),
    ),
    brokeIn,
  };
}
