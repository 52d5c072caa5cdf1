// A text as lines with their own endings, and an index that finds equal lines fast.

export type Eol = '\n' | '\r\n' | '';

export interface FileLines {
  readonly texts: readonly string[];
  /** '' only for a last line without newline */
  readonly eols: readonly Eol[];
}

/** Splits at LF only, as every diff tool does; a CR before it belongs to the ending. */
export function splitLines(text: string): FileLines {
  const texts: string[] = [];
  const eols: Eol[] = [];
  let from = 0;
  while (from < text.length) {
    const at = text.indexOf('\n', from);
    if (at < 0) {
      texts.push(text.slice(from));
      eols.push('');
      break;
    }
    const crlf = at > from && text[at - 1] === '\r';
    texts.push(text.slice(from, crlf ? at - 1 : at));
    eols.push(crlf ? '\r\n' : '\n');
    from = at + 1;
  }
  return { texts, eols };
}

/** The ending of most lines; LF for a text without any. */
export function dominantEol(lines: FileLines): '\n' | '\r\n' {
  let crlf = 0;
  let lf = 0;
  for (const eol of lines.eols) {
    if (eol === '\r\n') crlf += 1;
    else if (eol === '\n') lf += 1;
  }
  return crlf > lf ? '\r\n' : '\n';
}

/** Work limit in line comparisons: beyond any real patch, below a second of time. */
export class WorkBudget {
  private left: number;
  constructor(comparisons: number) {
    this.left = comparisons;
  }
  get spent(): boolean {
    return this.left <= 0;
  }
  take(comparisons: number): void {
    this.left -= comparisons;
  }
}

/** Lines of a file as small integers, so that comparing is cheap however long the lines are. */
export class LineIndex {
  private readonly ids: Int32Array;
  private readonly idOf = new Map<string, number>();
  private readonly places: number[][] = [];

  constructor(keys: readonly string[]) {
    this.ids = new Int32Array(keys.length);
    keys.forEach((key, line) => {
      let id = this.idOf.get(key);
      if (id === undefined) {
        id = this.places.length;
        this.idOf.set(key, id);
        this.places.push([]);
      }
      this.ids[line] = id;
      this.places[id]?.push(line);
    });
  }

  get size(): number {
    return this.ids.length;
  }

  /** Ids of the keys, each in the first of its forms that the file knows; null when one stands nowhere in the file. */
  translate(keys: readonly (readonly string[])[]): number[] | null {
    const out: number[] = [];
    for (const forms of keys) {
      const id = forms.map((form) => this.idOf.get(form)).find((known) => known !== undefined);
      if (id === undefined) return null;
      out.push(id);
    }
    return out;
  }

  matchesAt(ids: readonly number[], start: number, budget: WorkBudget): boolean {
    if (start < 0 || start + ids.length > this.ids.length) return false;
    let at = 0;
    while (at < ids.length && this.ids[start + at] === ids[at]) at += 1;
    budget.take(at + 1);
    return at === ids.length;
  }

  /** Up to `limit` places where all lines stand in a row, looked for from the rarest of them. */
  find(ids: readonly number[], limit: number, budget: WorkBudget): number[] {
    let rarest = 0;
    let fewest = Infinity;
    ids.forEach((id, at) => {
      const count = this.places[id]?.length ?? 0;
      if (count < fewest) [rarest, fewest] = [at, count];
    });
    const found: number[] = [];
    for (const place of this.places[ids[rarest] ?? -1] ?? []) {
      if (budget.spent) break;
      if (this.matchesAt(ids, place - rarest, budget)) found.push(place - rarest);
      if (found.length >= limit) break;
    }
    return found;
  }
}
