// Finds where diffs can stand in an answer: code fences of any number, or bare text between prose.

export interface SourceLine {
  /** without line ending; a trailing CR stays until the transport's line ending is known */
  readonly text: string;
  /** line in the answer, from 1 */
  readonly no: number;
}

export interface Region {
  readonly fenced: boolean;
  /** the answer ends in it, without a closing fence */
  readonly open: boolean;
  readonly lines: readonly SourceLine[];
}

interface Fence {
  readonly indent: number;
  readonly mark: string;
}

/** Splits an answer into fenced and unfenced stretches, in order. Linear in the length of the text. */
export function splitRegions(text: string): Region[] {
  const regions: Region[] = [];
  let lines: SourceLine[] = [];
  let fence: Fence | null = null;
  let sawHeader = false;
  let no = 0;
  const flush = (fenced: boolean, open = false): void => {
    if (lines.length > 0) regions.push({ fenced, open, lines: unwrapTransport(lines) });
    lines = [];
    sawHeader = false;
  };
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  const body = plain.endsWith('\n') ? plain.slice(0, -1) : plain;
  for (const raw of body.split('\n')) {
    no += 1;
    if (fence === null) {
      const opened = openingFence(raw);
      // inside a bare diff an indented fence is a context line of a Markdown file
      if (opened !== null && (opened.indent === 0 || !sawHeader)) {
        flush(false);
        fence = opened;
        continue;
      }
      if (raw.startsWith('+++ ')) sawHeader = true;
      lines.push({ text: raw, no });
      continue;
    }
    const line = dedent(raw, fence.indent);
    if (closesFence(line, fence)) {
      flush(true);
      fence = null;
      continue;
    }
    lines.push({ text: line, no });
  }
  flush(fence !== null, true);
  return regions;
}

function openingFence(line: string): Fence | null {
  const found = /^( *)(`{3,}|~{3,})[^`]*$/.exec(line.length > 200 ? line.slice(0, 200) : line);
  const [, spaces, mark] = found ?? [];
  return spaces === undefined || mark === undefined ? null : { indent: spaces.length, mark };
}

function closesFence(line: string, fence: Fence): boolean {
  return line.startsWith(fence.mark) && line.trimEnd().replaceAll(fence.mark[0] ?? '`', '') === '';
}

/** A fence inside a list is indented, and so is what it holds (CommonMark 4.5). */
function dedent(line: string, indent: number): string {
  let at = 0;
  while (at < indent && line[at] === ' ') at += 1;
  return at === 0 ? line : line.slice(at);
}

/** When the file headers end in CR LF, so does the diff as such: its line endings then say nothing of the files. */
function unwrapTransport(lines: SourceLine[]): SourceLine[] {
  const wrapped = lines.some(
    (line, i) =>
      line.text.startsWith('+++ ') && line.text.endsWith('\r') && (lines[i - 1]?.text.startsWith('--- ') ?? false),
  );
  if (!wrapped) return lines;
  return lines.map((line) => (line.text.endsWith('\r') ? { text: line.text.slice(0, -1), no: line.no } : line));
}
