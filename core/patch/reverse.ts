// Turns a parsed patch round, so that applying it to the result gives the start.
import type { DiffLine, FileSection, Hunk, ParsedPatch, SectionKind } from './types.ts';

const OPPOSITE: Readonly<Record<SectionKind, SectionKind>> = {
  modify: 'modify',
  create: 'delete',
  delete: 'create',
  rename: 'rename',
  // the copy is what came into being, so it goes
  copy: 'delete',
};

/** Sections in reverse order with both sides exchanged. */
export function reversePatch(patch: ParsedPatch): ParsedPatch {
  return { problems: patch.problems, sections: [...patch.sections].reverse().map(reverseSection) };
}

function reverseSection(section: FileSection): FileSection {
  const kind = OPPOSITE[section.kind];
  return {
    ...section,
    kind,
    oldPath: section.newPath,
    newPath: section.kind === 'copy' ? null : section.oldPath,
    hunks: section.kind === 'copy' ? [] : section.hunks.map(reverseHunk),
  };
}

function reverseHunk(hunk: Hunk): Hunk {
  const turned = hunk.lines.map((line): DiffLine => ({ ...line, kind: turn(line.kind) }));
  return { ...hunk, oldStart: hunk.newStart, newStart: hunk.oldStart, lines: turned };
}

function turn(kind: DiffLine['kind']): DiffLine['kind'] {
  if (kind === 'context') return kind;
  return kind === 'add' ? 'remove' : 'add';
}
