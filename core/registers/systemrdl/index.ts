// SystemRDL 2.0 (Accellera) as a description: address maps as blocks, register files in the names of their registers.
import { NoteList } from '../../documents/note-list.ts';
import {
  bitRange,
  hex,
  EMPTY,
  type ArrayOf,
  type Field,
  type Memory,
  type Register,
  type RegisterBlock,
  type Signal,
} from '../model.ts';
import { DescriptionError, type ReadDescription } from '../reading.ts';
import { elaborate, type Node } from './elaborate.ts';
import { tokensOf } from './lexer.ts';
import { parseSystemRdl } from './parser.ts';
import { flag, memoryWidth, propertyNumber, registerWidth, sizeOf } from './placement.ts';
import { valueText } from './values.ts';

/** Throws DescriptionError where nothing of the text is SystemRDL. */
export function readSystemRdl(text: string): ReadDescription {
  const notes = new NoteList();
  const statements = parseSystemRdl(tokensOf(text, notes), notes);
  const { roots, ownProperties } = elaborate(statements, notes);
  const [root] = roots.slice(-1);
  if (root === undefined) throw new DescriptionError('it defines no address map and no register', 1);
  const writer = new Writer(notes, ownProperties);
  const blocks = roots.flatMap((one) => writer.blocks(one, roots.length === 1));
  const names = roots.map((one) => one.name).filter((name) => name !== '');
  const name = names.length === 0 ? (blocks[0]?.entries[0]?.name ?? 'registers') : names.slice(0, 4).join(', ');
  return {
    description: {
      ...EMPTY,
      name,
      title: roots.length === 1 ? textProperty(root, 'name') : '',
      description: roots.length === 1 ? textProperty(root, 'desc') : '',
      signals: roots.flatMap((one) => writer.signals(one)),
      blocks,
    },
    notes: notes.list(),
  };
}

/** Properties that have a column or a place of their own. */
const SHOWN = new Set(
  'name desc sw hw reset onread onwrite rclr rset woclr woset regwidth mementries memwidth encode fieldwidth alignment addressing lsb0 msb0 accesswidth signalwidth ispresent'.split(
    ' ',
  ),
);
/** Of Accellera's table of properties; a word that is none of them and not defined in the file is said. */
const LANGUAGE = new Set(
  'next precedence resetsignal sync async activelow activehigh cpuif_reset field_reset rw wr r w rclr rset ruser woclr woset wot wzs wzc wzt wclr wset wuser swwe swwel swmod swacc singlepulse we wel anded ored xored fieldwidth hwclr hwset hwenable hwmask counter threshold saturate incrthreshold incrsaturate overflow underflow incrvalue incr incrwidth decrvalue decr decrwidth decrsaturate decrthreshold intr enable mask haltenable haltmask sticky stickybit nonsticky posedge negedge bothedge level shared errextbus halt sharedextbus bigendian littleendian rsvdset rsvdsetX bridge donttest dontcompare hdl_path hdl_path_slice hdl_path_gate hdl_path_gate_slice paritycheck reserve donttest userproperty readonly arbiter'.split(
    ' ',
  ),
);
const ON_READ: Readonly<Record<string, string>> = { rclr: 'rc', rset: 'rs', ruser: 'read changes it' };
const ON_WRITE: Readonly<Record<string, string>> = {
  woclr: 'w1c',
  woset: 'w1s',
  wot: 'w1t',
  wzc: 'w0c',
  wzs: 'w0s',
  wzt: 'w0t',
  wclr: 'wc',
  wset: 'ws',
  wuser: 'write changes it',
};

class Writer {
  readonly #notes: NoteList;
  readonly #own: ReadonlySet<string>;

  constructor(notes: NoteList, own: ReadonlySet<string>) {
    this.#notes = notes;
    this.#own = own;
  }

  /** The address map and the maps inside it, each a block with its own base. */
  blocks(
    map: Node,
    alone: boolean,
    name = map.name,
    base: { offset: bigint; array: ArrayOf | null } | null = null,
  ): RegisterBlock[] {
    const entries: (Register | Memory)[] = [];
    const inner: RegisterBlock[] = [];
    const walk = (node: Node, path: string, offset: bigint, array: ArrayOf | null): void => {
      for (const child of node.children) {
        if (child.kind === 'field' || child.kind === 'signal') continue;
        if (!this.#isPresent(child)) continue;
        const own = arrayOf(child, array);
        const at = offset + (child.offset ?? 0n);
        const full = `${path}${child.name}${child.dimensions.map((size) => `[0..${size - 1n}]`).join('')}`;
        if (child.kind === 'addrmap')
          inner.push(
            ...this.blocks(child, false, `${name === '' ? '' : `${name}.`}${full}`, {
              offset: (base?.offset ?? 0n) + at,
              array: own,
            }),
          );
        else if (child.kind === 'regfile') walk(child, `${full}.`, at, own);
        else if (child.kind === 'mem') entries.push(this.#memory(child, full, at, own));
        else entries.push(this.#register(child, full, at, own));
      }
    };
    walk(map, '', 0n, null);
    const start = base === null ? null : baseText(base.offset, base.array);
    const own: RegisterBlock = {
      name,
      base: start,
      size: base === null ? null : sizeOf(map),
      // the only map's name and words stand at the head of the document
      description: [...(alone ? [] : [textProperty(map, 'name'), textProperty(map, 'desc')]), ...this.#further(map)]
        .filter((part) => part !== '')
        .join('\n\n'),
      entries,
    };
    return entries.length === 0 && inner.length > 0 ? inner : [own, ...inner];
  }

  signals(map: Node): Signal[] {
    return map.children
      .filter(({ kind }) => kind === 'signal')
      .map((signal) => ({
        kind: 'Signals',
        name: signal.name,
        direction: '',
        width: (signal.dimensions[0] ?? propertyNumber(signal, 'signalwidth') ?? 1n).toString(),
        type: '',
        description: [textProperty(signal, 'name'), textProperty(signal, 'desc'), ...this.#further(signal)]
          .filter((part) => part !== '')
          .join('\n'),
      }));
  }

  #isPresent(node: Node): boolean {
    if (propertyNumber(node, 'ispresent') !== 0n) return true;
    this.#notes.add('ignored', { what: `${node.name}, which is not present (ispresent)` }, { line: node.line });
    return false;
  }

  #register(node: Node, name: string, offset: bigint, array: ArrayOf | null): Register {
    const fields = node.children.filter((child) => child.kind === 'field' && this.#isPresent(child));
    const access = propertyNumber(node, 'accesswidth');
    return {
      kind: 'register',
      name,
      offset,
      width: registerWidth(node),
      access: '',
      reset: '',
      description: [textProperty(node, 'name'), textProperty(node, 'desc')].filter((part) => part !== '').join('\n'),
      fields: fields.map((field) => this.#field(field)),
      array,
      properties: [
        access === undefined ? '' : `accessed ${access} bits at a time`,
        node.external ? 'external: implemented outside of the register file' : '',
        node.alias === null ? '' : `another view of ${node.alias}`,
        ...this.#further(node),
      ].filter((text) => text !== ''),
    };
  }

  #memory(node: Node, name: string, offset: bigint, array: ArrayOf | null): Memory {
    const inner = node.children
      .filter(({ kind }) => kind === 'reg')
      .map((child) => `${child.name} (${registerWidth(child)} bits)`);
    return {
      kind: 'memory',
      name,
      offset,
      entries: propertyNumber(node, 'mementries') ?? 1n,
      width: memoryWidth(node),
      access: wordProperty(node, 'sw') || 'rw',
      description: [textProperty(node, 'name'), textProperty(node, 'desc')].filter((part) => part !== '').join('\n'),
      properties: [inner.length === 0 ? '' : `laid out as ${inner.join(', ')}`, ...this.#further(node)].filter(
        (text) => text !== '',
      ),
      array,
    };
  }

  #field(node: Node): Field {
    const reset = node.properties.get('reset');
    const value = reset === undefined ? undefined : propertyNumber(node, 'reset');
    const encode = node.properties.get('encode');
    const type = encode === undefined ? '' : valueText(encode.value);
    const enumeration = type === '' ? undefined : node.scope.enumeration(type);
    if (type !== '' && enumeration === undefined)
      this.#notes.add(
        'notUnderstood',
        { what: `the encoding of ${node.name}`, text: `${type} is not defined in this file` },
        { line: node.line },
      );
    return {
      name: node.name,
      lsb: node.bits?.lsb ?? null,
      bits: node.bits === null ? (node.unplaced ?? '') : bitRange(node.bits.msb, node.bits.lsb),
      access: this.#access(node),
      hardware: wordProperty(node, 'hw') || 'rw',
      reset: value !== undefined ? hex(value) : reset === undefined ? '' : valueText(reset.value),
      description: [textProperty(node, 'name'), textProperty(node, 'desc')].filter((part) => part !== '').join('\n'),
      values: (enumeration?.members ?? []).map((member) => ({
        value: hex(member.value),
        name: member.title === '' ? member.name : `${member.name}: ${member.title}`,
        description: plainText(member.description),
      })),
      properties: this.#further(node),
    };
  }

  /** Software's access with what a read or a write does beside it: `rw, w1c`. */
  #access(node: Node): string {
    const read = wordProperty(node, 'onread');
    const write = wordProperty(node, 'onwrite');
    const effects = [
      read !== '' ? (ON_READ[read] ?? read) : flag(node, 'rclr') ? 'rc' : flag(node, 'rset') ? 'rs' : '',
      write !== '' ? (ON_WRITE[write] ?? write) : flag(node, 'woclr') ? 'w1c' : flag(node, 'woset') ? 'w1s' : '',
    ];
    return [wordProperty(node, 'sw') || 'rw', ...effects].filter((part) => part !== '').join(', ');
  }

  /** Everything else that was said of the component, a line each. */
  #further(node: Node): string[] {
    const lines: string[] = [];
    for (const [name, { value, line }] of node.properties) {
      if (SHOWN.has(name)) continue;
      if (!LANGUAGE.has(name) && !this.#own.has(name) && name !== 'intr mode')
        this.#notes.add(
          'notUnderstood',
          { what: `the property ${name} of ${node.name}`, text: valueText(value) },
          { line },
        );
      if (value.kind === 'boolean') lines.push(value.value ? name : `${name} = false`);
      else lines.push(`${name} = ${plainText(valueText(value))}`);
    }
    return lines;
  }
}

/** The array of the element and of all that it lies in, outermost first. */
function arrayOf(node: Node, outer: ArrayOf | null): ArrayOf | null {
  if (node.dimensions.length === 0) return outer;
  let stride = node.stride ?? 0n;
  const strides: bigint[] = [];
  for (const size of [...node.dimensions].reverse()) {
    strides.unshift(stride);
    stride *= size;
  }
  return {
    counts: [...(outer?.counts ?? []), ...node.dimensions],
    strides: [...(outer?.strides ?? []), ...strides],
  };
}

function baseText(offset: bigint, array: ArrayOf | null): bigint | string {
  if (array === null) return offset;
  return [
    hex(offset),
    ...array.strides.map((stride, at) => `${['i', 'j', 'k', 'l'][at] ?? `i${at}`} × ${hex(stride)}`),
  ].join(' + ');
}

function textProperty(node: Node, name: string): string {
  const property = node.properties.get(name);
  return property?.value.kind === 'string' ? plainText(property.value.text) : '';
}

function wordProperty(node: Node, name: string): string {
  const property = node.properties.get(name);
  return property?.value.kind === 'text' ? property.value.text : '';
}

/** Without the marks of RDLFormatCode (annex F), which look like `[b]` and `[br]`. */
function plainText(text: string): string {
  return text
    .replaceAll(/\[br\]/gi, '\n')
    .replaceAll(
      /\[\/?(?:b|i|p|u|sub|sup|code|quote|url|email|img|color|size|list|\*|sp|lb|rb|index|index_parent|name|instname)(?:=[^\]]{0,80})?\]/gi,
      (mark) => (mark === '[lb]' ? '[' : mark === '[rb]' ? ']' : mark === '[*]' ? '\n- ' : ''),
    )
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .trim();
}
