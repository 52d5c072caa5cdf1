// Addresses and bits that are not written: the allocation rules of SystemRDL 2.0, sections 5.1.2.2 and 10.7.
import type { NoteList } from '../../documents/note-list.ts';
import type { Node } from './elaborate.ts';
import { numeric } from './values.ts';

interface Rules {
  readonly addressing: string;
  readonly alignment: bigint;
  readonly msb0: boolean;
}

const START: Rules = { addressing: 'regalign', alignment: 1n, msb0: false };

/** Places everything below `node`. */
export function placeChildren(node: Node, notes: NoteList, outer: Rules = START): void {
  const rules = rulesOf(node, outer);
  for (const child of node.children) {
    if (child.kind === 'reg') placeFields(child, rules, notes);
    else if (child.kind !== 'field' && child.kind !== 'signal') placeChildren(child, notes, rules);
  }
  const bridge = flag(node, 'bridge');
  let next = 0n;
  for (const child of node.children) {
    if (child.kind === 'field' || child.kind === 'signal') continue;
    const size = sizeOf(child);
    if (child.dimensions.length > 0) child.stride ??= size;
    if (child.alias !== null && child.offset === null)
      child.offset = node.children.find(({ name }) => name === child.alias)?.offset ?? null;
    child.offset ??= aligned(bridge ? 0n : next, alignmentOf(child, rules, size));
    next = child.offset + totalSize(child);
  }
}

function rulesOf(node: Node, outer: Rules): Rules {
  const alignment = propertyNumber(node, 'alignment');
  if (node.kind !== 'addrmap') return { ...outer, alignment: alignment ?? outer.alignment };
  const addressing = node.properties.get('addressing')?.value;
  return {
    addressing: addressing?.kind === 'text' ? addressing.text : START.addressing,
    alignment: alignment ?? 1n,
    msb0: flag(node, 'msb0'),
  };
}

export function propertyNumber(node: Node, name: string): bigint | undefined {
  const property = node.properties.get(name);
  return property === undefined ? undefined : numeric(property.value);
}

export function flag(node: Node, name: string): boolean {
  return (propertyNumber(node, name) ?? 0n) !== 0n;
}

export function registerWidth(node: Node): bigint {
  return propertyNumber(node, 'regwidth') ?? 32n;
}

export function memoryWidth(node: Node): bigint {
  const inner = node.children.filter(({ kind }) => kind === 'reg').map(registerWidth);
  return propertyNumber(node, 'memwidth') ?? inner.toSorted((a, b) => (a < b ? 1 : -1))[0] ?? 32n;
}

function bytes(bits: bigint): bigint {
  return (bits + 7n) / 8n;
}

/** Of one element. */
export function sizeOf(node: Node): bigint {
  if (node.kind === 'reg') return bytes(registerWidth(node));
  if (node.kind === 'mem') return (propertyNumber(node, 'mementries') ?? 1n) * powerOfTwo(bytes(memoryWidth(node)));
  let end = 0n;
  for (const child of node.children) {
    if (child.offset === null) continue;
    const behind = child.offset + totalSize(child);
    if (behind > end) end = behind;
  }
  return end;
}

function totalSize(node: Node): bigint {
  const count = node.dimensions.reduce((product, size) => product * size, 1n);
  const size = sizeOf(node);
  return node.dimensions.length === 0 || count === 0n ? size : (node.stride ?? size) * (count - 1n) + size;
}

function alignmentOf(node: Node, rules: Rules, size: bigint): bigint {
  const mode =
    rules.addressing === 'compact'
      ? node.kind === 'reg'
        ? bytes(propertyNumber(node, 'accesswidth') ?? registerWidth(node))
        : 1n
      : powerOfTwo(rules.addressing === 'fullalign' ? totalSize(node) : size);
  return [rules.alignment, node.alignment ?? 1n, mode].reduce((most, one) => (one > most ? one : most), 1n);
}

function powerOfTwo(value: bigint): bigint {
  return value <= 1n ? 1n : 1n << BigInt((value - 1n).toString(2).length);
}

function aligned(value: bigint, alignment: bigint): bigint {
  return ((value + alignment - 1n) / alignment) * alignment;
}

const MAX_BITS = 4096;

/** Fields fill up from bit 0, or from the top where the register counts from its most significant bit. */
function placeFields(register: Node, rules: Rules, notes: NoteList): void {
  const fields = register.children.filter(({ kind }) => kind === 'field');
  const written = fields.find(({ range }) => range !== null && range.left !== range.right)?.range;
  const fromTop = written === undefined || written === null ? rules.msb0 : written.left < written.right;
  const width = Number(registerWidth(register));
  let next = fromTop ? width - 1 : 0;
  for (const field of fields) {
    if (field.unplaced !== null) continue;
    const bits = field.range === null ? inferred(field, fromTop, next) : written === null ? null : rangeOf(field.range);
    if (bits === null || bits.msb >= MAX_BITS || bits.lsb < 0) {
      notes.add(
        'notUnderstood',
        { what: `the bits of ${register.name}.${field.name}`, text: 'they lie outside of the register' },
        { line: field.line },
      );
      continue;
    }
    field.bits = bits;
    next = fromTop ? bits.lsb - 1 : bits.msb + 1;
  }
}

function rangeOf(range: { readonly left: bigint; readonly right: bigint }): { msb: number; lsb: number } {
  const [left, right] = [Number(range.left), Number(range.right)];
  return { msb: Math.max(left, right), lsb: Math.min(left, right) };
}

function inferred(field: Node, fromTop: boolean, next: number): { msb: number; lsb: number } | null {
  const width = Number(field.dimensions[0] ?? propertyNumber(field, 'fieldwidth') ?? 1n);
  if (!(width >= 1 && width <= MAX_BITS)) return null;
  return fromTop ? { msb: next, lsb: next - width + 1 } : { msb: next + width - 1, lsb: next };
}
