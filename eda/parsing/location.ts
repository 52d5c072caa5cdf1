// Finds `file:line[:column]` and `file(line)` places in a line of a log, by scanning: nothing here backtracks.

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  /** from `line:column-column`, inclusive as the tool printed it */
  readonly endColumn?: number;
  /** index after the place and its closing `:`, and after one blank */
  readonly next: number;
}

/** A path is shorter than this; a colon further right belongs to a message. */
const MAX_PATH = 1024;

/** Digits of any script that tools print under localised settings, e.g. full-width or Arabic-Indic ones. */
function digitAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  if (code >= 48 && code <= 57) return code - 48;
  if (code < 0x660 || Number.isNaN(code)) return -1;
  if (code <= 0x669) return code - 0x660;
  if (code >= 0x6f0 && code <= 0x6f9) return code - 0x6f0;
  if (code >= 0x966 && code <= 0x96f) return code - 0x966;
  if (code >= 0xff10 && code <= 0xff19) return code - 0xff10;
  return -1;
}

export const isDigitAt = (text: string, index: number): boolean => digitAt(text, index) >= 0;

/** Reads an unsigned number; null when there is none at `index` or when it is no line number (above 2^31). */
export function readNumber(text: string, index: number): { value: number; next: number } | null {
  let value = 0;
  let next = index;
  for (let digit = digitAt(text, next); digit >= 0; digit = digitAt(text, ++next)) {
    value = value * 10 + digit;
    if (value > 0x7fffffff) return null;
  }
  return next === index ? null : { value, next };
}

/**
 * `file:line:`, `file:line:column:`, `file:line:column-endColumn:` or `file:line:column:endLine:endColumn:` (Verible,
 * for ranges over several lines) at `start`.
 */
export function colonPlace(text: string, start = 0): Place | null {
  for (
    let colon = text.indexOf(':', start);
    colon !== -1 && colon - start <= MAX_PATH;
    colon = text.indexOf(':', colon + 1)
  ) {
    if (colon === start || !isDigitAt(text, colon + 1)) continue;
    const line = readNumber(text, colon + 1);
    if (!line || text.charCodeAt(line.next) !== 58) continue;
    const place = { file: text.slice(start, colon), line: line.value };
    const column = readNumber(text, line.next + 1);
    if (!column) return { ...place, next: afterBlank(text, line.next + 1) };
    if (text.charCodeAt(column.next) === 58)
      return { ...place, column: column.value, next: afterBlank(text, afterEnd(text, column.next + 1)) };
    if (text.charCodeAt(column.next) === 45) {
      const end = readNumber(text, column.next + 1);
      if (end && text.charCodeAt(end.next) === 58) {
        return { ...place, column: column.value, endColumn: end.value, next: afterBlank(text, end.next + 1) };
      }
    }
    return { ...place, next: afterBlank(text, line.next + 1) };
  }
  return null;
}

/** Behind `endLine:endColumn:`, where that stands at `index` without a blank; else `index`. */
function afterEnd(text: string, index: number): number {
  const line = readNumber(text, index);
  const column = line !== null && text.charCodeAt(line.next) === 58 ? readNumber(text, line.next + 1) : null;
  return column !== null && text.charCodeAt(column.next) === 58 ? column.next + 1 : index;
}

/** File names of hardware sources and of what is compiled with them. */
const SOURCE_NAME =
  /\.(?:s?vh?p?|svi|svpkg|vhdl?|vho|vqm|vlib|inc|def|h|hpp|c|cc|cpp|cxx|tcl|do|xdc|sdc|qsf|xci|bd|mem|hex|e|pkg)$/i;

/**
 * Whether `file` can be a path in a line of words. A path with blanks must begin like one (`/home/ann/my
 * designs/top.sv`,
 * `C:/…`, `\\\\machine\\…`), or be no more than two words with the ending of a source.
 */
export function isPath(file: string): boolean {
  const blank = file.search(/\s/);
  if (blank === -1) return true;
  if (!SOURCE_NAME.test(file)) return false;
  if (/[\\/]/.test(file.slice(0, blank)) || /^[A-Za-z]:/.test(file)) return true;
  return /^\S+ \S+$/.test(file) && !/^(?:in|at|near|from|of|file|by|open|read|see)$/i.test(file.slice(0, blank));
}

/** `file(line):` or `file(line,column):` at `start`; the colon may be missing. */
export function parenPlace(text: string, start = 0): Place | null {
  for (
    let open = text.indexOf('(', start);
    open !== -1 && open - start <= MAX_PATH;
    open = text.indexOf('(', open + 1)
  ) {
    if (open === start) return null;
    const line = readNumber(text, open + 1);
    if (!line) continue;
    let after = line.next;
    let column: number | undefined;
    if (text.charCodeAt(after) === 44 || text.charCodeAt(after) === 58 || text.charCodeAt(after) === 124) {
      const second = readNumber(text, after + 1);
      if (!second) continue;
      column = second.value;
      after = second.next;
    }
    if (text.charCodeAt(after) !== 41) continue;
    after++;
    // `C:/work (2)/top.v(7)`: a folder's name goes on
    if (text.charCodeAt(after) === 47 || text.charCodeAt(after) === 92) continue;
    if (text.charCodeAt(after) === 58) after++;
    return {
      file: text.slice(start, open),
      line: line.value,
      ...(column === undefined ? {} : { column }),
      next: afterBlank(text, after),
    };
  }
  return null;
}

const afterBlank = (text: string, index: number): number => (text.charCodeAt(index) === 32 ? index + 1 : index);

/** The place as fields of a Diagnostic: line 0 (Yosys) and column 0 mean that there is none. */
export function placeFields(place: Place): { file: string; line?: number; column?: number; end_column?: number } {
  return {
    file: place.file,
    ...(place.line > 0 ? { line: place.line } : {}),
    ...(place.line > 0 && place.column ? { column: place.column } : {}),
    ...(place.line > 0 && place.column && place.endColumn && place.endColumn >= place.column
      ? { end_column: place.endColumn }
      : {}),
  };
}
