// The registers of a block: single ones, multi-registers, windows, with their fields and where they come to lie.
import type { NoteList } from '../../documents/note-list.ts';
import { bitRange, type Field, type FieldValue, type Memory, type Register, type RegisterBlock } from '../model.ts';
import { DescriptionError, MAX_ENTRIES, constantOf, numberOf } from '../reading.ts';
import { addAutomaticRegisters, plainRegister, stepOf } from './automatic.ts';
import { itemsOf, objectOf, textAt, textOf, type HjsonObject, type HjsonValue } from './hjson.ts';

const REGISTER_KEYS = new Set(
  'name desc swaccess hwaccess hwext hwqe hwre regwen resval tags shadowed fields update_err_alert storage_err_alert async sync alias_target writes_ignore_errors cname count regwen_multi compact cdc regwen_incr regwen_list racl_group'.split(
    ' ',
  ),
);
const FIELD_KEYS = new Set(
  'bits name desc swaccess hwaccess hwqe resval enum tags mubi auto_split alias_target'.split(' '),
);

export class BlockRegisters {
  readonly #root: HjsonObject;
  readonly #notes: NoteList;
  readonly #parameters = new Map<string, bigint>();
  readonly #width: bigint;
  #entries = 0;

  constructor(root: HjsonObject, notes: NoteList) {
    this.#root = root;
    this.#notes = notes;
    for (const item of itemsOf(root.entries.get('param_list'))) {
      const value = numberOf(textAt(item, 'default'));
      if (value !== undefined) this.#parameters.set(textAt(item, 'name'), value);
    }
    this.#width = numberOf(textOf(root.entries.get('regwidth'))) ?? 32n;
  }

  /**
   * A list is one block; an object holds one block a bus interface, in order. Automatic registers stand in the first.
   */
  blocks(value: HjsonValue | undefined): RegisterBlock[] {
    const object = objectOf(value);
    const lists: readonly (readonly [string, HjsonValue | undefined])[] =
      object === undefined ? [['', value]] : [...object.entries];
    return lists.map(([name, list], at) => {
      const entries: (Register | Memory)[] = [];
      let offset = at === 0 ? addAutomaticRegisters(this.#root, this.#width, entries) : 0n;
      for (const item of itemsOf(list)) offset = this.#entry(item, offset, entries);
      return { name, base: null, size: null, description: '', entries };
    });
  }

  get #step(): bigint {
    return stepOf(this.#width);
  }

  #entry(item: HjsonValue, offset: bigint, entries: (Register | Memory)[]): bigint {
    const object = objectOf(item);
    if (object === undefined) {
      this.#notes.add('notUnderstood', { what: 'an entry of registers', text: textOf(item) }, { line: item.line });
      return offset;
    }
    if (entries.length > MAX_ENTRIES) throw new DescriptionError('it holds more registers than are read', item.line);
    const [skip, reserved] = [object.entries.get('skipto'), object.entries.get('reserved')];
    if (skip !== undefined) return this.#number(skip, 'skipto') ?? offset;
    if (reserved !== undefined) return offset + this.#step * (this.#number(reserved, 'reserved') ?? 0n);
    const multi = objectOf(object.entries.get('multireg'));
    if (multi !== undefined) return this.#multi(multi, offset, entries);
    const window = objectOf(object.entries.get('window'));
    if (window !== undefined) return this.#window(window, offset, entries);
    if (object.entries.has('sameaddr')) {
      for (const one of itemsOf(object.entries.get('sameaddr'))) this.#entry(one, offset, entries);
      return offset + this.#step;
    }
    entries.push(this.#register(object, offset));
    return offset + this.#step;
  }

  #constant(text: string): bigint | undefined {
    return constantOf(text, (name) => this.#parameters.get(name));
  }

  /** A number or an expression over parameters. */
  #number(value: HjsonValue, what: string): bigint | undefined {
    const text = textOf(value);
    const number = this.#constant(text);
    if (number === undefined) this.#notes.add('notUnderstood', { what, text }, { line: value.line });
    return number;
  }

  #register(object: HjsonObject, offset: bigint): Register {
    const of = (key: string): string => textOf(object.entries.get(key));
    for (const [key, value] of object.entries) {
      if (!REGISTER_KEYS.has(key))
        this.#notes.add(
          'notUnderstood',
          { what: `the key ${key} of ${of('name')}`, text: textOf(value) },
          { line: value.line },
        );
    }
    const resval = numberOf(of('resval'));
    const fields = itemsOf(object.entries.get('fields')).flatMap((field, at, all) =>
      this.#field(field, object, at, all.length),
    );
    return {
      ...plainRegister(of('name'), offset, this.#width),
      access: of('swaccess'),
      reset: resval === undefined ? of('resval') : `0x${resval.toString(16)}`,
      description: of('desc'),
      fields,
      properties: [
        of('hwext') === 'true' ? 'its value lies outside the register file (hwext)' : '',
        of('hwqe') === 'true' ? 'hardware is told of every write (hwqe)' : '',
        of('hwre') === 'true' ? 'hardware is told of every read (hwre)' : '',
        of('regwen') === '' ? '' : `writable only while ${of('regwen')} is set`,
        of('shadowed') === 'true' ? 'shadowed: it takes two equal writes' : '',
        of('async') === '' ? '' : `in the clock domain ${of('async')}`,
        of('sync') === '' ? '' : `in the clock domain ${of('sync')}`,
      ].filter((text) => text !== ''),
    };
  }

  #field(value: HjsonValue, register: HjsonObject, at: number, count: number): Field[] {
    const object = objectOf(value);
    const bits = object?.entries.get('bits');
    if (object === undefined || bits === undefined) {
      this.#notes.add('notUnderstood', { what: 'a field without bits', text: textOf(value) }, { line: value.line });
      return [];
    }
    const of = (key: string): string => textOf(object.entries.get(key));
    const inherited = (key: string): string => of(key) || textOf(register.entries.get(key));
    for (const [key, inner] of object.entries) {
      if (!FIELD_KEYS.has(key))
        this.#notes.add(
          'notUnderstood',
          { what: `the key ${key} of a field`, text: textOf(inner) },
          { line: inner.line },
        );
    }
    const range = this.#bits(bits);
    const registerName = textOf(register.entries.get('name'));
    const name = of('name') || (count > 1 ? `field${at + 1}` : registerName);
    const values = itemsOf(object.entries.get('enum')).map(
      (one): FieldValue => ({
        value: textAt(one, 'value'),
        name: textAt(one, 'name'),
        description: textAt(one, 'desc'),
      }),
    );
    return [
      {
        name,
        lsb: range?.lsb ?? null,
        bits: range === undefined ? textOf(bits) : bitRange(range.msb, range.lsb),
        access: inherited('swaccess'),
        hardware: inherited('hwaccess'),
        reset: this.#reset(of('resval'), of('mubi') === 'true', range, register),
        description: of('desc'),
        values,
        properties: of('mubi') === 'true' ? ['a multi-bit boolean (mubi)'] : [],
      },
    ];
  }

  #bits(value: HjsonValue): { msb: number; lsb: number } | undefined {
    const parts = textOf(value).split(':');
    const edge = (text: string | undefined): bigint | undefined =>
      text === undefined ? undefined : this.#constant(text.trim());
    const [msb, lsb] = parts.length === 1 ? [edge(parts[0]), edge(parts[0])] : [edge(parts[0]), edge(parts[1])];
    if (msb !== undefined && lsb !== undefined && msb >= lsb && msb < 4096n)
      return { msb: Number(msb), lsb: Number(lsb) };
    this.#notes.add('notUnderstood', { what: 'a bit range', text: textOf(value) }, { line: value.line });
    return undefined;
  }

  /** The field's own value, else its bits of the register's; a multi-bit boolean is said as true or false. */
  #reset(own: string, mubi: boolean, range: { msb: number; lsb: number } | undefined, register: HjsonObject): string {
    if (own !== '') {
      const value = numberOf(own);
      return mubi || value === undefined ? own : `0x${value.toString(16)}`;
    }
    const whole = numberOf(textOf(register.entries.get('resval')));
    if (whole !== undefined && range !== undefined) {
      const width = BigInt(range.msb - range.lsb + 1);
      return `0x${((whole >> BigInt(range.lsb)) & ((1n << width) - 1n)).toString(16)}`;
    }
    return textOf(register.entries.get('hwext')) === 'true' ? '' : '0x0';
  }

  /** Copies of one register; several share one where it has a single field and nothing speaks against it. */
  #multi(multi: HjsonObject, offset: bigint, entries: (Register | Memory)[]): bigint {
    const of = (key: string): string => textOf(multi.entries.get(key));
    const countValue = multi.entries.get('count');
    const count = countValue === undefined ? undefined : this.#number(countValue, `the count of ${of('name')}`);
    const base = this.#register(multi, offset);
    if (count === undefined || count < 1n) return offset;
    const [only] = base.fields;
    const compact =
      of('compact') === '' ? base.fields.length === 1 && of('regwen_multi') !== 'true' : of('compact') === 'true';
    const msb = only === undefined || only.lsb === null ? undefined : only.lsb + Number(widthOf(only.bits)) - 1;
    if (!compact || only === undefined || msb === undefined) {
      const array = count === 1n ? null : { counts: [count], strides: [this.#step] };
      entries.push({
        ...base,
        name: array === null ? base.name : `${base.name}[0..${count - 1n}]`,
        array,
        properties: [...base.properties, `one for each ${of('cname') || 'instance'}`],
      });
      return offset + count * this.#step;
    }
    const perRegister = this.#width / BigInt(msb + 1);
    const registers = (count + perRegister - 1n) / perRegister;
    if (registers > BigInt(MAX_ENTRIES))
      throw new DescriptionError('it holds more registers than are read', multi.line);
    for (let index = 0n; index < registers; index += 1n) {
      const first = index * perRegister;
      const last = first + perRegister < count ? first + perRegister : count;
      const fields: Field[] = [];
      for (let element = first; element < last; element += 1n) {
        const shift = Number(element - first) * (msb + 1);
        fields.push({
          ...only,
          name: perRegister === 1n ? only.name : `${only.name}_${element}`,
          lsb: (only.lsb ?? 0) + shift,
          bits: bitRange(msb + shift, (only.lsb ?? 0) + shift),
          // told once
          ...(element === first ? {} : { description: '', values: [], properties: [] }),
        });
      }
      const name = registers === 1n ? base.name : `${base.name}_${index}`;
      entries.push({ ...base, name, offset: offset + index * this.#step, fields });
      this.#entries += fields.length;
      if (this.#entries > MAX_ENTRIES) throw new DescriptionError('it holds more fields than are read', multi.line);
    }
    return offset + registers * this.#step;
  }

  #window(window: HjsonObject, offset: bigint, entries: (Register | Memory)[]): bigint {
    const of = (key: string): string => textOf(window.entries.get(key));
    const items = window.entries.get('items');
    const count = (items === undefined ? undefined : this.#number(items, `the items of ${of('name')}`)) ?? 1n;
    const size = count * this.#step;
    // a window begins where all address bits inside it are 0
    let aligned = 1n;
    while (aligned < size) aligned <<= 1n;
    const start = ((offset + aligned - 1n) / aligned) * aligned;
    entries.push({
      kind: 'memory',
      name: of('name') || 'window',
      offset: start,
      entries: count,
      width: numberOf(of('validbits')) ?? this.#width,
      access: of('swaccess'),
      description: of('desc'),
      properties: of('byte-write') === 'true' ? ['bytes can be written one by one'] : [],
      array: null,
    });
    return start + size;
  }
}

function widthOf(bits: string): bigint {
  const [msb, lsb] = bits.split(':').map((text) => BigInt(text));
  return lsb === undefined ? 1n : (msb ?? 0n) - lsb + 1n;
}
