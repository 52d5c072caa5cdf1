// Text macros: their definitions, arguments, pasting and stringification.
import { stringEnd } from './lexer.ts';
import type { Place } from './lexer.ts';

export interface Formal {
  readonly name: string;
  readonly default: string | null;
}

export interface Macro {
  readonly name: string;
  /** null: takes no arguments */
  readonly formals: readonly Formal[] | null;
  readonly body: string;
  readonly place: Place;
  /** the body with `actuals` in the places of the formals, pasted and stringified */
  expand(actuals: readonly string[]): string;
}

/** Definitions by name; several for one name only where every branch of the source counts. */
export class MacroTable {
  readonly #byName = new Map<string, Macro[]>();
  #version = 0;

  /** Grows with every definition that says something new. */
  get version(): number {
    return this.#version;
  }

  get names(): ReadonlySet<string> {
    return new Set(this.#byName.keys());
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  get(name: string): readonly Macro[] {
    return this.#byName.get(name) ?? [];
  }

  define(given: Omit<Macro, 'expand'>, beside: boolean): void {
    const macro: Macro = { ...given, expand: (actuals) => expansion(given, actuals) };
    const known = this.#byName.get(given.name);
    if (!beside || known === undefined) this.#byName.set(given.name, [macro]);
    else if (known.some((one) => one.body === macro.body && formalsText(one) === formalsText(macro))) return;
    else known.push(macro);
    this.#version += 1;
  }

  undefine(name: string): void {
    this.#byName.delete(name);
    this.#version += 1;
  }

  clear(): void {
    this.#byName.clear();
    this.#version += 1;
  }
}

const formalsText = ({ formals }: Pick<Macro, 'formals'>): string => JSON.stringify(formals);

const NAME = /^\s*(?:\\([^\s]+)|([A-Za-z_][\w$]*))/;

/** What stands behind `` `define ``; null for what defines nothing. */
export function readDefinition(rest: string, { file, line }: Place): Omit<Macro, 'expand'> | null {
  const named = NAME.exec(rest);
  const name = named?.[1] ?? named?.[2];
  if (named === null || name === undefined) return null;
  let at = named[0].length;
  let formals: Formal[] | null = null;
  // only a bracket right behind the name opens arguments
  if (rest[at] === '(') {
    const close = closingBracket(rest, at);
    formals = splitFormals(rest.slice(at + 1, close));
    at = close + 1;
  }
  return { name, formals, body: bodyText(rest.slice(at)), place: { file, line } };
}

/** Joined lines become line ends; comments are left to the lexer, a line comment ends with its line. */
function bodyText(text: string): string {
  return text.replace(/\\\r?\n/g, '\n').trim();
}

function closingBracket(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at = stringEnd(text, at) - 1;
    else if (char === '(' || char === '[' || char === '{') depth += 1;
    else if ((char === ')' || char === ']' || char === '}') && --depth === 0) return at;
  }
  return text.length;
}

function splitFormals(text: string): Formal[] {
  const parts: string[] = [];
  let [from, depth] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (char === '"') at = stringEnd(text, at) - 1;
    else if ('([{'.includes(char)) depth += 1;
    else if (')]}'.includes(char)) depth -= 1;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts.flatMap((part) => {
    const equals = part.indexOf('=');
    const name = (equals === -1 ? part : part.slice(0, equals)).replace(/\\\r?\n/g, ' ').trim();
    return name === '' ? [] : [{ name, default: equals === -1 ? null : part.slice(equals + 1).trim() }];
  });
}

/** Words, strings, the two-character marks `` `` `` and `` `" ``, and everything else one character at a time. */
const PIECE = /``|`\\`"|`"|"(?:[^"\\\n]|\\[\s\S])*"?|[A-Za-z_][\w$]*|[\s\S]/g;

function expansion({ formals, body }: Pick<Macro, 'formals' | 'body'>, actuals: readonly string[]): string {
  const values = new Map(
    (formals ?? []).map(({ name, default: text }, at) => {
      const actual = actuals[at];
      return [name, actual === undefined || (actual === '' && text !== null) ? (text ?? '') : actual] as const;
    }),
  );
  const out: string[] = [];
  for (const [piece] of body.matchAll(PIECE)) {
    if (piece === '``') continue;
    if (piece === '`"') out.push('"');
    else if (piece === '`\\`"') out.push('\\"');
    else out.push(values.get(piece) ?? piece);
  }
  return out.join('');
}
