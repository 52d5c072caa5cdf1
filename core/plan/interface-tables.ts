// Recognises tables of ports, parameters and clocks under the many headings that people give them.
import type { Table } from '../spec/markdown.ts';
import type { SpecClock, SpecParameter, SpecPort, SpecReset } from './spec-interface.ts';
import { rangeWidth } from './module-header.ts';

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
const DIRECTION = new Set(['direction', 'dir', 'i/o', 'io', 'in/out', 'input/output', 'type', '方向', '输入/输出']);
const WIDTH = new Set(['width', 'width bits', 'bits', 'size', 'bit width', 'range', '位宽', '宽度']);
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

const NOTHING: TableFacts = { ports: [], parameters: [], clocks: [], resets: [] };

/** Nothing for tables of any other kind. */
export function readTableFacts(table: Table): TableFacts {
  const header = table.header.map((cell) =>
    cell
      .toLowerCase()
      .replace(/[()[\]:*]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  const column = (names: ReadonlySet<string>): number => header.findIndex((cell) => names.has(cell));
  const [name, direction] = [column(NAME), column(DIRECTION)];
  if (
    name >= 0 &&
    direction >= 0 &&
    table.rows.some(({ cells }) => DIRECTIONS.has((cells[direction] ?? '').toLowerCase()))
  ) {
    return {
      ...NOTHING,
      ports: readPorts(table, { name, direction, width: column(WIDTH), description: column(DESCRIPTION) }),
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

function readPorts(table: Table, columns: PortColumns): SpecPort[] {
  return table.rows.flatMap(({ cells, line }) => {
    const match = /^([A-Za-z_][\w$]*)\s{0,4}(?:\[([^\]]{1,80})\])?$/.exec(cells[columns.name] ?? '');
    const direction = DIRECTIONS.get((cells[columns.direction] ?? '').toLowerCase());
    if (match?.[1] === undefined || !direction) return [];
    const width = readWidth(match[2] === undefined ? (cells[columns.width] ?? '') : `[${match[2]}]`);
    const description = (cells[columns.description] ?? '').toLowerCase();
    return [{ name: match[1], line, direction, ...(width === undefined ? {} : { width }), ...resetWords(description) }];
  });
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

/** What a description says of a reset's level and timing. */
function resetWords(description: string): { active?: 'low' | 'high'; async?: boolean } {
  if (!/reset|复位/.test(description)) return {};
  const active = /active[ -]?low|低电平有效|低有效/.test(description)
    ? 'low'
    : /active[ -]?high|高电平有效|高有效/.test(description)
      ? 'high'
      : undefined;
  const async = /asynchronous|\basync\b|异步/.test(description)
    ? true
    : /synchronous|\bsync\b|同步/.test(description)
      ? false
      : undefined;
  return { ...(active === undefined ? {} : { active }), ...(async === undefined ? {} : { async }) };
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
