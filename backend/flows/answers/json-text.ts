// Finds the JSON object in an answer and reads it as models write it: in fences, with prose and braces around it, with
// comments, trailing commas, single or smart quotes, raw line breaks; a draft before the final object. What was cut off
// is never completed.
import { jsonrepair } from 'jsonrepair';
import { withoutThoughts } from './thoughts.ts';

export type JsonAnswer =
  | { readonly found: true; readonly value: unknown }
  | { readonly found: false; readonly problem: string };

/** Deeper than any answer; a bomb of brackets must not exhaust the stack. */
const MAX_DEPTH = 100;
const MAX_CANDIDATES = 200;
/** How often a brace that never closes is passed over. */
const MAX_RESTARTS = 20;
/** Repairing reads character by character; a longer text is read strictly only. */
const MAX_REPAIRED = 2_000_000;

/** The last value that `fits`, strict JSON first; else the last that can be read at all. */
export function jsonAnswer(answer: string, fits: (value: unknown) => boolean = () => true): JsonAnswer {
  const text = withoutThoughts(answer).trim();
  const whole = strict(text);
  if (whole.found) return { found: true, value: ofString(whole.value, fits) };
  const { slices, open } = balanced(text);
  for (const read of [strict, lenient])
    for (const slice of slices.toReversed()) {
      const value = read(slice);
      if (value.found && fits(value.value)) return value;
    }
  if (open) return { found: false, problem: 'The JSON object is not closed: the answer was cut off. Send it whole.' };
  const [last] = slices.slice(-1);
  if (last === undefined)
    return { found: false, problem: 'The answer holds no JSON object. Answer with one JSON object and nothing else.' };
  const value = strict(last);
  return value.found ? value : lenient(last);
}

/** Every value that can be read, in their order. */
export function jsonAnswers(answer: string): unknown[] {
  const { slices } = balanced(withoutThoughts(answer).trim());
  return slices.flatMap((slice) => {
    const read = strict(slice);
    const value = read.found ? read : lenient(slice);
    return value.found ? [value.value] : [];
  });
}

/** JSON inside a JSON string. */
function ofString(value: unknown, fits: (value: unknown) => boolean): unknown {
  if (typeof value !== 'string') return value;
  const inner = strict(value.trim());
  return inner.found && fits(inner.value) ? inner.value : value;
}

function strict(text: string): JsonAnswer {
  try {
    return { found: true, value: JSON.parse(text) };
  } catch (error) {
    return {
      found: false,
      problem: `The answer is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}.`,
    };
  }
}

/** Dots where an entry should be: somebody left the rest to be imagined. */
const LEFT_OUT = /[[{,]\s*(?:\.{3}|…)\s*[\]},]/;
const PARTS_LEFT_OUT = 'The JSON has parts left out (“...”). Send the whole object, every entry written out.';

function lenient(text: string): JsonAnswer {
  if (text.length > MAX_REPAIRED) return strict(text);
  if (LEFT_OUT.test(text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""'))) return { found: false, problem: PARTS_LEFT_OUT };
  try {
    return { found: true, value: JSON.parse(jsonrepair(withBackslashes(text))) };
  } catch {
    return strict(text);
  }
}

/** `"C:\\` begins a path, in which no backslash is an escape unless it stands before another one or a quote. */
const DRIVE = /"[A-Za-z]:\\(?:[^"\\\n]|\\.){0,1000}"/g;
/** An escape that JSON has, one that only JavaScript has, or a backslash that was meant as one. */
const ESCAPE = /\\(?:u[\da-fA-F]{4}|["\\/bfnrt'\n\r]|(?=[\s\S]))/g;

/** Backslashes that begin no escape are backslashes, as in `1_000\_0`, `\$clog2`, `C:\\rtl`. */
function withBackslashes(text: string): string {
  return text
    .replace(DRIVE, (path) => path.replace(/\\(["\\]|(?=[^"\\]))/g, (pair) => (pair.length === 1 ? '\\\\' : pair)))
    .replace(ESCAPE, (escape) => (escape.length === 1 ? '\\\\' : escape));
}

/** Every top-level `{…}` and `[{…}]` whose brackets close; `open`: one that holds a member never does. */
function balanced(text: string): { slices: string[]; open: boolean } {
  const slices: string[] = [];
  let open = false;
  let from = 0;
  for (let restart = 0; restart <= MAX_RESTARTS; restart += 1) {
    const unclosed = scan(text, from, slices);
    if (unclosed < 0) break;
    open ||= /^[{[]\s*["'“{]/.test(text.slice(unclosed, unclosed + 200));
    if (open) break;
    from = unclosed + 1;
  }
  return { slices, open };
}

const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", '“': '”', '‘': '’' };

/** Where an object begins that never closes, or -1. */
function scan(text: string, from: number, slices: string[]): number {
  let depth = 0;
  let start = -1;
  /** the last character that is no white space, which tells an apostrophe from a quote */
  let before = '';
  for (let at = from; at < text.length; at += 1) {
    const char = text[at] ?? '';
    if (depth > 0) {
      const end = CLOSING[char];
      if (end !== undefined && (char !== "'" || '{[,:'.includes(before))) {
        at = endOfString(text, at, end);
        if (at < 0) return start;
        before = '"';
        continue;
      }
      if (char === '/' && (text[at + 1] === '/' || text[at + 1] === '*')) {
        const close = text[at + 1] === '/' ? text.indexOf('\n', at) : text.indexOf('*/', at + 2);
        if (close < 0) return start;
        at = close + (text[at + 1] === '/' ? 0 : 1);
        continue;
      }
    }
    if (char === '{' || (char === '[' && (depth > 0 || /^\[\s*\{/.test(text.slice(at, at + 50))))) {
      if (depth === 0) start = at;
      depth += 1;
      if (depth > MAX_DEPTH) return -1;
    } else if ((char === '}' || char === ']') && depth > 0) {
      depth -= 1;
      if (depth === 0) {
        slices.push(text.slice(start, at + 1));
        if (slices.length > MAX_CANDIDATES) slices.shift();
      }
    }
    if (char.trim() !== '') before = char;
  }
  return depth > 0 ? start : -1;
}

/** A quote inside a string counts as its end only where a member or the object goes on behind it. */
function endOfString(text: string, from: number, end: string): number {
  for (let at = from + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === end && (end === '"' || /^\s*[,:}\]]/.test(text.slice(at + 1, at + 40)))) return at;
  }
  return -1;
}
