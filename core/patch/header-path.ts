// File names as diffs write them: git's quoting, time stamps behind a tab or blank, the `a/` and `b/` prefixes.
import { withoutPair } from './resolve-paths.ts';

/** The name in a `--- ` or `+++ ` line, unquoted, prefix kept; null for /dev/null. */
export function headerName(line: string): string | null {
  // marks of code around a name are Markdown's
  const rest = line.slice(4).replace(/^`([^`]+)`\s*$/, '$1');
  if (rest.startsWith('"')) return unquote(rest) ?? rest.trim();
  const tab = rest.indexOf('\t');
  const name = withoutTime((tab < 0 ? rest : rest.slice(0, tab)).trim());
  return NOTHING.has(name) ? null : name;
}

/** Some models give the name of no file a prefix too. */
const NOTHING: ReadonlySet<string> = new Set(['/dev/null', 'a/dev/null', 'b/dev/null', 'dev/null', 'NUL']);

/** GNU diff parts name and time by a tab, which many editors turn into a blank. */
function withoutTime(name: string): string {
  const at = name.search(
    / {1,4}(?:\d{4}-\d\d-\d\d[ T]|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} {1,2}\d{1,2} )\d\d:\d\d/,
  );
  return at < 0 ? name : name.slice(0, at).trimEnd();
}

/** `a/src/x.sv` → `src/x.sv`; also a leading `./`. Only the prefix that belongs to the side is taken off. */
export function stripPrefix(name: string, prefix: 'a/' | 'b/'): string {
  const bare = name.startsWith(prefix) ? name.slice(2) : name;
  return bare.startsWith('./') ? bare.slice(2) : bare;
}

/** Both names of `diff --git a/x b/x`, which need no quoting even with spaces as long as they are equal. */
export function gitHeaderNames(line: string): { oldName: string; newName: string } | null {
  const rest = line.slice('diff --git '.length).trim();
  if (rest.startsWith('"')) {
    const end = closingQuote(rest);
    const oldName = end < 0 ? null : unquote(rest.slice(0, end + 1));
    const second = rest.slice(end + 1).trim();
    const newName = second.startsWith('"') ? unquote(second) : second;
    return oldName === null || newName === null || newName === '' ? null : { oldName, newName };
  }
  const middle = (rest.length - 1) / 2;
  if (Number.isInteger(middle) && rest[middle] === ' ') {
    const pair = { oldName: rest.slice(0, middle), newName: rest.slice(middle + 1) };
    if (stripPrefix(pair.oldName, 'a/') === stripPrefix(pair.newName, 'b/')) return pair;
    if (withoutPair(pair.oldName, pair.newName) !== null) return pair;
  }
  const at = rest.indexOf(' b/');
  return at <= 0 ? null : { oldName: rest.slice(0, at), newName: unquote(rest.slice(at + 1)) ?? rest.slice(at + 1) };
}

function closingQuote(text: string): number {
  for (let at = 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === '"') return at;
  }
  return -1;
}

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, '"': 34, '\\': 92 };

/** Undoes git's C-style quoting (octal bytes are UTF-8); null when the text is not quoted that way. */
export function unquote(text: string): string | null {
  const end = text.startsWith('"') ? closingQuote(text) : -1;
  if (end < 0) return null;
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (let at = 1; at < end; at += 1) {
    const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
    if (char !== '\\') {
      bytes.push(...encoder.encode(char));
      at += char.length - 1;
      continue;
    }
    const octal = /^[0-3][0-7]{2}/.exec(text.slice(at + 1, at + 4))?.[0];
    if (octal !== undefined) {
      bytes.push(Number.parseInt(octal, 8));
      at += 3;
      continue;
    }
    const code = ESCAPES[text[at + 1] ?? ''];
    if (code === undefined) return null;
    bytes.push(code);
    at += 1;
  }
  return new TextDecoder('utf-8').decode(Uint8Array.from(bytes));
}
