// Finds `path:line[:column]` in what tools print, in the shapes that EDA tools use.

export interface FileLink {
  readonly path: string;
  readonly line: number;
  readonly column: number | null;
  /** where the link stands in the text, from 0, end excluded */
  readonly start: number;
  readonly end: number;
}

/** An extension that an editor opens, and a line after it; `(12)` is how VCS, Questa and Quartus give one. */
const PLACE =
  /\.(?:svh?|vh?|vhdl?|tcl|sdc|xdc|ys|f|py|c|cc|cpp|h|md|txt|json|ya?ml|log)(?::(\d{1,7})(?::(\d{1,5}))?|\((\d{1,7})\)|", line (\d{1,7})|, line (\d{1,7}))/g;
const IN_PATH = /[\w./+-]/;
const MAX_PATH = 400;

export function fileLinks(text: string): FileLink[] {
  const links: FileLink[] = [];
  for (const match of text.matchAll(PLACE)) {
    const [whole, colon, column, bracket, quoted, word] = match;
    const line = Number(colon ?? bracket ?? quoted ?? word);
    // The name is walked back to, letter by letter: a pattern for it would try every start of a long line.
    let start = match.index;
    while (start > 0 && match.index - start < MAX_PATH && IN_PATH.test(text[start - 1] ?? '')) start -= 1;
    if (start === match.index || !(line >= 1)) continue;
    const extension = whole.slice(0, whole.search(/[:(",]/));
    links.push({
      path: text.slice(start, match.index) + extension,
      line,
      column: column === undefined ? null : Number(column),
      start,
      end: match.index + whole.length,
    });
  }
  return links;
}

/** Relative to the workspace; null for a file outside of it. */
export function workspaceFile(workspace: string, path: string): string | null {
  if (!path.startsWith('/')) {
    const parts: string[] = [];
    for (const part of path.split('/')) {
      if (part === '.' || part === '') continue;
      if (part !== '..') parts.push(part);
      else if (parts.pop() === undefined) return null;
    }
    return parts.join('/');
  }
  const root = workspace.endsWith('/') ? workspace : `${workspace}/`;
  return path.startsWith(root) ? path.slice(root.length) : null;
}
