// Recognises tables of ports, parameters and clocks under the many headings that people give them.
import type { Table } from '../spec/markdown.ts';
import type { SpecClock, SpecParameter, SpecPort, SpecReset } from './spec-interface.ts';
import { isOptional } from './interface-lists.ts';
import { rangeWidth } from './module-header.ts';
import { resetWords } from './reset-words.ts';

export interface TableFacts {
  readonly ports: readonly SpecPort[];
  readonly parameters: readonly SpecParameter[];
  readonly clocks: readonly SpecClock[];
  readonly resets: readonly SpecReset[];
}

const NAME = new Set([
  'name',
  'port',
  'signal',
  'pin',
  'port name',
  'signal name',
  'pin name',
  'ports',
  'signals',
  '端口',
  '端口名',
  '端口名称',
  '信号',
  '信号名',
  '信号名称',
  '引脚',
  '名称',
]);
const DIRECTION = new Set([
  'direction',
  'dir',
  'i/o',
  'io',
  'in/out',
  'input/output',
  'type',
  '方向',
  '类型',
  '输入/输出',
]);
const WIDTH = new Set(['width', 'width bits', 'bits', 'size', 'bit width', 'range', '位宽', '宽度', '位数', '比特数']);
const DESCRIPTION = new Set(['description', 'function', 'meaning', 'notes', 'comment', '描述', '说明', '功能']);
const PARAMETER = new Set(['parameter', 'parameter name', 'generic', '参数', '参数名', '参数名称']);
const DEFAULT = new Set(['default', 'default value', 'value', '默认', '默认值', '缺省值']);

const DIRECTIONS: ReadonlyMap<string, 'input' | 'output' | 'inout'> = new Map([
  ['input', 'input'],
  ['in', 'input'],
  ['i', 'input'],
  ['输入', 'input'],
  ['output', 'output'],
  ['out', 'output'],
  ['o', 'output'],
  ['输出', 'output'],
  ['inout', 'inout'],
  ['io', 'inout'],
  ['i/o', 'inout'],
  ['bidir', 'inout'],
  ['bidirectional', 'inout'],
  ['双向', 'inout'],
]);

/** A heading over ports of one direction. */
const SIDE =
  /^(?:\d[\d.]*\s+)?(?:the )?(input|output)s?(?: (?:port|signal|pin)s?)?$|^(?:\d[\d.]*\s+)?(输入|输出)(?:端口|信号|引脚)?$/i;

const NOTHING: TableFacts = { ports: [], parameters: [], clocks: [], resets: [] };

/** Nothing for tables of any other kind. */
export function readTableFacts(table: Table): TableFacts {
  const header = table.header.map((cell) =>
    cell
      .toLowerCase()
      .replace(/[()（）[\]:*]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  // `Width (bit)`, too
  const column = (names: ReadonlySet<string>): number =>
    header.findIndex((cell) => names.has(cell) || names.has(cell.replace(/ ?(?:bits?|位)$/, '')));
  const [name, direction] = [column(NAME), column(DIRECTION)];
  const [width, description] = [column(WIDTH), column(DESCRIPTION)];
  const all = SIDE.exec(table.headings.at(-1)?.trim() ?? '');
  if (name >= 0 && direction < 0 && (width >= 0 || description >= 0) && all !== null)
    return {
      ...NOTHING,
      ports: readPorts(
        table,
        { name, direction, width, description },
        DIRECTIONS.get((all[1] ?? all[2] ?? '').toLowerCase()),
      ),
    };
  if (name >= 0 && direction >= 0 && table.rows.some(({ cells }) => directionOf(cells[direction]) !== undefined)) {
    return {
      ...NOTHING,
      ports: readPorts(table, { name, direction, width, description }),
    };
  }
  const clock = header.indexOf('clock');
  if (clock >= 0 && header.includes('reset') && !header.includes('next')) return readClocks(table, header, clock);
  const parameter =
    column(PARAMETER) >= 0
      ? column(PARAMETER)
      : table.headings.some((heading) => /parameter|参数/i.test(heading))
        ? name
        : -1;
  const value = column(DEFAULT);
  return parameter >= 0 && value >= 0 ? { ...NOTHING, parameters: readParameters(table, parameter, value) } : NOTHING;
}

interface PortColumns {
  readonly name: number;
  readonly direction: number;
  readonly width: number;
  readonly description: number;
}

/** `all`: the direction of every row, where the heading says it. */
function readPorts(table: Table, columns: PortColumns, all?: 'input' | 'output' | 'inout'): SpecPort[] {
  return table.rows.flatMap(({ cells, line }) => {
    const direction = all ?? directionOf(cells[columns.direction]);
    if (direction === undefined) return [];
    const description = (cells[columns.description] ?? '').toLowerCase();
    const optional = isOptional(cells.join(' ')) ? { optional: true as const } : {};
    return (cells[columns.name] ?? '').split(',').flatMap((cell): SpecPort[] => {
      const match = /^(\[[^\]]{1,80}\])?\s{0,4}([A-Za-z_][\w$]*)\s{0,4}(\[[^\]]{1,80}\])?$/.exec(cell.trim());
      if (match?.[2] === undefined) return [];
      const range = match[1] ?? match[3];
      const width = readWidth(range ?? cells[columns.width] ?? '');
      return [
        {
          name: match[2],
          line,
          direction,
          ...(width === undefined ? {} : { width }),
          ...resetWords(description),
          ...optional,
        },
      ];
    });
  });
}

/** `input`, `Input wire`, `O`, `out (reg)` */
function directionOf(cell: string | undefined): 'input' | 'output' | 'inout' | undefined {
  const text = (cell ?? '').toLowerCase().trim();
  const first = /^[^\s(,;]+/.exec(text)?.[0] ?? '';
  return (
    DIRECTIONS.get(text) ?? (/^\S+\s*(?:\(|wire|reg|logic|signal|port)/.test(text) ? DIRECTIONS.get(first) : undefined)
  );
}

/** `8`, `WIDTH`, `[7:0]`, `7:0`, `8 bits`, `32-bit`; undefined for anything else. */
function readWidth(text: string): string | undefined {
  const bare = text
    .trim()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/[ -]?bits?$/i, '')
    .trim();
  if (bare === '' || bare.length > 100) return undefined;
  const colon = bare.indexOf(':');
  if (colon < 0) return bare === text.trim() || !text.includes('[') ? bare : undefined;
  return rangeWidth([bare.slice(0, colon), ':', bare.slice(colon + 1)]);
}

function readClocks(table: Table, header: readonly string[], clock: number): TableFacts {
  const clocks: SpecClock[] = [];
  const resets: SpecReset[] = [];
  const [reset, active, async] = [header.indexOf('reset'), header.indexOf('active'), header.indexOf('async')];
  for (const { cells, line } of table.rows) {
    const [clockName, resetName] = [cells[clock] ?? '', cells[reset] ?? ''];
    if (isIdentifier(clockName)) clocks.push({ name: clockName, line });
    if (!isIdentifier(resetName)) continue;
    const level = (cells[active] ?? '').toLowerCase();
    const timing = (cells[async] ?? '').toLowerCase();
    resets.push({
      name: resetName,
      line,
      ...(level === 'low' || level === 'high' ? { active: level } : {}),
      ...(timing === 'yes' || timing === 'true'
        ? { async: true }
        : timing === 'no' || timing === 'false'
          ? { async: false }
          : {}),
    });
  }
  return { ...NOTHING, clocks, resets };
}

function readParameters(table: Table, name: number, value: number): SpecParameter[] {
  return table.rows.flatMap(({ cells, line }) => {
    const text = cells[name] ?? '';
    const given = (cells[value] ?? '').trim();
    return isIdentifier(text)
      ? [{ name: text, line, ...(given === '' || given === '-' ? {} : { default: given }) }]
      : [];
  });
}

function isIdentifier(text: string): boolean {
  return /^[A-Za-z_][\w$]*$/.test(text);
}
