// Hjson (https://hjson.github.io/syntax.html) with the line of every value, so that what is not understood can be
// shown.
import { DescriptionError } from '../reading.ts';

export type HjsonValue = HjsonObject | HjsonArray | HjsonScalar;
export interface HjsonObject {
  readonly kind: 'object';
  readonly line: number;
  readonly entries: ReadonlyMap<string, HjsonValue>;
}
export interface HjsonArray {
  readonly kind: 'array';
  readonly line: number;
  readonly items: readonly HjsonValue[];
}
/** Strings, numbers and words alike as text: the files quote numbers or not as they please. */
export interface HjsonScalar {
  readonly kind: 'scalar';
  readonly line: number;
  readonly text: string;
}

const MAX_DEPTH = 100;

/** Throws DescriptionError. */
export function readHjson(text: string): HjsonValue {
  return new Reader(text).root();
}

class Reader {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #depth = 0;

  constructor(text: string) {
    this.#text = text.startsWith('\ufeff') ? text.slice(1) : text;
  }

  root(): HjsonValue {
    this.#skip();
    const first = this.#text[this.#at];
    if (first === '{' || first === '[') {
      const value = this.#value();
      this.#skip();
      if (this.#at < this.#text.length) this.#fail('there is something behind its end');
      return value;
    }
    return this.#members(undefined);
  }

  #fail(message: string): never {
    throw new DescriptionError(message, this.#line);
  }

  /** Blanks and comments. */
  #skip(): void {
    for (;;) {
      const sign = this.#text[this.#at];
      if (sign === '\n') this.#line += 1;
      if (sign === undefined) return;
      if (/\s/.test(sign)) this.#at += 1;
      else if (sign === '#' || this.#text.startsWith('//', this.#at)) this.#to('\n');
      else if (this.#text.startsWith('/*', this.#at)) {
        const end = this.#text.indexOf('*/', this.#at + 2);
        if (end < 0) this.#fail('a comment has no end');
        this.#advance(end + 2);
      } else return;
    }
  }

  /** Before the next `sign`, or at the end. */
  #to(sign: string): void {
    const end = this.#text.indexOf(sign, this.#at);
    this.#advance(end < 0 ? this.#text.length : end);
  }

  #advance(to: number): void {
    for (let at = this.#at; at < to; at += 1) if (this.#text[at] === '\n') this.#line += 1;
    this.#at = to;
  }

  #value(): HjsonValue {
    this.#skip();
    const sign = this.#text[this.#at];
    if (sign === undefined) this.#fail('a value is missing');
    if (sign === '{' || sign === '[') {
      this.#depth += 1;
      if (this.#depth > MAX_DEPTH) this.#fail(`it is nested deeper than ${MAX_DEPTH}`);
      this.#at += 1;
      const value = sign === '{' ? this.#members('}') : this.#items();
      this.#depth -= 1;
      return value;
    }
    const line = this.#line;
    return { kind: 'scalar', line, text: this.#scalar() };
  }

  #members(end: '}' | undefined): HjsonObject {
    const line = this.#line;
    const entries = new Map<string, HjsonValue>();
    for (;;) {
      this.#separator();
      const sign = this.#text[this.#at];
      if (sign === undefined) {
        if (end !== undefined) this.#fail('a } is missing');
        return { kind: 'object', line, entries };
      }
      if (sign === end) {
        this.#at += 1;
        return { kind: 'object', line, entries };
      }
      const key = this.#key();
      entries.set(key, this.#value());
    }
  }

  #items(): HjsonArray {
    const line = this.#line;
    const items: HjsonValue[] = [];
    for (;;) {
      this.#separator();
      const sign = this.#text[this.#at];
      if (sign === undefined) this.#fail('a ] is missing');
      if (sign === ']') {
        this.#at += 1;
        return { kind: 'array', line, items };
      }
      items.push(this.#value());
    }
  }

  #separator(): void {
    this.#skip();
    while (this.#text[this.#at] === ',') {
      this.#at += 1;
      this.#skip();
    }
  }

  #key(): string {
    const sign = this.#text[this.#at];
    let key: string;
    if (sign === '"' || sign === "'") key = this.#quoted(sign);
    else {
      const match = /^[^\s{}[\],:]+/.exec(this.#text.slice(this.#at, this.#at + 200));
      if (match === null) this.#fail(`${JSON.stringify(sign)} stands where a name is expected`);
      key = match[0];
      this.#at += key.length;
    }
    this.#skip();
    if (this.#text[this.#at] !== ':') this.#fail(`a colon is missing behind ${key}`);
    this.#at += 1;
    return key;
  }

  #scalar(): string {
    const sign = this.#text[this.#at];
    if (this.#text.startsWith("'''", this.#at)) return this.#multiline();
    if (sign === '"' || sign === "'") return this.#quoted(sign);
    // without quotes: a number or word ends at punctuation, any other text at the end of the line
    const lineEnd = this.#text.indexOf('\n', this.#at);
    const rest = this.#text.slice(this.#at, lineEnd < 0 ? this.#text.length : lineEnd);
    const word = /^(?:true|false|null|-?\d[\w.+-]*)(?=\s*(?:[,\]}#]|\/\/|\/\*|$))/.exec(rest)?.[0];
    const text = word ?? rest;
    if (/^[,\]}:]/.test(text) || text.trim() === '') this.#fail('a value is missing');
    this.#at += text.length;
    return text.trim();
  }

  #quoted(quote: string): string {
    let text = '';
    for (let at = this.#at + 1; ; at += 1) {
      const sign = this.#text[at];
      if (sign === undefined || sign === '\n') this.#fail('a string has no end');
      if (sign === quote) {
        this.#at = at + 1;
        return text;
      }
      if (sign !== '\\') {
        text += sign;
        continue;
      }
      at += 1;
      const escaped = this.#text[at] ?? '';
      if (escaped === 'u') {
        text += String.fromCharCode(Number.parseInt(this.#text.slice(at + 1, at + 5), 16) || 0xfffd);
        at += 4;
      } else text += { n: '\n', t: '\t', r: '', b: '', f: '' }[escaped] ?? escaped;
    }
  }

  #multiline(): string {
    const end = this.#text.indexOf("'''", this.#at + 3);
    if (end < 0) this.#fail("a ''' string has no end");
    const text = this.#text.slice(this.#at + 3, end);
    this.#advance(end + 3);
    return text.replace(/^[ \t]*\r?\n/, '').replace(/\r?\n[ \t]*$/, '');
  }
}

export function objectOf(value: HjsonValue | undefined): HjsonObject | undefined {
  return value?.kind === 'object' ? value : undefined;
}

/** The items of a list; a single value is a list of one. */
export function itemsOf(value: HjsonValue | undefined): readonly HjsonValue[] {
  if (value === undefined) return [];
  return value.kind === 'array' ? value.items : [value];
}

export function textOf(value: HjsonValue | undefined): string {
  return value?.kind === 'scalar' ? value.text : '';
}

/** Text of a key of an object; '' where there is none. */
export function textAt(value: HjsonValue | undefined, key: string): string {
  return textOf(objectOf(value)?.entries.get(key));
}
