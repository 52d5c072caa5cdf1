// Numbers of a component and the expressions that its parameters stand in, with what was not understood of them.
import { NoteList } from '../../documents/note-list.ts';
import { textOf, type XmlElement } from '../../documents/xml.ts';
import type { Value } from '../model.ts';
import { constantOf, numberOf } from '../reading.ts';
import { said } from './elements.ts';

const FACTORS: Readonly<Record<string, bigint>> = { k: 1n << 10n, m: 1n << 20n, g: 1n << 30n, t: 1n << 40n };

/** Numbers of 1685-2009: `#1F` is hexadecimal, `4K` are 4096. */
function scaled(text: string): bigint | undefined {
  const found = /^\+?(?:(?:#|0x)([0-9a-f]{1,16})|(\d{1,20}))([kmgt]?)$/i.exec(text.trim());
  if (found === null) return undefined;
  const [, hex, digits = '0', factor = ''] = found;
  return BigInt(hex === undefined ? digits : `0x${hex}`) * (FACTORS[factor.toLowerCase()] ?? 1n);
}

export class ComponentValues {
  readonly notes = new NoteList();
  /** by identifier and by name */
  readonly #values = new Map<string, bigint>();
  readonly #names = new Map<string, string>();

  /** Everything by which a parameter is referred to. */
  define(identifiers: readonly string[], name: string, value: bigint | undefined): void {
    for (const id of identifiers) {
      if (id === '') continue;
      this.#names.set(id, name);
      if (value !== undefined) this.#values.set(id, value);
    }
  }

  /** Identifiers of parameters are often made by a machine; their names are what a reader knows. */
  named(text: string): string {
    return text.replaceAll(/[A-Za-z_]\w*/g, (word) => this.#names.get(word) ?? word).replaceAll(/\s+/g, ' ');
  }

  constant(text: string): bigint | undefined {
    return scaled(text) ?? constantOf(text, (name) => this.#values.get(name));
  }

  /** A number, or the expression in names. */
  value(element: XmlElement | undefined, what: string): Value | undefined {
    if (element === undefined) return undefined;
    const text = textOf(element).trim();
    if (text === '') return undefined;
    const number = this.constant(text);
    if (number !== undefined) return number;
    this.notes.add('notUnderstood', { what, text }, { line: element.line });
    return this.named(text);
  }

  isPresent(element: XmlElement, name: string): boolean {
    if (this.constant(said(element, 'isPresent') || '1') !== 0n) return true;
    this.notes.add('ignored', { what: `${name}, which is not present (isPresent)` }, { line: element.line });
    return false;
  }

  /** `[7:0]` is 8, `[WIDTH-1:0]` is WIDTH. */
  extent(left: string, right: string): string {
    const [a, b] = [numberOf(left), numberOf(right)];
    if (a !== undefined && b !== undefined) return ((a > b ? a - b : b - a) + 1n).toString();
    const named = this.named(left);
    const less = /^\(?\s*(.+?)\s*-\s*1\s*\)?$/.exec(named);
    if (b === 0n) return less?.[1] ?? `${named} + 1`;
    return `(${named}) - (${this.named(right)}) + 1`;
  }
}
