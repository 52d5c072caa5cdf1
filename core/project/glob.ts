// Globs of project files, matched in time linear in pattern times path: they come from repositories that nobody trusts,
// so no regular expression is made of them. `*` and `?` stay within a name, `**` as a whole name stands for any
// folders, `[a-z]` and `[!a-z]` are sets, `{a,b}` alternatives, `\` takes the next character as it is.

/** Alternatives of one pattern; more are cut, which a project file never needs. */
const MAX_ALTERNATIVES = 256;

export type Matcher = (path: string) => boolean;

/** True for text that is a pattern and no plain path. */
export function isGlob(text: string): boolean {
  return /[*?[\]{}]/.test(text);
}

/** A pattern matches whole paths; a folder that it names (or matches) stands for everything below. */
export function globMatcher(pattern: string): Matcher {
  const plain = normal(pattern);
  // most patterns of projects, and asked about every file
  const folder = plain.endsWith('/**') ? plain.slice(0, -2) : '';
  if (folder !== '' && !isGlob(folder) && !folder.includes('\\'))
    return (path) => path.length > folder.length && path.startsWith(folder);
  const alternatives = expandBraces(plain).map((one) => one.split('/').map(compileName));
  return (path) => {
    const names = path.split('/');
    return alternatives.some((parts) => matchParts(parts, names));
  };
}

/** Any of the patterns. */
export function anyGlob(patterns: readonly string[]): Matcher {
  const plain = new Set(patterns.filter((pattern) => !isGlob(pattern) && !pattern.includes('\\')).map(normal));
  const matchers = patterns.filter((pattern) => isGlob(pattern) || pattern.includes('\\')).map(globMatcher);
  return (path) => {
    if (plain.has('')) return true;
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1))
      if (plain.has(path.slice(0, end))) return true;
    return matchers.some((matches) => matches(path));
  };
}

/** `*` for any text, also none, everything else as it is; the whole text has to match. */
export function wildcardMatcher(pattern: string): Matcher {
  const pieces: Piece[] = [];
  for (const char of pattern)
    if (char !== '*') pieces.push({ kind: 'text', text: char });
    else if (pieces.at(-1)?.kind !== 'any') pieces.push({ kind: 'any' });
  return (text) => matchName(pieces, text);
}

/** The folder that everything a pattern matches lies in; '' is the root. */
export function globBase(pattern: string): string {
  const parts = normal(pattern).split('/');
  const at = parts.findIndex((part) => isGlob(part));
  return (at === -1 ? parts : parts.slice(0, at)).join('/');
}

const normal = (pattern: string): string =>
  pattern
    .replace(/^(?:\.\/)+/, '')
    .replace(/\/+/g, '/')
    .replace(/^\.$/, '')
    .replace(/(?<=[^/])\/$/, '');

/** One name of a path: null is `**`. */
type NamePattern = readonly Piece[] | null;
type Piece =
  | { readonly kind: 'any' }
  | { readonly kind: 'one' }
  | { readonly kind: 'text'; readonly text: string }
  | CharSet;
interface CharSet {
  readonly kind: 'set';
  readonly not: boolean;
  readonly ranges: readonly (readonly [string, string])[];
}

function compileName(name: string): NamePattern {
  if (name === '**') return null;
  const pieces: Piece[] = [];
  for (let at = 0; at < name.length; at++) {
    const char = name.charAt(at);
    const end = char === '[' ? name.indexOf(']', at + 2) : -1;
    if (char === '*') {
      if (pieces.at(-1)?.kind !== 'any') pieces.push({ kind: 'any' });
    } else if (char === '?') pieces.push({ kind: 'one' });
    else if (end !== -1) {
      pieces.push(charSet(name.slice(at + 1, end)));
      at = end;
    } else {
      if (char === '\\' && at + 1 < name.length) at += 1;
      pieces.push({ kind: 'text', text: name.charAt(at) });
    }
  }
  return pieces;
}

function charSet(text: string): CharSet {
  const not = text.startsWith('!') || text.startsWith('^');
  const chars = not ? text.slice(1) : text;
  const ranges: [string, string][] = [];
  for (let at = 0; at < chars.length; at++) {
    const from = chars.charAt(at);
    if (chars.charAt(at + 1) === '-' && at + 2 < chars.length) {
      ranges.push([from, chars.charAt(at + 2)]);
      at += 2;
    } else ranges.push([from, from]);
  }
  return { kind: 'set', not, ranges };
}

/** Names against names; going back to the last `**` is enough. What is left of the path lies below a matched folder. */
function matchParts(parts: readonly NamePattern[], names: readonly string[]): boolean {
  let [part, name] = [0, 0];
  let star = -1;
  let starName = 0;
  while (name < names.length) {
    const pattern = parts[part];
    if (part < parts.length && pattern === null) {
      // `a/**` is everything below a, not a itself
      if (part === parts.length - 1) return true;
      star = part++;
      starName = name;
    } else if (part < parts.length && pattern != null && matchName(pattern, names[name] ?? '')) {
      part += 1;
      name += 1;
    } else if (part === parts.length) {
      // all of the pattern is matched: the rest lies below
      return true;
    } else if (star !== -1) {
      part = star + 1;
      name = ++starName;
    } else return false;
  }
  return part === parts.length;
}

function matchName(pieces: readonly Piece[], name: string): boolean {
  let [piece, at] = [0, 0];
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const current = pieces[piece];
    if (current?.kind === 'any') {
      star = piece++;
      starAt = at;
    } else if (current !== undefined && matchChar(current, name.charAt(at))) {
      piece += 1;
      at += 1;
    } else if (star !== -1) {
      piece = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (pieces[piece]?.kind === 'any') piece += 1;
  return piece === pieces.length;
}

function matchChar(piece: Piece, char: string): boolean {
  if (piece.kind === 'text') return piece.text === char;
  if (piece.kind === 'set') return piece.ranges.some(([from, to]) => from <= char && char <= to) !== piece.not;
  return true;
}

/** `a{b,c}d` → `abd`, `acd`; an open brace without its end is a character. */
function expandBraces(pattern: string): string[] {
  let done: string[] = [''];
  let rest = pattern;
  for (;;) {
    const open = rest.indexOf('{');
    const close = open === -1 ? -1 : closingBrace(rest, open);
    if (close === -1) return done.map((head) => head + rest);
    const middle = splitAlternatives(rest.slice(open + 1, close)).flatMap((one) =>
      one.includes('{') ? expandBraces(one) : [one],
    );
    const head = rest.slice(0, open);
    done = done.flatMap((start) => middle.map((one) => start + head + one)).slice(0, MAX_ALTERNATIVES);
    rest = rest.slice(close + 1);
  }
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}' && --depth === 0) return at;
  }
  return -1;
}

function splitAlternatives(text: string): string[] {
  const parts: string[] = [];
  let [from, depth] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') depth += 1;
    else if (text[at] === '}') depth -= 1;
    else if (text[at] === ',' && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts;
}
