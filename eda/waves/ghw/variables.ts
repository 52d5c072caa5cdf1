// The signals of a GHW file as variables of a VCD: vectors of digits and texts as one, parts of records and of other
// arrays each by itself. Several variables may share the file's scalars.
import { lengthOf, Unreadable } from './types.ts';
import type { GhwType, Range, Scalar } from './types.ts';

export interface Variable {
  /** identifier code in the VCD */
  readonly code: string;
  readonly scalar: Scalar;
  /** one entry a scalar, as the file's values stand now */
  readonly state: string[];
  /** changed since it was written */
  dirty: boolean;
}

export interface Declared {
  readonly name: string;
  /** `[7:0]` of a vector, else empty */
  readonly range: string;
  readonly variable: Variable;
}

const FIRST_CODE = 33;
const CODES = 94;
const MAX_ELEMENTS = 1 << 20;
const MAX_VARIABLES = 4_000_000;

/** Short identifiers of printable characters. */
function codeOf(index: number): string {
  let code = '';
  for (let left = index + 1; left > 0; left = Math.floor((left - 1) / CODES))
    code += String.fromCharCode(FIRST_CODE + ((left - 1) % CODES));
  return code;
}

export class VariableTable {
  /** by the number of the file's scalar: where its value goes */
  readonly places = new Map<number, { readonly variable: Variable; readonly at: number }[]>();
  /** how each scalar is read */
  readonly scalars = new Map<number, Scalar>();
  readonly variables: Variable[] = [];
  readonly #known = new Map<string, Variable>();

  /** The variables of one declared signal; `nextId` gives the numbers of its scalars in the file's order. */
  declare(name: string, type: GhwType, nextId: () => number): Declared[] {
    const declared: Declared[] = [];
    this.#expand(name, type, nextId, declared);
    return declared;
  }

  #expand(name: string, type: GhwType, nextId: () => number, declared: Declared[]): void {
    if (type.shape === 'scalar') {
      declared.push({ name, range: '', variable: this.#variable(type.scalar, [nextId()]) });
      return;
    }
    if (type.shape === 'record') {
      for (const [field, part] of type.fields) this.#expand(`${name}.${field}`, part, nextId, declared);
      return;
    }
    if (type.bounds === null) throw new Unreadable(`the bounds of ${name} are not known`);
    const { element, bounds } = type;
    const [only] = bounds;
    if (bounds.length === 1 && only !== undefined && element.shape === 'scalar' && isRow(element.scalar)) {
      const length = lengthOf(only);
      if (length > MAX_ELEMENTS) throw new Unreadable(`${name} is too wide`);
      const ids = Array.from({ length }, nextId);
      if (length > 0)
        declared.push({
          name,
          range: element.scalar.kind === 'digit' ? `[${only.left}:${only.right}]` : '',
          variable: this.#variable(element.scalar, ids),
        });
      return;
    }
    this.#elements(name, bounds, element, nextId, declared);
  }

  #elements(
    name: string,
    bounds: readonly Range[],
    element: GhwType,
    nextId: () => number,
    declared: Declared[],
  ): void {
    const [range, ...inner] = bounds;
    if (range === undefined) {
      this.#expand(name, element, nextId, declared);
      return;
    }
    const length = lengthOf(range);
    for (let at = 0; at < length; at += 1)
      this.#elements(`${name}[${range.downto ? range.left - at : range.left + at}]`, inner, element, nextId, declared);
  }

  #variable(scalar: Scalar, ids: readonly number[]): Variable {
    const key = ids.join(' ');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.variables.length >= MAX_VARIABLES) throw new Unreadable('too many signals');
    const variable: Variable = {
      code: codeOf(this.variables.length),
      scalar,
      state: ids.map(() => (scalar.kind === 'digit' ? 'u' : '')),
      dirty: true,
    };
    this.#known.set(key, variable);
    this.variables.push(variable);
    for (const [at, id] of ids.entries()) {
      this.scalars.set(id, scalar);
      const places = this.places.get(id);
      if (places === undefined) this.places.set(id, [{ variable, at }]);
      else places.push({ variable, at });
    }
    return variable;
  }
}

/** Arrays of such scalars are read as one row. */
const isRow = (scalar: Scalar): boolean => scalar.kind === 'digit' || scalar.kind === 'character';

/** `$var` type and size. */
export function vcdType({ scalar, state }: Variable): string {
  switch (scalar.kind) {
    case 'digit':
      return `reg ${state.length}`;
    case 'integer':
      return `integer ${scalar.bits}`;
    case 'real':
      return 'real 64';
    default:
      return 'string 1';
  }
}

/** A value change of the whole variable. */
export function vcdChange({ code, scalar, state }: Variable): string {
  const [first = ''] = state;
  switch (scalar.kind) {
    case 'digit':
      return state.length === 1 ? `${first}${code}\n` : `b${state.join('')} ${code}\n`;
    case 'integer':
      return `b${first} ${code}\n`;
    case 'real':
      return `r${first} ${code}\n`;
    default:
      return `s${escaped(state.join(''))} ${code}\n`;
  }
}

/** Blanks, backslashes and what is not printable, as texts in a VCD are written. */
const escaped = (text: string): string =>
  text.replace(
    /[^\x21-\x5b\x5d-\x7e]/g,
    (letter) => `\\x${(letter.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`,
  );
