// Compile order of SystemVerilog sources: packages before the files that use them; and which files are included by
// others.

export interface SourceText {
  /** relative to the workspace root */
  readonly path: string;
  readonly text: string;
}

interface Scanned {
  readonly path: string;
  readonly declares: ReadonlySet<string>;
  readonly uses: ReadonlySet<string>;
}

/** Files that another one includes: compiled by themselves they would be compiled twice. */
export function includedSources(sources: readonly SourceText[]): ReadonlySet<string> {
  const included = new Set<string>();
  for (const source of sources) {
    for (const name of withoutComments(source.text).includes) {
      for (const other of sources) if (other !== source && isNamed(other.path, name)) included.add(other.path);
    }
  }
  return included;
}

/**
 * The paths in an order that every simulator accepts; otherwise as given.
 * Cycles between packages keep the given order: the tool reports them best.
 */
export function orderSources(sources: readonly SourceText[]): string[] {
  const files = sources.map(scan);
  const declaredIn = new Map<string, Scanned>();
  for (const file of files) for (const name of file.declares) if (!declaredIn.has(name)) declaredIn.set(name, file);
  const ordered: string[] = [];
  const state = new Map<Scanned, 'open' | 'done'>();
  const visit = (start: Scanned): void => {
    // explicit stack: a hostile chain of packages must not overflow ours
    const stack: { file: Scanned; needs: Scanned[] }[] = [];
    const enter = (file: Scanned): void => {
      state.set(file, 'open');
      stack.push({
        file,
        needs: [...file.uses]
          .map((name) => declaredIn.get(name))
          .filter((each) => each !== undefined && each !== file) as Scanned[],
      });
    };
    enter(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.needs.shift();
      if (next === undefined) {
        state.set(top.file, 'done');
        ordered.push(top.file.path);
        stack.pop();
      } else if (!state.has(next)) {
        enter(next);
      }
    }
  };
  for (const file of files) if (!state.has(file)) visit(file);
  return ordered;
}

function isNamed(path: string, included: string): boolean {
  const bare = included.replace(/^(\.\.?\/)+/, '');
  return path === bare || path.endsWith(`/${bare}`);
}

function scan(source: SourceText): Scanned {
  const { code } = withoutComments(source.text);
  const declares = new Set<string>();
  const uses = new Set<string>();
  for (const [, name] of code.matchAll(/\bpackage\s+(?:(?:automatic|static)\s+)?([A-Za-z_]\w*)\s*;/g))
    if (name) declares.add(name);
  for (const [, name] of code.matchAll(/\b([A-Za-z_]\w*)\s*::/g)) if (name) uses.add(name);
  return { path: source.path, declares, uses };
}

/** Comments and strings become blanks; the names of `include directives are kept apart. */
function withoutComments(text: string): { code: string; includes: string[] } {
  const parts: string[] = [];
  const includes: string[] = [];
  let from = 0;
  const marks = /\/\/|\/\*|"/g;
  for (let found = marks.exec(text); found !== null; found = marks.exec(text)) {
    const at = found.index;
    parts.push(text.slice(from, at), ' ');
    if (found[0] === '"') {
      const end = stringEnd(text, at);
      if (/`include\s*$/.test(text.slice(Math.max(from, at - 40), at))) includes.push(text.slice(at + 1, end - 1));
      from = end;
    } else {
      const end = found[0] === '//' ? text.indexOf('\n', at) : text.indexOf('*/', at + 2);
      from = end < 0 ? text.length : found[0] === '//' ? end : end + 2;
    }
    marks.lastIndex = from;
  }
  parts.push(text.slice(from));
  return { code: parts.join(''), includes };
}

/** Index behind the closing quote; a string ends with its line at the latest. */
function stringEnd(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at + 1;
    else if (text[at] === '\n') return at;
  }
  return text.length;
}
