// The numbers and bullets that Word draws in front of paragraphs; the document holds only which list and level it is.
import { childOf, childrenOf, type XmlElement } from '@genrtl/core/documents/xml.ts';
import { valueOf, type NumberingReference } from './styles.ts';

interface Level {
  readonly start: number;
  readonly format: string;
  /** `%1.%2` */
  readonly text: string;
  /** this level starts anew after one of that level or above; undefined: after any above */
  readonly restart: number | undefined;
}

export interface Marker {
  readonly text: string;
  readonly bullet: boolean;
}

export class Numbering {
  /** list → levels */
  readonly #lists = new Map<string, readonly Level[]>();
  /** list → its abstract definition: all lists of one definition count on together */
  readonly #owners = new Map<string, string>();
  readonly #counters = new Map<string, (number | undefined)[]>();
  /** `list level` → number at which the list starts anew when it is first met */
  readonly #restarts = new Map<string, number>();

  constructor(root: XmlElement | undefined) {
    if (root === undefined) return;
    const abstracts = new Map<string, readonly Level[]>();
    for (const one of childrenOf(root, 'w:abstractNum'))
      abstracts.set(one.attributes['w:abstractNumId'] ?? '', readLevels(one));
    for (const num of childrenOf(root, 'w:num')) {
      const id = num.attributes['w:numId'] ?? '';
      const abstract = valueOf(childOf(num, 'w:abstractNumId')) ?? '';
      const levels = [...(abstracts.get(abstract) ?? [])];
      for (const override of childrenOf(num, 'w:lvlOverride')) {
        const at = levelIndex(override);
        const own = childOf(override, 'w:lvl');
        const start = valueOf(childOf(override, 'w:startOverride'));
        const base = own === undefined ? levels[at] : readLevel(own);
        if (base !== undefined) levels[at] = base;
        if (start !== undefined) this.#restarts.set(`${id} ${at}`, Number(start) || 0);
      }
      this.#lists.set(id, levels);
      this.#owners.set(id, abstract);
    }
  }

  /** Counts the paragraph; undefined for a list that does not exist, or one without a mark. */
  next({ id, level }: NumberingReference): Marker | undefined {
    // list 0 takes a style's numbering away
    if (id === '0') return undefined;
    const levels = this.#lists.get(id);
    const own = levels?.[level];
    if (levels === undefined || own === undefined) return undefined;
    if (own.format === 'bullet') return { text: '-', bullet: true };
    const owner = this.#owners.get(id) ?? id;
    let counters = this.#counters.get(owner);
    if (counters === undefined) this.#counters.set(owner, (counters = []));
    const before = counters[level];
    const restart = this.#restarts.get(`${id} ${level}`);
    counters[level] = restart ?? (before === undefined ? own.start : before + 1);
    this.#restarts.delete(`${id} ${level}`);
    for (let deeper = level + 1; deeper < 9; deeper += 1) {
      const after = levels[deeper]?.restart;
      if (after === undefined || level < after) counters[deeper] = undefined;
    }
    if (own.format === 'none') return undefined;
    const text = own.text.replaceAll(/%([1-9])/g, (_whole, digit: string) => {
      const of = Number(digit) - 1;
      const value = counters[of] ?? levels[of]?.start ?? 1;
      return formatted(
        value,
        own.text === `%${digit}` || of === level ? own.format : (levels[of]?.format ?? 'decimal'),
      );
    });
    return text.trim() === '' ? undefined : { text: text.trim(), bullet: false };
  }
}

function levelIndex(element: XmlElement): number {
  const at = Number(element.attributes['w:ilvl'] ?? 0);
  return Number.isInteger(at) && at >= 0 && at < 9 ? at : 0;
}

function readLevels(abstract: XmlElement): readonly Level[] {
  const levels: Level[] = [];
  for (const level of childrenOf(abstract, 'w:lvl')) levels[levelIndex(level)] = readLevel(level);
  return levels;
}

function readLevel(level: XmlElement): Level {
  const start = Number(valueOf(childOf(level, 'w:start')) ?? 1);
  const restart = valueOf(childOf(level, 'w:lvlRestart'));
  return {
    start: Number.isFinite(start) ? start : 1,
    format: valueOf(childOf(level, 'w:numFmt')) ?? 'decimal',
    text: valueOf(childOf(level, 'w:lvlText')) ?? '',
    restart: restart === undefined ? undefined : Number(restart),
  };
}

const ROMAN: readonly (readonly [number, string])[] = [
  [1000, 'm'],
  [900, 'cm'],
  [500, 'd'],
  [400, 'cd'],
  [100, 'c'],
  [90, 'xc'],
  [50, 'l'],
  [40, 'xl'],
  [10, 'x'],
  [9, 'ix'],
  [5, 'v'],
  [4, 'iv'],
  [1, 'i'],
];

function formatted(value: number, format: string): string {
  switch (format) {
    case 'lowerLetter':
      return letters(value);
    case 'upperLetter':
      return letters(value).toUpperCase();
    case 'lowerRoman':
      return roman(value);
    case 'upperRoman':
      return roman(value).toUpperCase();
    case 'decimalZero':
      return String(value).padStart(2, '0');
    default:
      return String(value);
  }
}

/** a … z, aa, bb, as Word counts. */
function letters(value: number): string {
  if (value < 1 || value > 26 * 20) return String(value);
  const letter = String.fromCharCode(97 + ((value - 1) % 26));
  return letter.repeat(Math.ceil(value / 26));
}

function roman(value: number): string {
  if (value < 1 || value > 4000) return String(value);
  let rest = value;
  let text = '';
  for (const [of, sign] of ROMAN) {
    while (rest >= of) {
      text += sign;
      rest -= of;
    }
  }
  return text;
}
