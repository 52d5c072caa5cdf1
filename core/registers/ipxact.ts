// IP-XACT components (SPIRIT 1.4 and 1.5, IEEE 1685-2009, -2014, -2022): ports, parameters, bus interfaces, memory maps.
// Elements are found by their local names, which differ little between the editions.
import { NoteList } from '../documents/note-list.ts';
import { XmlError, childrenOf, readXml, textOf, type XmlElement } from '../documents/xml.ts';
import {
  EMPTY,
  bitRange,
  hex,
  plain,
  type ArrayOf,
  type Bus,
  type Field,
  type Memory,
  type Parameter,
  type Port,
} from './model.ts';
import type { Register, RegisterBlock, Value } from './model.ts';
import { DescriptionError, MAX_ENTRIES, constantOf, numberOf, type ReadDescription } from './reading.ts';
import { directionOf } from './register-csv.ts';

const ROOTS: Readonly<Record<string, string>> = {
  busDefinition: 'a bus definition',
  abstractionDefinition: 'an abstraction definition',
  design: 'a design',
  designConfiguration: 'a design configuration',
  catalog: 'a catalogue',
  generatorChain: 'a chain of generators',
  abstractor: 'an abstractor',
  typeDefinitions: 'a set of type definitions',
};

/** Throws DescriptionError. */
export function readIpxact(text: string): ReadDescription {
  let root: XmlElement;
  try {
    root = readXml(text);
  } catch (error) {
    if (error instanceof XmlError) throw new DescriptionError(error.message, error.line);
    throw error;
  }
  const name = local(root.name);
  if (name !== 'component') {
    const what = Object.hasOwn(ROOTS, name) ? `${ROOTS[name]}, not a component` : `no IP-XACT: its root is ${name}`;
    throw new DescriptionError(`it is ${what}`, root.line);
  }
  return new Component(root).read();
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1);

function all(element: XmlElement | undefined, ...path: readonly string[]): XmlElement[] {
  let found: XmlElement[] = element === undefined ? [] : [element];
  for (const step of path)
    found = found.flatMap((one) => childrenOf(one).filter((child) => local(child.name) === step));
  return found;
}

function one(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  return all(element, ...path)[0];
}

const said = (element: XmlElement | undefined, ...path: readonly string[]): string =>
  textOf(one(element, ...path)).trim();

function attribute(element: XmlElement | undefined, name: string): string {
  for (const [key, value] of Object.entries(element?.attributes ?? {})) if (local(key) === name) return value;
  return '';
}

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
/** The roles of bus interfaces in all editions. */
const ROLES = [
  'master',
  'slave',
  'initiator',
  'target',
  'system',
  'mirroredMaster',
  'mirroredSlave',
  'mirroredSystem',
  'mirroredInitiator',
  'mirroredTarget',
  'monitor',
];
/** Parts of a component that say how it is built, not what it does. */
const SILENT = new Set(
  'vendor library name displayName shortDescription version description busInterfaces indirectInterfaces channels remapStates modes powerDomains addressSpaces memoryMaps model componentGenerators choices fileSets clearboxElements whiteboxElements cpus otherClockDrivers resetTypes parameters assertions isPresent vendorExtensions typeDefinitions documentNameGroup'.split(
    ' ',
  ),
);

/** Of an array, and of all that it lies in. */
interface Place {
  readonly path: string;
  readonly offset: Value;
  readonly array: ArrayOf | null;
}

class Component {
  readonly #root: XmlElement;
  readonly #notes = new NoteList();
  /** by identifier and by name */
  readonly #values = new Map<string, bigint>();
  readonly #names = new Map<string, string>();
  #entries = 0;

  constructor(root: XmlElement) {
    this.#root = root;
  }

  read(): ReadDescription {
    const root = this.#root;
    for (const child of childrenOf(root)) {
      const name = local(child.name);
      if (name === 'vendorExtensions')
        this.#notes.add('ignored', { what: 'the vendor extensions' }, { line: child.line });
      else if (!SILENT.has(name))
        this.#notes.add('notUnderstood', { what: `the element ${name}`, text: textOf(child) }, { line: child.line });
    }
    const parameters = this.#parameters();
    const version = [said(root, 'vendor'), said(root, 'library'), said(root, 'name'), said(root, 'version')];
    return {
      description: {
        ...EMPTY,
        name: said(root, 'name') || 'component',
        title: said(root, 'displayName'),
        description: [said(root, 'description'), `Component ${version.filter((part) => part !== '').join(':')}.`]
          .filter((part) => part !== '')
          .join('\n\n'),
        parameters,
        ports: this.#ports(),
        buses: all(root, 'busInterfaces', 'busInterface').map((bus) => this.#bus(bus)),
        blocks: all(root, 'memoryMaps', 'memoryMap').flatMap((map) => this.#memoryMap(map)),
      },
      notes: this.#notes.list(),
    };
  }

  #parameters(): Parameter[] {
    const root = this.#root;
    const lists = [
      ...all(root, 'parameters', 'parameter'),
      ...all(root, 'model', 'modelParameters', 'modelParameter'),
      ...all(root, 'model', 'instantiations', 'componentInstantiation', 'moduleParameters', 'moduleParameter'),
    ];
    const found = new Map<string, Parameter>();
    for (const parameter of lists) {
      const [name, value] = [said(parameter, 'name'), said(parameter, 'value')];
      const identifiers = [attribute(parameter, 'parameterId'), attribute(one(parameter, 'value'), 'id'), name];
      const number = this.#constant(value);
      for (const id of identifiers) {
        if (id === '') continue;
        this.#names.set(id, name);
        if (number !== undefined) this.#values.set(id, number);
      }
      if (name === '' || found.has(name)) continue;
      const described = [said(parameter, 'displayName'), said(parameter, 'description')].filter((part) => part !== '');
      found.set(name, { name, default: this.#named(value), description: described.join('\n') });
    }
    return [...found.values()];
  }

  /** Identifiers of parameters are often made by a machine; their names are what a reader knows. */
  #named(text: string): string {
    return text.replaceAll(/[A-Za-z_]\w*/g, (word) => this.#names.get(word) ?? word).replaceAll(/\s+/g, ' ');
  }

  #constant(text: string): bigint | undefined {
    return constantOf(text, (name) => this.#values.get(name));
  }

  /** A number, or the expression in names. */
  #value(element: XmlElement | undefined, what: string): Value | undefined {
    if (element === undefined) return undefined;
    const text = textOf(element).trim();
    if (text === '') return undefined;
    const number = this.#constant(text);
    if (number !== undefined) return number;
    this.#notes.add('notUnderstood', { what, text }, { line: element.line });
    return this.#named(text);
  }

  #isPresent(element: XmlElement, name: string): boolean {
    if (this.#constant(said(element, 'isPresent') || '1') !== 0n) return true;
    this.#notes.add('ignored', { what: `${name}, which is not present (isPresent)` }, { line: element.line });
    return false;
  }

  #ports(): Port[] {
    return all(this.#root, 'model', 'ports', 'port').flatMap((port) => {
      const name = said(port, 'name');
      if (!this.#isPresent(port, name)) return [];
      const wire = one(port, 'wire') ?? one(port, 'structured');
      const direction = directionOf(said(wire, 'direction') || said(one(port, 'structured'), 'struct'));
      if (wire === undefined || direction === undefined) {
        this.#notes.add(
          'notUnderstood',
          { what: `the port ${name}`, text: wire === undefined ? 'it is no wire' : said(wire, 'direction') },
          { line: port.line },
        );
        return [];
      }
      return [
        {
          name,
          direction,
          width: this.#portWidth(wire, name),
          description: said(port, 'description') || said(port, 'displayName'),
        },
      ];
    });
  }

  #portWidth(wire: XmlElement, name: string): string {
    const vectors = [...all(wire, 'vector'), ...all(wire, 'vectors', 'vector')];
    if (vectors.length === 0) return '1';
    const widths = vectors.map((vector) => this.#extent(said(vector, 'left'), said(vector, 'right')));
    if (widths.length > 1)
      this.#notes.add(
        'notUnderstood',
        { what: `the several dimensions of ${name}`, text: widths.join(' × ') },
        { line: wire.line },
      );
    return widths.join(' * ');
  }

  /** `[7:0]` is 8, `[WIDTH-1:0]` is WIDTH. */
  #extent(left: string, right: string): string {
    const [a, b] = [numberOf(left), numberOf(right)];
    if (a !== undefined && b !== undefined) return ((a > b ? a - b : b - a) + 1n).toString();
    const named = this.#named(left);
    const less = /^\(?\s*(.+?)\s*-\s*1\s*\)?$/.exec(named);
    if (b === 0n) return less?.[1] ?? `${named} + 1`;
    return `(${named}) - (${this.#named(right)}) + 1`;
  }

  #bus(bus: XmlElement): Bus {
    const type = one(bus, 'busType');
    const role = ROLES.find((name) => one(bus, name) !== undefined) ?? '';
    const maps = [
      ...all(bus, 'portMaps', 'portMap'),
      ...all(bus, 'abstractionTypes', 'abstractionType', 'portMaps', 'portMap'),
    ];
    const signals = maps.map((map) => {
      const logical = said(map, 'logicalPort', 'name') || said(map, 'logicalPort');
      const physical = said(map, 'physicalPort', 'name') || said(map, 'physicalPort');
      return `${logical} = ${physical}${this.#slice(one(map, 'physicalPort'))}`;
    });
    const vlnv = ['vendor', 'library', 'name', 'version']
      .map((part) => attribute(type, part))
      .filter((part) => part !== '');
    return {
      name: said(bus, 'name'),
      protocol: vlnv.join(':'),
      role,
      signals,
      description: said(bus, 'description') || said(bus, 'displayName'),
    };
  }

  #slice(port: XmlElement | undefined): string {
    const vector = one(port, 'vector') ?? one(port, 'partSelect', 'range');
    const [left, right] = [said(vector, 'left'), said(vector, 'right')];
    return left === '' ? '' : `[${this.#named(left)}:${this.#named(right)}]`;
  }

  #memoryMap(map: XmlElement): RegisterBlock[] {
    const unit = numberOf(said(map, 'addressUnitBits')) ?? 8n;
    if (unit !== 8n)
      this.#notes.add(
        'notUnderstood',
        { what: `addresses of ${unit} bits`, text: 'offsets are shown in these units' },
        { line: map.line },
      );
    const blocks = all(map, 'addressBlock').flatMap((block) => this.#block(block, said(map, 'name'), null));
    const banks = all(map, 'bank').flatMap((bank) => this.#bank(bank, said(map, 'name')));
    for (const part of ['subspaceMap', 'memoryRemap']) {
      for (const element of all(map, part))
        this.#notes.add(
          'notUnderstood',
          { what: `the ${part} ${said(element, 'name')}`, text: 'it is another map' },
          { line: element.line },
        );
    }
    return [...blocks, ...banks];
  }

  /** Blocks of a bank follow one another, or lie side by side at one address. */
  #bank(bank: XmlElement, name: string): RegisterBlock[] {
    const base = this.#value(one(bank, 'baseAddress'), 'a base address') ?? 0n;
    const serial = attribute(bank, 'bankAlignment') !== 'parallel';
    let at: Value = base;
    return all(bank, 'addressBlock').flatMap((block) => {
      const blocks = this.#block(block, `${name}.${said(bank, 'name')}`, at);
      const range = this.#value(one(block, 'range'), 'a range');
      if (serial && typeof at === 'bigint' && typeof range === 'bigint') at += range;
      return blocks;
    });
  }

  #block(block: XmlElement, map: string, base: Value | null): RegisterBlock[] {
    const name = said(block, 'name');
    if (!this.#isPresent(block, name)) return [];
    const width = this.#value(one(block, 'width'), `the width of ${name}`) ?? 32n;
    const size = this.#value(one(block, 'range'), `the range of ${name}`) ?? null;
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
        base: base ?? this.#value(one(block, 'baseAddress'), `the base address of ${name}`) ?? null,
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
        if (!this.#isPresent(child, name)) continue;
        const stride = this.#value(one(child, 'range'), `the range of ${name}`);
        this.#inside(child, this.#within(child, place, name, stride ?? 0n), outer, entries);
      }
    }
  }

  /** The element's place in its block, with its own array. */
  #within(element: XmlElement, place: Place, name: string, size: Value): Place {
    const offset = this.#value(one(element, 'addressOffset'), `the offset of ${name}`) ?? 0n;
    const dims = [...all(element, 'dim'), ...all(element, 'array', 'dim')];
    const counts = dims.flatMap((dim) => this.#value(dim, `the size of ${name}`) ?? []);
    const range = counts.map((count) => `[0..${typeof count === 'bigint' ? count - 1n : `${count}-1`}]`).join('');
    let stride: Value = this.#value(one(element, 'array', 'stride'), `the stride of ${name}`) ?? size;
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
    if (!this.#isPresent(element, name)) return;
    this.#entries += 1;
    if (this.#entries > MAX_ENTRIES) throw new DescriptionError('it holds more registers than are read', element.line);
    for (const reference of ['registerDefinitionRef', 'typeDefinitions'])
      if (one(element, reference) !== undefined)
        this.#notes.add(
          'notUnderstood',
          { what: `the definition of ${name}`, text: `it is referred to: ${said(element, reference)}` },
          { line: element.line },
        );
    const width = this.#value(one(element, 'size'), `the size of ${name}`) ?? outer.width;
    const bytes = typeof width === 'bigint' ? (width + 7n) / 8n : `${width} / 8`;
    const own = this.#within(element, place, name, bytes);
    const access = accessOf(element) || outer.access;
    const reset = one(element, 'reset');
    const value = reset === undefined ? undefined : this.#value(one(reset, 'value'), `the reset value of ${name}`);
    const mask = reset === undefined ? undefined : this.#constant(said(reset, 'mask'));
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
    if (!this.#isPresent(field, name)) return [];
    if (one(field, 'fieldDefinitionRef') !== undefined)
      this.#notes.add(
        'notUnderstood',
        { what: `the definition of ${name}`, text: `it is referred to: ${said(field, 'fieldDefinitionRef')}` },
        { line: field.line },
      );
    const offset = this.#value(one(field, 'bitOffset'), `the bits of ${name}`);
    const width = this.#value(one(field, 'bitWidth'), `the bits of ${name}`) ?? 1n;
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
          const value = this.#value(one(reset, 'value'), 'a reset value');
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
    const count = dim === undefined ? undefined : this.#value(dim, `the size of ${base.name}`);
    if (typeof count !== 'bigint' || place === null || count > 1024n) return [base];
    const stride = this.#constant(said(field, 'array', 'bitStride')) ?? place.width;
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
