// Finds `path:line[:column]` in what tools print, in the shapes that EDA tools use.

export interface FileLink {
  readonly path: string;
  readonly line: number;
  readonly column: number | null;
  /** where the link stands in the text, from 0, end excluded */
  readonly start: number;
  readonly end: number;
}

/** A name with an extension that an editor opens; `(12)` is how VCS, Questa and Quartus give a line. */
const PLACE = /((?:\/|\.{1,2}\/)?[\w.+-]+(?:\/[\w.+-]+)*\.(?:svh?|vh?|vhdl?|tcl|sdc|xdc|ys|f|py|c|cc|cpp|h|md|txt|json|ya?ml|log))(?::(\d{1,7})(?::(\d{1,5}))?|\((\d{1,7})\)|", line (\d{1,7})|, line (\d{1,7}))/g;

export function fileLinks(text: string): FileLink[] {
  const links: FileLink[] = [];
  for (const match of text.matchAll(PLACE)) {
    const [whole, path, colon, column, bracket, quoted, word] = match;
    const line = Number(colon ?? bracket ?? quoted ?? word);
    if (path === undefined || !(line >= 1)) continue;
    links.push({ path, line, column: column === undefined ? null : Number(column), start: match.index, end: match.index + whole.length });
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
