// Places in the words of an answer: `path/file.sv:12`, `file.sv:12-20`. They are shown as links once they were found to
// exist.

export interface FoundCitation {
  readonly path: string;
  readonly line: number;
  /** in the text */
  readonly from: number;
  readonly to: number;
}

/** A name with an ending, a colon and a number; linear, since no two parts can match the same letters in two ways. */
const PLACE = /(?<![\w./:-])([\w$+-]{1,128}(?:[./][\w$+-]{1,128}){1,32}):(\d{1,7})(?:-\d{1,7})?(?![\w.:]*\w)/g;
/** `10.0.0.1:80` and `v1.2:3` are none. */
const ENDING = /\.[A-Za-z][A-Za-z0-9]{0,7}$/;

export function findCitations(text: string): FoundCitation[] {
  const found: FoundCitation[] = [];
  for (const match of text.matchAll(PLACE)) {
    const [whole, path = '', line = ''] = match;
    if (!ENDING.test(path) || path.split('/').includes('..')) continue;
    found.push({ path, line: Number(line), from: match.index, to: match.index + whole.length });
  }
  return found;
}

/**
 * The workspace's file that a citation means: its path, or the end of exactly one path. Null when there is none, or
 * when several could be meant.
 */
export function citedFile(path: string, files: readonly string[]): string | null {
  if (files.includes(path)) return path;
  const matching = files.filter((file) => file.endsWith(`/${path}`));
  return matching.length === 1 ? (matching[0] ?? null) : null;
}
