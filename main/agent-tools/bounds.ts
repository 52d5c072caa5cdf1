// Keeps every answer to an agent small: long texts and lists are cut the same way everywhere, and each cut is named.

/** Bytes of an answer's JSON; about 16,000 tokens. */
export const MAX_ANSWER_BYTES = 64 * 1024;

interface Bounds {
  readonly text: number;
  readonly items: number;
}

/** From generous to strict; the first that fits is used, so that what is small stays whole. */
const LEVELS: readonly Bounds[] = [
  { text: 32_768, items: 1000 },
  { text: 8192, items: 300 },
  { text: 4096, items: 100 },
  { text: 1024, items: 40 },
  { text: 300, items: 15 },
  { text: 120, items: 5 },
  { text: 40, items: 2 },
];

export interface Bounded<T> {
  readonly value: T;
  /** what was cut, such as `diagnostics: 40 of 812`; empty when nothing was */
  readonly omitted: string[];
}

function cut(value: unknown, place: string, bounds: Bounds, omitted: string[]): unknown {
  if (typeof value === 'string') {
    if (value.length <= bounds.text) return value;
    omitted.push(`${place}: ${bounds.text} of ${value.length} characters`);
    return `${value.slice(0, bounds.text)}…`;
  }
  if (Array.isArray(value)) {
    if (value.length > bounds.items) omitted.push(`${place}: ${bounds.items} of ${value.length}`);
    return value.slice(0, bounds.items).map((each) => cut(each, `${place}[]`, bounds, omitted));
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value);
    if (entries.length > bounds.items) omitted.push(`${place}: ${bounds.items} of ${entries.length} members`);
    return Object.fromEntries(
      entries
        .slice(0, bounds.items)
        .map(([key, each]) => [key, cut(each, place === '' ? key : `${place}.${key}`, bounds, omitted)]),
    );
  }
  return value;
}

/**
 * `value` is plain data. Its shape stays: lists lose items at the end, texts characters at the end, records members.
 */
export function bounded<T>(value: T, limitBytes: number = MAX_ANSWER_BYTES): Bounded<T> {
  if (Buffer.byteLength(JSON.stringify(value)) <= limitBytes) return { value, omitted: [] };
  let smallest: Bounded<T> = { value, omitted: [] };
  for (const bounds of LEVELS) {
    const omitted: string[] = [];
    smallest = { value: cut(value, '', bounds, omitted) as T, omitted: [...new Set(omitted)].slice(0, 20) };
    if (Buffer.byteLength(JSON.stringify(smallest.value)) <= limitBytes) break;
  }
  return smallest;
}
