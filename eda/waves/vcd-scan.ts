// Walks the value changes of a VCD at byte speed: tokens in, (time), (variable, place in the file) out; no strings are
// made.

const HASH = 35,
  DOLLAR = 36;

/** A simulator's time has 64 bits. */
const MAX_TIME = 2 ** 64;

export interface ChangeVisitor {
  /**
   * False ends the walk. `whole` is false for a time stamp that ends with the file: it may have been cut in writing.
   */
  time(ticks: number, offset: number, whole: boolean): boolean;
  /** `offset`: where the change's text starts; `length` with its identifier */
  change(variable: number, bytes: Uint8Array, start: number, end: number, offset: number): void;
  /** a time stamp with so many digits behind its point */
  fraction?(digits: number): void;
  /** what is neither a time, nor a change of a declared variable, nor a section of the body */
  stray?(): void;
}

/** Maps identifier codes (printable ASCII, base 94, usually short) to variables without making strings. */
export class CodeTable {
  readonly #short: Int32Array;
  readonly #long: ReadonlyMap<string, number>;

  constructor(codes: ReadonlyMap<string, number>) {
    this.#short = new Int32Array(1 + 95 + 95 * 95 + 95 ** 3).fill(-1);
    const long = new Map<string, number>();
    for (const [code, variable] of codes) {
      if (code.length > 3) {
        long.set(code, variable);
        continue;
      }
      this.#short[hash(Buffer.from(code, 'latin1'), 0, code.length)] = variable;
    }
    this.#long = long;
  }

  lookup(bytes: Uint8Array, start: number, end: number): number {
    if (end - start <= 3) return this.#short[hash(bytes, start, end)] ?? -1;
    return this.#long.get(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1')) ?? -1;
  }
}

function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at++) value = value * 95 + ((bytes[at] ?? 32) - 32);
  return value >= 0 && value < 866_496 ? value : 0;
}

/**
 * Walks whole tokens of `bytes`, which start at `offset` in the file. Returns how many bytes were used; the rest (a
 * token that may be cut off) is to be given again in front of the next bytes. `last` says that no more come. Times are
 * multiplied by `perTick` (a power of ten where time stamps have fractions). Returns -1 when the visitor ended the
 * walk.
 */
export function scanChanges(
  bytes: Uint8Array,
  offset: number,
  last: boolean,
  codes: CodeTable,
  visit: ChangeVisitor,
  perTick = 1,
): number {
  const length = bytes.length;
  let at = 0;
  let used = 0;
  for (;;) {
    while (at < length && (bytes[at] ?? 0) <= 32) at++;
    if (at >= length) return length;
    used = at;
    const first = bytes[at] ?? 0;
    let end = at + 1;
    while (end < length && (bytes[end] ?? 0) > 32) end++;
    if (end >= length && !last) return used;
    if (first === HASH) {
      let ticks = 0;
      let index = at + 1;
      for (let digit = 0; index < end; index++) {
        digit = (bytes[index] ?? 0) - 48;
        if (digit < 0 || digit > 9) break;
        ticks = ticks * 10 + digit;
      }
      if (index < end || end === at + 1) ticks = oddTime(bytes, at + 1, end, perTick, visit);
      else if (perTick !== 1) ticks *= perTick;
      if (ticks < 0 || ticks > MAX_TIME * perTick) visit.stray?.();
      else if (!visit.time(ticks, offset + at, end < length)) return -1;
    } else if (isVectorMark(first) || (end === at + 1 && first !== DOLLAR)) {
      let codeStart = end;
      while (codeStart < length && (bytes[codeStart] ?? 0) <= 32) codeStart++;
      let codeEnd = codeStart;
      while (codeEnd < length && (bytes[codeEnd] ?? 0) > 32) codeEnd++;
      if (codeEnd >= length && !last) return used;
      let valueEnd = end;
      let variable = codes.lookup(bytes, codeStart, codeEnd);
      if (isPortMark(first) && variable < 0) {
        // the strengths of 0 and of 1 stand before the identifier
        for (let word = 0; word < 2; word++) {
          codeStart = codeEnd;
          while (codeStart < length && (bytes[codeStart] ?? 0) <= 32) codeStart++;
          codeEnd = codeStart;
          while (codeEnd < length && (bytes[codeEnd] ?? 0) > 32) codeEnd++;
          if (codeEnd >= length && !last) return used;
        }
        variable = codes.lookup(bytes, codeStart, codeEnd);
      } else if (isTextMark(first) && variable < 0) {
        // a text with blanks ends with the line, behind the identifier
        let lineEnd = codeEnd;
        while (lineEnd < length && bytes[lineEnd] !== 10) lineEnd++;
        if (lineEnd >= length && !last) return used;
        while (lineEnd > end && (bytes[lineEnd - 1] ?? 0) <= 32) lineEnd--;
        let lastStart = lineEnd;
        while (lastStart > end && (bytes[lastStart - 1] ?? 0) > 32) lastStart--;
        variable = codes.lookup(bytes, lastStart, lineEnd);
        if (variable >= 0) {
          codeEnd = lineEnd;
          valueEnd = lastStart;
          while (valueEnd > at + 1 && (bytes[valueEnd - 1] ?? 0) <= 32) valueEnd--;
        }
      }
      if (variable >= 0) visit.change(variable, bytes, at, valueEnd, offset + at);
      else if (codeEnd < length) visit.stray?.();
      end = codeEnd;
    } else if (first !== DOLLAR) {
      const variable = codes.lookup(bytes, at + 1, end);
      if (variable >= 0) visit.change(variable, bytes, at, at + 1, offset + at);
      else if (end < length) visit.stray?.();
    } else if (isComment(bytes, at, end)) {
      const close = indexOfEnd(bytes, end, last);
      if (close === -1 && !last) return used;
      end = close === -1 ? length : close + 4;
    }
    at = end;
  }
}

/** A time stamp that is no row of digits: `3.2` (migen), `1e+16`; in ticks of `perTick`; -1 when it is no time. */
function oddTime(bytes: Uint8Array, start: number, end: number, perTick: number, visit: ChangeVisitor): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  const match = text.length < 40 ? /^\d+(?:\.(\d*))?(?:[eE][+-]?\d{1,2})?$/.exec(text) : null;
  if (match === null) return -1;
  const value = Number(text);
  if (!Number.isInteger(value)) visit.fraction?.((match[1] ?? '').replace(/0+$/, '').length || 1);
  return Math.round(value * perTick);
}

/** b B r R s S p */
const isVectorMark = (code: number): boolean =>
  code === 98 || code === 66 || code === 114 || code === 82 || code === 115 || code === 83 || code === PORT;
const isTextMark = (code: number): boolean => code === 115 || code === 83;
const PORT = 112;
const isPortMark = (code: number): boolean => code === PORT;

/** `$comment`: the only section of the body whose text is not made of changes. */
const isComment = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start === 8 && bytes[start + 1] === 99 && bytes[start + 2] === 111 && bytes[start + 3] === 109;

/** `$end` as a word of its own. */
function indexOfEnd(bytes: Uint8Array, from: number, last: boolean): number {
  for (let at = from; at + 3 < bytes.length; at++) {
    if (bytes[at] !== DOLLAR || bytes[at + 1] !== 101 || bytes[at + 2] !== 110 || bytes[at + 3] !== 100) continue;
    const next = bytes[at + 4];
    if ((bytes[at - 1] ?? 0) <= 32 && (next === undefined ? last : next <= 32)) return at;
  }
  return -1;
}

/** States of a dumped port (IEEE 1800-2017 table 21-12): driven by the bench, by the device, by both or by none. */
const PORT_STATES = new Map<string, string>(
  Object.entries({ '0': 'DdLl0', '1': 'UuHh1', z: 'ZTFf' }).flatMap(([value, states]) =>
    states.split('').map((state) => [state, value] as const),
  ),
);

/**
 * A change's value as digits of the signal's width: `b101` extends to the left with 0, x or z as the standard says;
 * reals and strings stay as printed. A mark with no digits behind it (a damaged dump) is unknown, `x`; the empty string
 * is `""`.
 */
export function valueText(bytes: Uint8Array, start: number, end: number, width: number): string {
  const mark = bytes[start] ?? 0;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  if (mark === 115 || mark === 83) return unescaped(text.slice(1)) || '""';
  if (mark === 114 || mark === 82) return text.slice(1) || 'x';
  const digits = isPortMark(mark)
    ? Array.from(text.slice(1), (state) => PORT_STATES.get(state) ?? 'x').join('')
    : (mark === 98 || mark === 66 ? text.slice(1) || 'x' : text).toLowerCase();
  if (digits.length >= width) return digits.slice(digits.length - width);
  const lead = digits.charAt(0);
  return (lead === '1' ? '0' : lead).repeat(width - digits.length) + digits;
}

/**
 * UTF-8, else Latin-1. Blanks and unprintable characters of a text are written as `\\x20`, `\\040` or, by some, `\\n`.
 */
function unescaped(text: string): string {
  if (!text.includes('\\') && !/[^\x20-\x7e]/.test(text)) return text;
  const plain = text.replace(
    /\\(?:x([0-9a-fA-F]{2})|([0-7]{3})|([nrt\\"]))/g,
    (_all, hex?: string, octal?: string, letter?: string) =>
      hex !== undefined
        ? String.fromCharCode(Number.parseInt(hex, 16))
        : octal !== undefined
          ? String.fromCharCode(Number.parseInt(octal, 8))
          : ({ n: '\n', r: '\r', t: '\t' }[letter ?? ''] ?? letter ?? ''),
  );
  const utf8 = Buffer.from(plain, 'latin1').toString('utf8');
  return utf8.includes('\ufffd') ? plain : utf8;
}
