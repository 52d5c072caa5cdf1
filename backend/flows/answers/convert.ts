// An answer's change of files in whatever shape it came, as sections that the patch applier takes. Nothing is guessed:
// what does not hold the whole intent comes back as sentences for the model.
import { parsePatch } from '@genrtl/core/patch/index.ts';
import type { FileSection } from '@genrtl/core/patch/index.ts';
import { codexPatch } from './codex-patch.ts';
import { jsonEdits } from './json-edits.ts';
import { searchReplace } from './search-replace.ts';
import { hasFile, leftOut, partOnly, wholeFile, workspacePath } from './sections.ts';
import type { Converted, Texts } from './sections.ts';
import { wholeFiles } from './whole-files.ts';

export type Shape = 'diff' | 'codex' | 'searchReplace' | 'json' | 'wholeFiles';

export function convertAnswer(answer: string, texts: Texts): ({ readonly shape: Shape } & Converted) | null {
  const codex = codexPatch(answer, texts);
  if (codex !== null) return { shape: 'codex', ...codex };
  const blocks = searchReplace(answer, texts);
  if (blocks !== null) return { shape: 'searchReplace', ...blocks };
  const diff = parsePatch(answer);
  const files = wholeFiles(answer, texts);
  if (diff.sections.length > 0 || diff.problems.length > 0) {
    // files beside a diff belong to the change; a block with a path of the diff shows it once more
    const named = new Set(diff.sections.flatMap(({ oldPath, newPath }) => [oldPath, newPath]));
    const further = (files?.sections ?? []).filter(({ newPath }) => !named.has(newPath));
    // what cannot be read of it is a part of the change too
    if (diff.problems.length > 0) return null;
    const { sections, problems } = withExisting(diff.sections, texts);
    return { shape: 'diff', sections: [...sections, ...further], problems };
  }
  const edits = jsonEdits(answer, texts);
  if (edits !== null) return { shape: 'json', ...edits };
  return files === null ? null : { shape: 'wholeFiles', ...files };
}

/** A file that is there, given as a new one: its whole text is replaced. One named without its folders gets them. */
function withExisting(sections: readonly FileSection[], texts: Texts): Converted {
  const problems: string[] = [];
  const mended = sections.map((section) => {
    const { newPath: path, oldPath } = section;
    if (section.kind === 'modify' && path !== null && path === oldPath && !hasFile(texts, path)) {
      const meant = workspacePath(path, texts);
      return hasFile(texts, meant) ? { ...section, oldPath: meant, newPath: meant } : section;
    }
    const lines = section.hunks.flatMap((hunk) => hunk.lines);
    if (section.kind !== 'create' || path === null || !hasFile(texts, path) || lines.length === 0) return section;
    if (lines.some((one) => one.kind !== 'add') || section.hunks.some((hunk) => hunk.missingLines !== undefined))
      return section;
    const text = lines.map((one) => `${one.text}\n`).join('');
    const cut = leftOut(text);
    const part = partOnly(path, text, texts);
    if (cut === undefined && part === undefined) return wholeFile(path, text, texts);
    problems.push(
      `${path}: ${part ?? `the file has parts left out (“${cut?.slice(0, 60) ?? ''}”)`}; give the whole file, or its changes only`,
    );
    return section;
  });
  return { sections: mended, problems };
}
