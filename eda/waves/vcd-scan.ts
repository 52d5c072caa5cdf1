// Walks the value changes of a VCD at byte speed: tokens in, (time), (variable, place in the file) out; no strings are
// made.

const HASH = 35,
  DOLLAR = 36;

export interface ChangeVisitor {
  /** false ends the walk */
  time(ticks: number, offset: number): boolean;
  /** `offset`: where the change's text starts; `length` with its identifier */
  change(variable: number, bytes: Uint8Array, start: number, end: number, offset: number): void;
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
 * token
 * that may be cut off) is to be given again in front of the next bytes. `last` says that no more come. Returns -1
 * when the visitor ended the walk.
 */
export function scanChanges(
  bytes: Uint8Array,
  offset: number,
  last: boolean,
  codes: CodeTable,
  visit: ChangeVisitor,
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
      for (let index = at + 1; index < end; index++) ticks = ticks * 10 + ((bytes[index] ?? 48) - 48);
      if (!Number.isNaN(ticks) && !visit.time(ticks, offset + at)) return -1;
    } else if (isVectorMark(first)) {
      let codeStart = end;
      while (codeStart < length && (bytes[codeStart] ?? 0) <= 32) codeStart++;
      let codeEnd = codeStart;
      while (codeEnd < length && (bytes[codeEnd] ?? 0) > 32) codeEnd++;
      if (codeEnd >= length && !last) return used;
      const variable = codes.lookup(bytes, codeStart, codeEnd);
      if (variable >= 0) visit.change(variable, bytes, at, end, offset + at);
      end = codeEnd;
    } else if (first !== DOLLAR) {
      const variable = codes.lookup(bytes, at + 1, end);
      if (variable >= 0) visit.change(variable, bytes, at, at + 1, offset + at);
    } else if (isComment(bytes, at, end)) {
      const close = indexOfEnd(bytes, end);
      if (close === -1 && !last) return used;
      end = close === -1 ? length : close + 4;
    }
    at = end;
  }
}

/** b B r R s S */
const isVectorMark = (code: number): boolean =>
  code === 98 || code === 66 || code === 114 || code === 82 || code === 115 || code === 83;

/** `$comment`: the only section of the body whose text is not made of changes. */
const isComment = (bytes: Uint8Array, start: number, end: number): boolean =>
  end - start === 8 && bytes[start + 1] === 99 && bytes[start + 2] === 111 && bytes[start + 3] === 109;

function indexOfEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 3 < bytes.length; at++) {
    if (bytes[at] === DOLLAR && bytes[at + 1] === 101 && bytes[at + 2] === 110 && bytes[at + 3] === 100) return at;
  }
  return -1;
}

/**
 * A change's value as digits of the signal's width: `b101` extends to the left with 0, x or z as the standard says;
 * reals and
 * strings stay as printed. A mark with no digits behind it (a damaged dump) is unknown, `x`; the empty string is `""`.
 */
export function valueText(bytes: Uint8Array, start: number, end: number, width: number): string {
  const mark = bytes[start] ?? 0;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
  if (mark === 115 || mark === 83) return text.slice(1) || '""';
  if (mark === 114 || mark === 82) return text.slice(1) || 'x';
  const digits = (mark === 98 || mark === 66 ? text.slice(1) || 'x' : text).toLowerCase();
  if (digits.length >= width) return digits.slice(digits.length - width);
  const lead = digits.charAt(0);
  return (lead === '1' ? '0' : lead).repeat(width - digits.length) + digits;
}
