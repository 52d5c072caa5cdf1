// JavaScript values as Tcl words that mean exactly themselves, whatever characters they hold.

/** A value that a script can be given: JSON without objects. */
export type TclValue = string | number | boolean | null | readonly TclValue[];

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * One double-quoted word without any substitution. Everything outside printable ASCII becomes \uXXXX, so that the
 * script's encoding does not matter; characters beyond U+FFFF become the pair that Tcl 8.6 holds for them. Throws
 * RangeError for NUL.
 */
export function tclString(text: string): string {
  let word = '"';
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const code = text.charCodeAt(at);
    if (code === 0) throw new RangeError('NUL cannot be given to Tcl');
    if ('\\"$[]{};'.includes(character)) word += `\\${character}`;
    else if (code >= 0x20 && code <= 0x7e) word += character;
    else word += ESCAPES[character] ?? `\\u${code.toString(16).padStart(4, '0')}`;
  }
  return `${word}"`;
}

/** The path of a file of the person's: itself, but in a debug bundle its copy there. */
export const tclInput = (path: string): string => `[::skillpilot::input ${tclString(path)}]`;

/**
 * A word for any value: lists become `[list …]`, true and false 1 and 0, null the empty string; texts among `inputs`
 * paths as `tclInput` gives them.
 */
export function tclWord(value: TclValue, inputs: ReadonlySet<string> = new Set()): string {
  if (typeof value === 'string') return inputs.has(value) ? tclInput(value) : tclString(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new RangeError('not a finite number');
    return String(value);
  }
  if (typeof value === 'boolean') return value ? '1' : '0';
  if (value === null) return '""';
  return value.length === 0 ? '[list]' : `[list ${value.map((each) => tclWord(each, inputs)).join(' ')}]`;
}

/** Text for a Tcl comment line. */
export function tclComment(text: string): string {
  return `# ${text.replace(/[^\x20-\x7e]/g, ' ').replace(/\\+$/, '')}`;
}

/** One word of POSIX shell. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_/.:=,+@%-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
