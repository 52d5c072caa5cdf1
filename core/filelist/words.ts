// The words of a tool's file list: comments, quotes, joined lines, variables.

export interface ListWord {
  readonly text: string;
  /** from 1 */
  readonly line: number;
  /** variables that nobody set */
  readonly unset: readonly string[];
}

/**
 * Words are separated by white space. Quotes of either kind (`'` where a word or a value begins: in `W=8'h1F` it is a
 * number's) and `\` before a blank keep blanks; `\` at a line's end joins the next one. Comments are `//` and `#` where
 * a word could begin, and block comments; `$VAR`, `${VAR}` and `$(VAR)` are replaced except between single quotes.
 */
export function filelistWords(text: string, variable: (name: string) => string | undefined): ListWord[] {
  const words: ListWord[] = [];
  let line = 1;
  let at = text.startsWith('\ufeff') ? 1 : 0;
  const skipTo = (end: number): void => {
    for (; at < end; at++) if (text.charCodeAt(at) === 10) line += 1;
  };
  while (at < text.length) {
    const char = text.charAt(at);
    if (/\s/.test(char)) skipTo(at + 1);
    else if (isJoin(text, at)) skipTo(joinEnd(text, at));
    else if (char === '#' || text.startsWith('//', at)) skipTo(endOf(text, '\n', at));
    else if (text.startsWith('/*', at)) skipTo(Math.min(text.length, endOf(text, '*/', at + 2) + 2));
    else {
      const word = readWord(text, at, variable);
      words.push({ text: word.text, line, unset: word.unset });
      skipTo(word.end);
    }
  }
  return words;
}

function readWord(
  text: string,
  start: number,
  variable: (name: string) => string | undefined,
): { text: string; end: number; unset: string[] } {
  const unset: string[] = [];
  let out = '';
  let at = start;
  const replaced = (): string | null => {
    const found = variableAt(text, at);
    if (found === null) return null;
    at = found.end;
    const value = variable(found.name);
    if (value === undefined) unset.push(found.name);
    return value ?? '';
  };
  while (at < text.length) {
    const char = text.charAt(at);
    if (/\s/.test(char) || isJoin(text, at)) break;
    if (char === '"' || (char === "'" && opensQuote(text, at, start))) {
      const close = endOf(text, char, at + 1);
      at += 1;
      while (at < close) {
        const value = char === '"' && text.charAt(at) === '$' ? replaced() : null;
        out += value ?? text.charAt(at++);
      }
      at = close + 1;
    } else if (char === '\\' && (text.charAt(at + 1) === ' ' || text.charAt(at + 1) === '\\')) {
      out += text.charAt(at + 1);
      at += 2;
    } else {
      const value = char === '$' ? replaced() : null;
      out += value ?? text.charAt(at++);
    }
  }
  return { text: out, end: Math.min(at, text.length), unset };
}

/** On one line, at the beginning of a word or of a value. */
function opensQuote(text: string, at: number, start: number): boolean {
  if (at > start && !/[=+("]/.test(text.charAt(at - 1))) return false;
  return endOf(text, "'", at + 1) < endOf(text, '\n', at + 1);
}

const VARIABLE = /\$(?:\{([A-Za-z_]\w*)\}|\(([A-Za-z_]\w*)\)|([A-Za-z_]\w*))/y;

function variableAt(text: string, at: number): { name: string; end: number } | null {
  VARIABLE.lastIndex = at;
  const found = VARIABLE.exec(text);
  const name = found?.[1] ?? found?.[2] ?? found?.[3];
  return found === null || name === undefined ? null : { name, end: at + found[0].length };
}

const isJoin = (text: string, at: number): boolean =>
  text.charAt(at) === '\\' && (text.charAt(at + 1) === '\n' || text.startsWith('\r\n', at + 1));
const joinEnd = (text: string, at: number): number => at + (text.charAt(at + 1) === '\r' ? 3 : 2);

function endOf(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at === -1 ? text.length : at;
}
