// Register tables as spreadsheets save them: a row a register, a row a field, or both, under the column names that
// people use. Whatever column has no meaning here is kept in the description.
import { NoteList } from '../documents/note-list.ts';
import { escapeCell, pipeTable } from '../documents/write-markdown.ts';
import { bitRange, type Field, type Port, type Register, EMPTY } from './model.ts';
import { DescriptionError, numberOf, type ReadDescription } from './reading.ts';

export interface CsvRow {
  readonly line: number;
  readonly cells: readonly string[];
}

const MAX_ROWS = 100_000;

/** RFC 4180 with the separator that the file uses; blanks around cells are dropped. Throws DescriptionError. */
export function readCsv(text: string): CsvRow[] {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  // Excel's own first line
  const named = /^sep=(.)\r?\n/i.exec(body);
  const separator = named?.[1] ?? separatorOf(body.replaceAll(/^[ \t]*(?:#|\/\/).*$/gm, ''));
  const rows: CsvRow[] = [];
  let [line, start] = [named === null ? 1 : 2, named === null ? 1 : 2];
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  const endCell = (): void => {
    cells.push(cell.trim());
    cell = '';
  };
  const endRow = (): void => {
    endCell();
    if (cells.some((one) => one !== '')) rows.push({ line: start, cells });
    if (rows.length > MAX_ROWS) throw new DescriptionError(`it has more than ${MAX_ROWS} rows`, line);
    cells = [];
  };
  // remarks above the header
  const remarks = /^(?:[ \t]*(?:#|\/\/)[^\n]*\n|[ \t]*\r?\n)*/.exec(body.slice(named?.[0].length ?? 0))?.[0] ?? '';
  line += remarks.split('\n').length - 1;
  start = line;
  for (let at = (named?.[0].length ?? 0) + remarks.length; at < body.length; at += 1) {
    const sign = body[at] ?? '';
    if (sign === '\n') line += 1;
    if (quoted) {
      if (sign !== '"') cell += sign === '\r' ? '' : sign;
      else if (body[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"' && cell.trim() === '') {
      quoted = true;
      cell = '';
    } else if (sign === separator) endCell();
    else if (sign === '\n') {
      endRow();
      start = line;
    } else if (sign !== '\r') cell += sign;
  }
  if (quoted) throw new DescriptionError('a quoted cell has no end', start);
  if (cell !== '' || cells.length > 0) endRow();
  return rows;
}

/** The one that parts most of the first lines into several cells. */
function separatorOf(text: string): string {
  const lines = text.slice(0, 20_000).split('\n').slice(0, 30);
  const counts = [',', ';', '\t', '|'].map((sign) => ({
    sign,
    count: lines.reduce((sum, line) => sum + line.replaceAll(/"[^"]*"/g, '').split(sign).length - 1, 0),
  }));
  return counts.toSorted((a, b) => b.count - a.count)[0]?.sign ?? ',';
}

type Column =
  | 'register'
  | 'offset'
  | 'field'
  | 'bits'
  | 'msb'
  | 'lsb'
  | 'width'
  | 'access'
  | 'reset'
  | 'description'
  | 'port'
  | 'direction'
  | 'values'
  | 'block';

const NAMES: Readonly<Record<Column, RegExp>> = {
  register: /^(register( name)?|reg( name)?|regname|寄存器(名称|名)?|csr)$/,
  offset:
    /^((byte )?(address|offset)|addr|address offset|reg(ister)? (address|offset|addr)|偏移(地址|量)?|地址(偏移)?)$/,
  field: /^((bit )?field( name)?|fieldname|bit name|bits? field|位域(名称|名)?|字段(名称|名)?|域名?)$/,
  bits: /^(bits?|bit (range|position|no|number|#)|range|position|位(号|段|范围)?|比特(位)?)$/,
  msb: /^(msb|high bit|upper|left)$/,
  lsb: /^(lsb|low bit|lower|right|bit offset|start bit)$/,
  width: /^((bit )?(width|size|length)|位宽|宽度)$/,
  access:
    /^((sw |software )?access( type| policy)?|type|mode|r\/?w|rw|attr(ibute)?s?|permission|读写(属性|类型)?|属性|访问(类型|属性|权限)?)$/,
  reset: /^((reset|default|initial|init)( value)?|por( value)?|复位(值|默认值)?|默认值|初始值)$/,
  description: /^(description|desc|meaning|function|comment|comments|notes?|remarks?|描述|说明|功能(描述)?|备注|含义)$/,
  port: /^(port( name)?|signal( name)?|pin( name)?|端口(名称|名)?|信号(名称|名)?|引脚(名称|名)?)$/,
  direction: /^(dir(ection)?|i\/?o|in\/out|方向|输入\/?输出)$/,
  values: /^(values?|enum(eration)?s?|encoding|取值|枚举)$/,
  block: /^(block|module|peripheral|component|ip|group|模块)$/,
};

const NEUTRAL_NAME = /^(name|名称|名字)$/;

function columnOf(header: string): Column | undefined {
  const name = header
    .toLowerCase()
    .replaceAll(/[()[\]:_*.]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return (Object.keys(NAMES) as Column[]).find((column) => NAMES[column].test(name));
}

interface Table {
  readonly header: CsvRow;
  readonly columns: ReadonlyMap<Column, number>;
  /** columns without a meaning here, by place */
  readonly further: ReadonlyMap<number, string>;
  readonly rows: readonly CsvRow[];
}

/** `name` is that of the file. Throws DescriptionError. */
export function readRegisterCsv(text: string, name: string): ReadDescription {
  const rows = readCsv(text);
  const notes = new NoteList();
  const title = name.replace(/\.[^.]*$/, '');
  const at = rows.findIndex((row) => isHeader(row));
  if (at < 0) {
    const first = rows[0];
    if (first === undefined) throw new DescriptionError('it has no rows', 1);
    notes.add(
      'notUnderstood',
      {
        what: 'the header',
        text: `${first.cells.join(', ')} names no register, field or port; the table is passed on as it is`,
      },
      { line: first.line },
    );
    return { description: { ...EMPTY, name: title, description: asItIs(rows) }, notes: notes.list() };
  }
  // what stands above the header is about the table
  const above = rows.slice(0, at).map((row) => row.cells.filter((cell) => cell !== '').join(' '));
  const table = tableOf(rows.slice(at));
  const base = { ...EMPTY, name: title, description: above.join('\n\n') };
  if (table.columns.has('port') && table.columns.has('direction') && !table.columns.has('register'))
    return { description: { ...base, ports: portsOf(table, notes) }, notes: notes.list() };
  const entries = new Rows(table, notes).read();
  return {
    description: { ...base, blocks: [{ name: '', base: null, size: null, description: '', entries }] },
    notes: notes.list(),
  };
}

function isHeader({ cells }: CsvRow): boolean {
  const found = new Set(cells.map(columnOf).filter((column) => column !== undefined));
  const named = cells.some((cell) => NEUTRAL_NAME.test(cell.trim().toLowerCase()));
  return found.size + (named ? 1 : 0) >= 3;
}

function tableOf([header, ...rows]: readonly CsvRow[]): Table {
  const columns = new Map<Column, number>();
  const further = new Map<number, string>();
  const neutral: number[] = [];
  for (const [at, cell] of (header?.cells ?? []).entries()) {
    const column = columnOf(cell);
    if (column !== undefined && !columns.has(column)) columns.set(column, at);
    else if (NEUTRAL_NAME.test(cell.toLowerCase())) neutral.push(at);
    else if (cell !== '') further.set(at, cell);
  }
  // `Name` is what the table is of: registers, ports, or the fields of a register column beside it
  for (const at of neutral) {
    const wanted: Column = columns.has('direction') ? 'port' : columns.has('register') ? 'field' : 'register';
    if (!columns.has(wanted)) columns.set(wanted, at);
    else further.set(at, 'name');
  }
  return { header: header ?? { line: 1, cells: [] }, columns, further, rows };
}

class Rows {
  readonly #table: Table;
  readonly #notes: NoteList;

  /** addresses are hexadecimal without saying so: 00, 04, 08, 0C */
  readonly #hexadecimal: boolean;

  constructor(table: Table, notes: NoteList) {
    this.#table = table;
    this.#notes = notes;
    const addresses = table.rows.map((row) => this.#cell(row, 'offset')).filter((text) => text !== '');
    this.#hexadecimal =
      addresses.every((text) => /^[0-9a-fA-F]{1,16}$/.test(text)) && addresses.some((text) => /[a-fA-F]/.test(text));
    if (this.#hexadecimal)
      notes.add('guessed', { what: 'the base of the addresses', text: 'hexadecimal' }, { line: table.header.line });
  }

  read(): Register[] {
    const registers: Register[] = [];
    let open: { register: Register; fields: Field[] } | null = null;
    const close = (): void => {
      if (open !== null) registers.push({ ...open.register, fields: open.fields });
      open = null;
    };
    for (const row of this.#table.rows) {
      const name = this.#cell(row, 'register');
      const isRepeated = open !== null && name === (open as { register: Register }).register.name;
      if (name !== '' && !isRepeated) {
        close();
        open = { register: this.#register(row, name, registers), fields: [] };
      }
      const field = this.#field(row);
      if (field === null) continue;
      if (open === null)
        this.#notes.add(
          'notUnderstood',
          { what: 'a field without a register above it', text: field.name },
          { line: row.line },
        );
      else (open as { fields: Field[] }).fields.push(field);
    }
    close();
    return registers;
  }

  #cell(row: CsvRow, column: Column): string {
    return row.cells[this.#table.columns.get(column) ?? -1] ?? '';
  }

  get #hasFields(): boolean {
    return this.#table.columns.has('bits') || this.#table.columns.has('field') || this.#table.columns.has('msb');
  }

  /** A row is a field's where it has bits or a field's name; the register's facts stand in rows without. */
  #isField(row: CsvRow): boolean {
    return this.#hasFields && ['bits', 'field', 'msb'].some((column) => this.#cell(row, column as Column) !== '');
  }

  #register(row: CsvRow, name: string, before: readonly Register[]): Register {
    const text = this.#cell(row, 'offset');
    const offset = numberOf(this.#hexadecimal && text !== '' ? `0x${text}` : text);
    if (offset === undefined && text !== '' && !/^[A-Za-z_]/.test(text))
      this.#notes.add('notUnderstood', { what: `the address of ${name}`, text }, { line: row.line });
    const own = !this.#isField(row);
    const width = numberOf(this.#cell(row, 'width'));
    const last = before.at(-1);
    if (text === '') {
      const next = last === undefined ? 0n : typeof last.offset === 'bigint' ? last.offset + 4n : 0n;
      this.#notes.add(
        'guessed',
        { what: `the address of ${name}`, text: `0x${next.toString(16)}` },
        { line: row.line },
      );
    }
    const guessed = last !== undefined && typeof last.offset === 'bigint' ? last.offset + 4n : 0n;
    return {
      kind: 'register',
      name,
      offset: offset ?? (text === '' ? guessed : text),
      width: own && width !== undefined ? width : 32n,
      access: own ? this.#cell(row, 'access') : '',
      reset: own ? this.#cell(row, 'reset') : '',
      description: own ? this.#description(row) : '',
      fields: [],
      array: null,
      properties: [],
    };
  }

  #field(row: CsvRow): Field | null {
    if (!this.#isField(row)) return null;
    const range = this.#range(row);
    const name = this.#cell(row, 'field');
    return {
      name: name !== '' ? name : this.#table.columns.has('field') ? 'reserved' : this.#cell(row, 'register'),
      lsb: range?.lsb ?? null,
      bits: range === null ? this.#cell(row, 'bits') : bitRange(range.msb, range.lsb),
      access: this.#cell(row, 'access'),
      hardware: '',
      reset: this.#cell(row, 'reset'),
      description: this.#description(row),
      values: [],
      properties: [],
    };
  }

  #range(row: CsvRow): { msb: number; lsb: number } | null {
    const text = this.#cell(row, 'bits');
    const match = /^\[?\s*(\d{1,4})\s*(?:[:~\-–]|\.\.|to|downto)?\s*(\d{1,4})?\s*\]?$/i.exec(text);
    const width = Number(numberOf(this.#cell(row, 'width')) ?? 1n);
    if (match?.[1] !== undefined) {
      const [a, b] = [Number(match[1]), Number(match[2] ?? match[1])];
      return { msb: Math.max(a, b), lsb: Math.min(a, b) };
    }
    const [msb, lsb] = [numberOf(this.#cell(row, 'msb')), numberOf(this.#cell(row, 'lsb'))];
    if (msb !== undefined && lsb !== undefined) return { msb: Number(msb), lsb: Number(lsb) };
    if (lsb !== undefined) return { msb: Number(lsb) + width - 1, lsb: Number(lsb) };
    if (msb !== undefined) return { msb: Number(msb), lsb: Number(msb) };
    this.#notes.add(
      'notUnderstood',
      { what: `the bits of ${this.#cell(row, 'field') || 'a field'}`, text },
      { line: row.line },
    );
    return null;
  }

  /** With the cells of columns that have no meaning here. */
  #description(row: CsvRow): string {
    const further = [...this.#table.further].flatMap(([at, name]) => {
      const cell = row.cells[at] ?? '';
      return cell === '' ? [] : [`${name}: ${cell}`];
    });
    const values = this.#cell(row, 'values');
    return [this.#cell(row, 'description'), values, ...further].filter((text) => text !== '').join('\n');
  }
}

function portsOf({ columns, further, rows }: Table, notes: NoteList): Port[] {
  return rows.flatMap((row) => {
    const cell = (column: Column): string => row.cells[columns.get(column) ?? -1] ?? '';
    if (cell('port') === '') return [];
    const direction = directionOf(cell('direction'));
    if (direction === undefined) {
      notes.add(
        'notUnderstood',
        { what: `the direction of ${cell('port')}`, text: cell('direction') },
        { line: row.line },
      );
      return [];
    }
    const more = [...further].flatMap(([at, name]) =>
      (row.cells[at] ?? '') === '' ? [] : [`${name}: ${row.cells[at] ?? ''}`],
    );
    const width = cell('width') || cell('bits') || '1';
    return [
      {
        name: cell('port'),
        direction,
        width,
        description: [cell('description'), ...more].filter((text) => text !== '').join('\n'),
      },
    ];
  });
}

export function directionOf(text: string): Port['direction'] | undefined {
  const word = text.trim().toLowerCase();
  if (/^(in|input|i|输入)$/.test(word)) return 'input';
  if (/^(out|output|o|buffer|输出)$/.test(word)) return 'output';
  return /^(inout|io|i\/o|bidir(ectional)?|双向)$/.test(word) ? 'inout' : undefined;
}

function asItIs(rows: readonly CsvRow[]): string {
  const width = Math.max(...rows.map((row) => row.cells.length));
  const [header, ...rest] = rows.map((row) =>
    Array.from({ length: width }, (_, at) => escapeCell(row.cells[at] ?? '').trim()),
  );
  return pipeTable(header ?? [], rest);
}
