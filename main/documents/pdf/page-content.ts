// What a page's drawing operators put on it: words with exact places, straight rules, and how many pictures. Places are
// points from the page's upper left corner as it is looked at, y downwards.
import type { Matrix } from './matrix.ts';
import { IDENTITY, apply, concat } from './matrix.ts';

export interface FontFacts {
  readonly name: string;
  readonly bold: boolean;
  readonly monospaced: boolean;
  /** its codes are numbers of shapes, not letters, and nothing in the file says which */
  readonly unmapped: boolean;
}

/** Letters without a blank between them. */
export interface Word {
  readonly text: string;
  readonly x0: number;
  readonly x1: number;
  /** of the baseline */
  readonly y: number;
  /** height of the font */
  readonly size: number;
  readonly font: FontFacts;
  /** degrees clockwise: 0 for text that is read from left to right */
  readonly angle: number;
  /** along its own direction; of text that lies flat it is x1 - x0 */
  readonly length: number;
  /** a blank was drawn before it, whatever the gap */
  readonly spaced: boolean;
  /** the part of the document's tags that it belongs to */
  readonly tag: number | null;
  /** marked in the file as no content of its own: a header, a footer, a watermark */
  readonly artifact: boolean;
  readonly struck: boolean;
}

/** A straight line, horizontal or vertical; `at` is its y or x. */
export interface Rule {
  readonly horizontal: boolean;
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

export interface PageContent {
  readonly page: number;
  readonly width: number;
  readonly height: number;
  readonly words: readonly Word[];
  readonly rules: readonly Rule[];
  readonly pictures: number;
  /** words on layers that are switched off, or beside the page */
  readonly hidden: number;
  /** letters that carry no meaning, by font */
  readonly unmapped: ReadonlyMap<string, number>;
}

/** A glyph of pdf.js (`fontExtraProperties` on). */
interface Glyph {
  readonly unicode?: string;
  readonly width?: number;
  readonly isSpace?: boolean;
  readonly originalCharCode?: number;
}
/** A font of pdf.js (`fontExtraProperties` on). */
interface PdfFont {
  readonly name?: string;
  readonly bold?: boolean;
  readonly black?: boolean;
  readonly isMonospace?: boolean;
  readonly composite?: boolean;
  readonly isType3Font?: boolean;
  readonly vertical?: boolean;
  readonly fontMatrix?: readonly number[];
  readonly bbox?: readonly number[];
}

interface State {
  ctm: Matrix;
  text: Matrix;
  x: number;
  y: number;
  lineX: number;
  lineY: number;
  leading: number;
  charSpacing: number;
  wordSpacing: number;
  scale: number;
  rise: number;
  size: number;
  font: FontFacts;
  source: PdfFont;
}

export interface OperatorList {
  readonly fnArray: readonly number[];
  readonly argsArray: readonly unknown[];
}
/** The numbers of pdf.js's operators by name. */
export type OperatorNames = Readonly<Record<string, number>>;

export interface PageInput {
  readonly page: number;
  readonly width: number;
  readonly height: number;
  /** from the file's space to that of the page as it is looked at */
  readonly viewport: Matrix;
  readonly operators: OperatorList;
  readonly names: OperatorNames;
  /** a font of the page by its name in the operators */
  font(name: string): unknown;
  isVisible(layer: unknown): boolean;
  readonly pictures: number;
}

const NO_FONT: FontFacts = { name: '', bold: false, monospaced: false, unmapped: false };
const MONOSPACED = /courier|consol|mono|menlo|lucidacons|fixed|typewriter|cmtt|sourcecode|inconsolata/i;
/** Thicker filled strips are shading, not rules. */
const MAX_RULE_WIDTH = 3;
const MIN_RULE_LENGTH = 4;
const MAX_DEPTH = 200;
/** A page of a hostile file draws millions of strokes; a table has far fewer. */
const MAX_RULES = 20_000;

export class PageInterpreter {
  readonly #input: PageInput;
  readonly #fonts = new Map<string, { facts: FontFacts; source: PdfFont }>();
  readonly #words: Word[] = [];
  readonly #rules: Rule[] = [];
  readonly #unmapped = new Map<string, number>();
  readonly #stack: State[] = [];
  readonly #marks: { artifact: boolean; tag: number | null; hidden: boolean }[] = [];
  #state: State;
  #hidden = 0;
  /** letters gathered for the word that is being drawn */
  #open:
    | (Pick<Word, 'text' | 'x0' | 'x1' | 'y' | 'size' | 'angle' | 'spaced'> & {
        text: string;
        x1: number;
        endY: number;
      })
    | null = null;
  #blank = false;

  constructor(input: PageInput) {
    this.#input = input;
    this.#state = {
      ctm: IDENTITY,
      text: IDENTITY,
      x: 0,
      y: 0,
      lineX: 0,
      lineY: 0,
      leading: 0,
      charSpacing: 0,
      wordSpacing: 0,
      scale: 1,
      rise: 0,
      size: 0,
      font: NO_FONT,
      source: {},
    };
  }

  read(): PageContent {
    const { operators, names, page, width, height, pictures } = this.#input;
    const byNumber = new Map(Object.entries(names).map(([name, number]) => [number, name]));
    this.#findUnmapped();
    for (const [at, operator] of operators.fnArray.entries())
      this.#step(byNumber.get(operator) ?? '', (operators.argsArray[at] ?? []) as readonly unknown[]);
    this.#closeWord();
    return {
      page,
      width,
      height,
      words: withoutDoubles(this.#words),
      rules: this.#rules,
      pictures,
      hidden: this.#hidden,
      unmapped: this.#unmapped,
    };
  }

  #step(name: string, args: readonly unknown[]): void {
    const state = this.#state;
    const number = (at: number): number => Number(args[at] ?? 0);
    switch (name) {
      case 'save':
        this.#save();
        return;
      case 'restore':
        this.#restore();
        return;
      case 'transform':
        state.ctm = concat(state.ctm, matrixOf(args));
        return;
      case 'paintFormXObjectBegin':
      case 'beginGroup':
        this.#save();
        if (name === 'paintFormXObjectBegin' && Array.isArray(args[0]))
          this.#state.ctm = concat(this.#state.ctm, matrixOf(args[0] as unknown[]));
        return;
      case 'paintFormXObjectEnd':
      case 'endGroup':
        this.#restore();
        return;
      case 'beginText':
        state.text = IDENTITY;
        this.#moveTo(0, 0);
        return;
      case 'setTextMatrix':
        state.text = matrixOf(args[0] !== null && typeof args[0] === 'object' ? toArray(args[0]) : args);
        this.#moveTo(0, 0);
        return;
      case 'moveText':
        this.#moveTo(state.lineX + number(0), state.lineY + number(1));
        return;
      case 'setLeadingMoveText':
        state.leading = -number(1);
        this.#moveTo(state.lineX + number(0), state.lineY + number(1));
        return;
      case 'nextLine':
        this.#moveTo(state.lineX, state.lineY - state.leading);
        return;
      case 'setLeading':
        state.leading = number(0);
        return;
      case 'setCharSpacing':
        state.charSpacing = number(0);
        return;
      case 'setWordSpacing':
        state.wordSpacing = number(0);
        return;
      case 'setHScale':
        state.scale = number(0) / 100;
        return;
      case 'setTextRise':
        state.rise = number(0);
        return;
      case 'setFont':
        this.#setFont(typeof args[0] === 'string' ? args[0] : '', number(1));
        return;
      case 'showText':
      case 'showSpacedText':
        this.#showText((args[0] ?? []) as readonly (Glyph | number | null)[]);
        return;
      case 'constructPath':
        this.#path(args);
        return;
      case 'beginMarkedContent':
        this.#mark(args[0] === 'Artifact', null, false);
        return;
      case 'beginMarkedContentProps':
        this.#mark(
          args[0] === 'Artifact',
          typeof args[1] === 'number' ? args[1] : null,
          args[0] === 'OC' && !this.#input.isVisible(args[1]),
        );
        return;
      case 'endMarkedContent':
        this.#closeWord();
        this.#marks.pop();
        return;
      default:
        return;
    }
  }

  #mark(artifact: boolean, tag: number | null, hidden: boolean): void {
    this.#closeWord();
    const outer = this.#marks.at(-1);
    if (this.#marks.length < MAX_DEPTH)
      this.#marks.push({
        artifact: artifact || outer?.artifact === true,
        tag: tag ?? outer?.tag ?? null,
        hidden: hidden || outer?.hidden === true,
      });
  }

  #save(): void {
    if (this.#stack.length < MAX_DEPTH) this.#stack.push({ ...this.#state });
  }

  #restore(): void {
    this.#state = this.#stack.pop() ?? this.#state;
  }

  #moveTo(x: number, y: number): void {
    const state = this.#state;
    state.x = state.lineX = x;
    state.y = state.lineY = y;
  }

  #setFont(name: string, size: number): void {
    let known = this.#fonts.get(name);
    if (known === undefined) {
      const source = (this.#input.font(name) ?? {}) as PdfFont;
      known = { facts: fontFacts(source), source };
      this.#fonts.set(name, known);
    }
    this.#state.font = known.facts;
    this.#state.source = known.source;
    this.#state.size = size;
  }

  /** pdf.js's own rule of advance (canvas showText), glyph by glyph. */
  #showText(glyphs: readonly (Glyph | number | null)[]): void {
    const state = this.#state;
    const direction = state.size < 0 ? -1 : 1;
    const size = Math.abs(state.size);
    if (size === 0) return;
    const vertical = state.source.vertical === true;
    const unit = state.source.fontMatrix?.[0] ?? 0.001;
    const facts = state.font;
    const scale = state.scale * direction;
    let along = 0;
    for (const glyph of glyphs) {
      if (glyph === null) continue;
      if (typeof glyph === 'number') {
        along += ((vertical ? 1 : -1) * glyph * size) / 1000;
        continue;
      }
      const spacing = (glyph.isSpace === true ? state.wordSpacing : 0) + state.charSpacing;
      const width = (glyph.width ?? 0) * size * unit;
      const advance = width + spacing * direction;
      const text = this.#letter(glyph, facts);
      if (text.trim() === '') {
        this.#closeWord();
        this.#blank = true;
      } else if (vertical) this.#place(text, state.x, state.y - along, size, size, facts);
      else this.#place(text, state.x + along * scale, state.y + state.rise, width * scale, size, facts);
      along += vertical ? -size - spacing : advance;
    }
    if (vertical) state.y -= along;
    else state.x += along * scale;
    // another string may begin anywhere: the gap decides whether it goes on with the same word
  }

  /**
   * A composite font whose every code is its own letter numbers shapes, and nothing says which letters they are: in
   * such a text `A` comes out as `$`, and a blank as a control character.
   */
  #findUnmapped(): void {
    const { operators, names } = this.#input;
    const same = new Map<string, { all: boolean; control: boolean }>();
    let font = '';
    for (const [at, operator] of operators.fnArray.entries()) {
      const args = (operators.argsArray[at] ?? []) as readonly unknown[];
      if (operator === names['setFont']) font = typeof args[0] === 'string' ? args[0] : '';
      if (operator !== names['showText']) continue;
      const seen = same.get(font) ?? { all: true, control: false };
      for (const glyph of (args[0] ?? []) as readonly (Glyph | number | null)[]) {
        if (glyph === null || typeof glyph === 'number') continue;
        const code = glyph.unicode?.codePointAt(0) ?? 0;
        if (code !== glyph.originalCharCode) seen.all = false;
        if (code < 0x20) seen.control = true;
      }
      same.set(font, seen);
    }
    for (const [name, { all, control }] of same) {
      const source = (this.#input.font(name) ?? {}) as PdfFont;
      const unmapped = all && control && source.composite === true;
      this.#fonts.set(name, { facts: { ...fontFacts(source), unmapped }, source });
    }
  }

  #letter(glyph: Glyph, font: FontFacts): string {
    const unicode = glyph.unicode ?? '';
    if (font.unmapped || /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\ue000-\uf8ff\ufffd]/.test(unicode)) {
      if (glyph.isSpace === true) return ' ';
      this.#unmapped.set(font.name, (this.#unmapped.get(font.name) ?? 0) + 1);
      return '\ufffd';
    }
    return unicode;
  }

  /** `x` and `y` in text space. */
  #place(text: string, x: number, y: number, width: number, size: number, font: FontFacts): void {
    const mark = this.#marks.at(-1);
    const all = concat(concat(this.#input.viewport, this.#state.ctm), this.#state.text);
    const [x0, y0] = apply(all, x, y);
    const [x1, y1] = apply(all, x + width, y);
    const height = Math.hypot(all[2], all[3]) * size * heightOf(this.#state.source);
    if (!Number.isFinite(x0 + y0 + x1 + y1 + height)) return;
    const angle = (Math.round((Math.atan2(y1 - y0, x1 - x0) * 180) / Math.PI) + 360) % 360;
    const open = this.#open;
    const flat = angle === 0;
    const joins =
      open !== null &&
      flat &&
      open.angle === 0 &&
      Math.abs(open.y - y0) < height * 0.05 &&
      Math.abs(open.size - height) < 0.1 &&
      this.#openFont === font &&
      x0 - open.x1 < height * 0.16 &&
      x0 - open.x1 > -height * 0.4;
    if (joins && open !== null) {
      open.text += text;
      open.x1 = Math.max(open.x1, x1);
      return;
    }
    if (open !== null && !flat && open.angle === angle && !this.#blank && this.#openFont === font) {
      // the same along the direction in which it runs
      const [across, down] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
      const [dx, dy] = [x0 - open.x1, y0 - open.endY];
      const [gap, off] = [dx * across + dy * down, dy * across - dx * down];
      if (Math.abs(off) < height * 0.1 && gap < height * 0.16 && gap > -height * 0.4) {
        open.text += text;
        open.x1 = x1;
        open.endY = y1;
        return;
      }
    }
    this.#closeWord();
    const outside = x1 < 0 || x0 > this.#input.width || y0 < 0 || y0 > this.#input.height + height;
    if (mark?.hidden === true || outside) {
      this.#hidden += 1;
      return;
    }
    this.#open = { text, x0, x1, y: y0, endY: y1, size: height, angle, spaced: this.#blank };
    this.#openFont = font;
    this.#blank = false;
  }
  #openFont: FontFacts = NO_FONT;

  #closeWord(): void {
    const open = this.#open;
    if (open === null) return;
    const mark = this.#marks.at(-1);
    const { endY, ...word } = open;
    this.#words.push({
      ...word,
      length: Math.hypot(open.x1 - open.x0, endY - open.y),
      font: this.#openFont,
      tag: mark?.tag ?? null,
      artifact: mark?.artifact === true,
      struck: false,
    });
    this.#open = null;
  }

  #path(args: readonly unknown[]): void {
    const [operator, parts] = args as [number, readonly unknown[] | undefined];
    const { names } = this.#input;
    if (operator === names['endPath'] || this.#marks.at(-1)?.hidden === true) return;
    const data = parts?.[0];
    if (data === null || typeof data !== 'object') return;
    const stroked = [names['stroke'], names['closeStroke'], names['fillStroke'], names['eoFillStroke']].includes(
      operator,
    );
    const all = concat(this.#input.viewport, this.#state.ctm);
    for (const points of subpaths(toArray(data) as readonly number[], all)) this.#rulesOf(points, stroked);
  }

  /** Lines of a stroked path; a filled one counts where it is as thin as a line. */
  #rulesOf(points: readonly (readonly [number, number])[], stroked: boolean): void {
    if (this.#rules.length > MAX_RULES) return;
    const xs = points.map(([x]) => x);
    const ys = points.map(([, y]) => y);
    const [left, right] = [Math.min(...xs), Math.max(...xs)];
    const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
    const [width, height] = [right - left, bottom - top];
    if (height <= MAX_RULE_WIDTH && width >= MIN_RULE_LENGTH && width > height * 2) {
      this.#rules.push({ horizontal: true, at: (top + bottom) / 2, from: left, to: right });
    } else if (width <= MAX_RULE_WIDTH && height >= MIN_RULE_LENGTH && height > width * 2) {
      this.#rules.push({ horizontal: false, at: (left + right) / 2, from: top, to: bottom });
    } else if (stroked) {
      for (let at = 1; at < points.length; at += 1) {
        const [[x0, y0], [x1, y1]] = [points[at - 1] ?? [0, 0], points[at] ?? [0, 0]];
        if (Math.abs(y1 - y0) < 0.5 && Math.abs(x1 - x0) >= MIN_RULE_LENGTH)
          this.#rules.push({ horizontal: true, at: y0, from: Math.min(x0, x1), to: Math.max(x0, x1) });
        else if (Math.abs(x1 - x0) < 0.5 && Math.abs(y1 - y0) >= MIN_RULE_LENGTH)
          this.#rules.push({ horizontal: false, at: x0, from: Math.min(y0, y1), to: Math.max(y0, y1) });
      }
    }
  }
}

/** A font of drawn shapes (Type 3) is as high as its shapes, in units of its own; all others as their size says. */
function heightOf(font: PdfFont): number {
  const [bottom, top] = [font.bbox?.[1] ?? 0, font.bbox?.[3] ?? 0];
  const unit = Math.abs(font.fontMatrix?.[3] ?? 0.001);
  return font.isType3Font === true && top > bottom ? Math.max(0.1, (top - bottom) * unit * 0.9) : 1;
}

function toArray(value: object): unknown[] {
  return Array.isArray(value) ? value : [...(value as Iterable<unknown>)];
}

function matrixOf(values: readonly unknown[]): Matrix {
  const numbers = values.slice(0, 6).map(Number);
  return numbers.length === 6 && numbers.every(Number.isFinite) ? (numbers as unknown as Matrix) : IDENTITY;
}

/** Numbers of pdf.js's path data: 0 moveTo, 1 lineTo, 2 curveTo, 3 quadraticCurveTo, 4 closePath. Curves end a path. */
const VALUES = [2, 2, 6, 4, 0] as const;

function subpaths(data: readonly number[], all: Matrix): (readonly [number, number])[][] {
  const paths: (readonly [number, number])[][] = [];
  let current: (readonly [number, number])[] = [];
  const finish = (): void => {
    if (current.length > 1) paths.push(current);
    current = [];
  };
  for (let at = 0; at < data.length; ) {
    const operator = data[at] ?? 0;
    const count = VALUES[operator as 0] ?? 0;
    const point = apply(all, data[at + 1] ?? 0, data[at + 2] ?? 0);
    if (operator === 0) {
      finish();
      current = [point];
    } else if (operator === 1) current.push(point);
    else if (operator === 4) {
      if (current[0] !== undefined) current.push(current[0]);
      finish();
    } else finish();
    at += 1 + count;
  }
  finish();
  return paths;
}

function fontFacts(font: PdfFont): FontFacts {
  const name = font.name ?? '';
  return {
    name,
    bold: font.bold === true || font.black === true || /bold|black|heavy|demi|semibold/i.test(name),
    monospaced:
      MONOSPACED.test(name) ||
      (font.isMonospace === true &&
        !/song|ming|hei|kai|gothic|mincho|cjk|han|fang|yuan|pingfang|simsun|sun-?ext/i.test(name)),
    unmapped: false,
  };
}

/** Programs draw bold text by drawing it twice, a little apart. */
function withoutDoubles(words: readonly Word[]): Word[] {
  const seen = new Map<string, Word[]>();
  return words.filter((word) => {
    const key = `${word.text} ${Math.round(word.y / 4)}`;
    const near = [...(seen.get(key) ?? []), ...(seen.get(`${word.text} ${Math.round(word.y / 4) + 1}`) ?? [])];
    const isDouble = near.some(
      (other) => Math.abs(other.x0 - word.x0) < word.size * 0.15 && Math.abs(other.y - word.y) < word.size * 0.15,
    );
    if (!isDouble) seen.set(key, [...(seen.get(key) ?? []), word]);
    return !isDouble;
  });
}
