// Memory maps of an IP-XACT component: blocks, banks, register files and registers with their arrays, fields.
import { childrenOf, type XmlElement } from '../../documents/xml.ts';
import { bitRange, hex, plain, type ArrayOf, type Field, type Memory } from '../model.ts';
import type { Register, RegisterBlock, Value } from '../model.ts';
import { DescriptionError, MAX_ENTRIES, numberOf } from '../reading.ts';
import { all, attribute, local, one, said } from './elements.ts';
import type { ComponentValues } from './values.ts';

const ACCESS: Readonly<Record<string, string>> = {
  'read-write': 'rw',
  'read-only': 'ro',
  'write-only': 'wo',
  'read-writeonce': 'rw1',
  writeonce: 'w1',
  'no-access': 'none',
};
const ON_WRITE: Readonly<Record<string, string>> = {
  oneToClear: 'w1c',
  oneToSet: 'w1s',
  oneToToggle: 'w1t',
  zeroToClear: 'w0c',
  zeroToSet: 'w0s',
  zeroToToggle: 'w0t',
  clear: 'wc',
  set: 'ws',
  modify: 'write changes it',
};
const ON_READ: Readonly<Record<string, string>> = { clear: 'rc', set: 'rs', modify: 'read changes it' };
/** Of an array, and of all that it lies in. */
interface Place {
  readonly path: string;
  readonly offset: Value;
  readonly array: ArrayOf | null;
}

export class MemoryMaps {
  readonly #values: ComponentValues;
  #entries = 0;

  constructor(values: ComponentValues) {
    this.#values = values;
  }

  read(maps: readonly XmlElement[]): RegisterBlock[] {
    return maps.flatMap((map) => this.#memoryMap(map));
  }

  #memoryMap(map: XmlElement): RegisterBlock[] {
    const unit = numberOf(said(map, 'addressUnitBits')) ?? 8n;
    if (unit !== 8n)
      this.#values.notes.add(
        'notUnderstood',
        { what: `addresses of ${unit} bits`, text: 'offsets are shown in these units' },
        { line: map.line },
      );
    const blocks = all(map, 'addressBlock').flatMap((block) => this.#block(block, said(map, 'name'), null));
    const banks = all(map, 'bank').flatMap((bank) => this.#bank(bank, said(map, 'name')));
    for (const part of ['subspaceMap', 'memoryRemap']) {
      for (const element of all(map, part))
        this.#values.notes.add(
          'notUnderstood',
          { what: `the ${part} ${said(element, 'name')}`, text: 'it is another map' },
          { line: element.line },
        );
    }
    return [...blocks, ...banks];
  }

  /** Blocks of a bank follow one another, or lie side by side at one address. */
  #bank(bank: XmlElement, name: string): RegisterBlock[] {
    const base = this.#values.value(one(bank, 'baseAddress'), 'a base address') ?? 0n;
    const serial = attribute(bank, 'bankAlignment') !== 'parallel';
    let at: Value = base;
    return all(bank, 'addressBlock').flatMap((block) => {
      const blocks = this.#block(block, `${name}.${said(bank, 'name')}`, at);
      const range = this.#values.value(one(block, 'range'), 'a range');
      if (serial && typeof at === 'bigint' && typeof range === 'bigint') at += range;
      return blocks;
    });
  }

  #block(block: XmlElement, map: string, base: Value | null): RegisterBlock[] {
    const name = said(block, 'name');
    if (!this.#values.isPresent(block, name)) return [];
    const width = this.#values.value(one(block, 'width'), `the width of ${name}`) ?? 32n;
    const size = this.#values.value(one(block, 'range'), `the range of ${name}`) ?? null;
    const access = accessOf(block);
    const entries: (Register | Memory)[] = [];
    this.#inside(block, { path: '', offset: 0n, array: null }, { width, access }, entries);
    const usage = said(block, 'usage');
    if (usage === 'memory' && entries.length === 0 && size !== null) {
      const bytes = typeof width === 'bigint' && width >= 8n ? width / 8n : 1n;
      entries.push({
        kind: 'memory',
        name,
        offset: 0n,
        entries: typeof size === 'bigint' ? size / bytes : size,
        width,
        access,
        description: said(block, 'description'),
        properties: [],
        array: null,
      });
    }
    return [
      {
        name: [map, name].filter((part) => part !== '').join('.'),
        base: base ?? this.#values.value(one(block, 'baseAddress'), `the base address of ${name}`) ?? null,
        size,
        description: [said(block, 'description'), usage === '' || usage === 'memory' ? '' : `Usage: ${usage}.`]
          .filter((part) => part !== '')
          .join('\n\n'),
        entries,
      },
    ];
  }

  #inside(
    parent: XmlElement,
    place: Place,
    outer: { width: Value; access: string },
    entries: (Register | Memory)[],
  ): void {
    for (const child of childrenOf(parent)) {
      const kind = local(child.name);
      if (kind === 'register') this.#register(child, place, outer, entries);
      else if (kind === 'registerFile') {
        const name = said(child, 'name');
        if (!this.#values.isPresent(child, name)) continue;
        const stride = this.#values.value(one(child, 'range'), `the range of ${name}`);
        this.#inside(child, this.#within(child, place, name, stride ?? 0n), outer, entries);
      }
    }
  }

  /** The element's place in its block, with its own array. */
  #within(element: XmlElement, place: Place, name: string, size: Value): Place {
    const offset = this.#values.value(one(element, 'addressOffset'), `the offset of ${name}`) ?? 0n;
    const dims = [...all(element, 'dim'), ...all(element, 'array', 'dim')];
    const counts = dims.flatMap((dim) => this.#values.value(dim, `the size of ${name}`) ?? []);
    const range = counts.map((count) => `[0..${typeof count === 'bigint' ? count - 1n : `${count}-1`}]`).join('');
    let stride: Value = this.#values.value(one(element, 'array', 'stride'), `the stride of ${name}`) ?? size;
    const strides: Value[] = [];
    for (const count of [...counts].reverse()) {
      strides.unshift(stride);
      stride =
        typeof stride === 'bigint' && typeof count === 'bigint' ? stride * count : `${plain(stride)} * ${plain(count)}`;
    }
    return {
      path: `${place.path}${name}${range}.`,
      offset: sum(place.offset, offset),
      array:
        counts.length === 0
          ? place.array
          : {
              counts: [...(place.array?.counts ?? []), ...counts],
              strides: [...(place.array?.strides ?? []), ...strides],
            },
    };
  }

  #register(
    element: XmlElement,
    place: Place,
    outer: { width: Value; access: string },
    entries: (Register | Memory)[],
  ): void {
    const name = said(element, 'name');
    if (!this.#values.isPresent(element, name)) return;
    this.#entries += 1;
    if (this.#entries > MAX_ENTRIES) throw new DescriptionError('it holds more registers than are read', element.line);
    for (const reference of ['registerDefinitionRef', 'typeDefinitions'])
      if (one(element, reference) !== undefined)
        this.#values.notes.add(
          'notUnderstood',
          { what: `the definition of ${name}`, text: `it is referred to: ${said(element, reference)}` },
          { line: element.line },
        );
    const width = this.#values.value(one(element, 'size'), `the size of ${name}`) ?? outer.width;
    const bytes = typeof width === 'bigint' ? (width + 7n) / 8n : `${width} / 8`;
    const own = this.#within(element, place, name, bytes);
    const access = accessOf(element) || outer.access;
    const reset = one(element, 'reset');
    const value =
      reset === undefined ? undefined : this.#values.value(one(reset, 'value'), `the reset value of ${name}`);
    const mask = reset === undefined ? undefined : this.#values.constant(said(reset, 'mask'));
    const whole = typeof value === 'bigint' && mask !== undefined ? value & mask : value;
    const fields = all(element, 'field').flatMap((field) =>
      this.#field(field, access, typeof whole === 'bigint' ? { value: whole, mask } : null),
    );
    const alternates = all(element, 'alternateRegisters', 'alternateRegister').map((alternate) =>
      said(alternate, 'name'),
    );
    entries.push({
      kind: 'register',
      name: own.path.slice(0, -1),
      offset: own.offset,
      width,
      access,
      reset: whole === undefined ? '' : hex(whole),
      description: [said(element, 'displayName'), said(element, 'description')]
        .filter((part) => part !== '' && part !== name)
        .join('\n'),
      fields,
      array: own.array,
      properties: [
        said(element, 'volatile') === 'true' ? 'volatile: its value may change by itself' : '',
        alternates.length === 0 ? '' : `other views: ${alternates.join(', ')}`,
      ].filter((text) => text !== ''),
    });
    for (const alternate of all(element, 'alternateRegisters', 'alternateRegister')) {
      const view: XmlElement = {
        ...alternate,
        children: [
          ...alternate.children.filter((child) => typeof child === 'string' || local(child.name) !== 'addressOffset'),
          ...all(element, 'addressOffset'),
          ...all(element, 'size'),
        ],
      };
      this.#register(view, place, outer, entries);
    }
  }

  #field(field: XmlElement, outer: string, whole: { value: bigint; mask: bigint | undefined } | null): Field[] {
    const name = said(field, 'name');
    if (!this.#values.isPresent(field, name)) return [];
    if (one(field, 'fieldDefinitionRef') !== undefined)
      this.#values.notes.add(
        'notUnderstood',
        { what: `the definition of ${name}`, text: `it is referred to: ${said(field, 'fieldDefinitionRef')}` },
        { line: field.line },
      );
    const offset = this.#values.value(one(field, 'bitOffset'), `the bits of ${name}`);
    const width = this.#values.value(one(field, 'bitWidth'), `the bits of ${name}`) ?? 1n;
    const placed = typeof offset === 'bigint' && typeof width === 'bigint' && width > 0n && offset < 65_536n;
    const lsb = placed ? Number(offset) : null;
    const policy = one(field, 'fieldAccessPolicies', 'fieldAccessPolicy') ?? field;
    const effects = [
      ON_READ[said(policy, 'readAction')] ?? said(policy, 'readAction'),
      ON_WRITE[said(policy, 'modifiedWriteValue')] ?? said(policy, 'modifiedWriteValue'),
    ];
    const base: Field = {
      name,
      lsb,
      bits: placed
        ? bitRange(Number(offset + width - 1n), Number(offset))
        : `${offset === undefined ? '?' : plain(offset)} +: ${plain(width)}`,
      access: [accessOf(policy) || accessOf(field) || outer, ...effects].filter((part) => part !== '').join(', '),
      hardware: '',
      reset: this.#fieldReset(field, whole, placed ? { offset, width } : null),
      description: [said(field, 'displayName'), said(field, 'description')]
        .filter((part) => part !== '' && part !== name)
        .join('\n'),
      values: all(field, 'enumeratedValues', 'enumeratedValue').map((value) => ({
        value: said(value, 'value'),
        name: [said(value, 'name'), attribute(value, 'usage')]
          .filter((part) => part !== '' && part !== 'read-write')
          .join(', '),
        description: said(value, 'description') || said(value, 'displayName'),
      })),
      properties: [
        said(field, 'volatile') === 'true' ? 'volatile' : '',
        said(policy, 'reserved') === 'true' || said(field, 'reserved') === 'true' ? 'reserved' : '',
        said(policy, 'testable') === 'false' || said(field, 'testable') === 'false' ? 'not testable' : '',
      ].filter((text) => text !== ''),
    };
    return this.#copies(field, base, placed ? { offset, width } : null);
  }

  #fieldReset(
    field: XmlElement,
    whole: { value: bigint; mask: bigint | undefined } | null,
    place: { offset: bigint; width: bigint } | null,
  ): string {
    const resets = [...all(field, 'resets', 'reset'), ...all(field, 'reset')];
    if (resets.length > 0)
      return resets
        .map((reset) => {
          const value = this.#values.value(one(reset, 'value'), 'a reset value');
          const kind = attribute(reset, 'resetTypeRef');
          return `${value === undefined ? '' : hex(value)}${kind === '' ? '' : ` (${kind})`}`;
        })
        .join(', ');
    if (whole === null || place === null) return '';
    const bits = (1n << place.width) - 1n;
    // a bit that the mask leaves out has no reset value
    if (whole.mask !== undefined && ((whole.mask >> place.offset) & bits) !== bits) return '';
    return hex((whole.value >> place.offset) & bits);
  }

  /** Fields may be arrays too: a row for each element. */
  #copies(field: XmlElement, base: Field, place: { offset: bigint; width: bigint } | null): Field[] {
    const dim = one(field, 'dim') ?? one(field, 'array', 'dim');
    const count = dim === undefined ? undefined : this.#values.value(dim, `the size of ${base.name}`);
    if (typeof count !== 'bigint' || place === null || count > 1024n) return [base];
    const stride = this.#values.constant(said(field, 'array', 'bitStride')) ?? place.width;
    return Array.from({ length: Number(count) }, (_, at): Field => {
      const offset = Number(place.offset + stride * BigInt(at));
      return {
        ...base,
        name: `${base.name}[${at}]`,
        lsb: offset,
        bits: bitRange(offset + Number(place.width) - 1, offset),
      };
    });
  }
}

function accessOf(element: XmlElement): string {
  const text = said(element, 'access') || said(element, 'accessPolicies', 'accessPolicy', 'access');
  return ACCESS[text.toLowerCase()] ?? text;
}

function sum(a: Value, b: Value): Value {
  if (typeof a === 'bigint' && typeof b === 'bigint') return a + b;
  if (a === 0n) return b;
  return b === 0n ? a : `${plain(a)} + ${plain(b)}`;
}
