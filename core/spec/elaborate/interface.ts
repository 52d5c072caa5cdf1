// The top module's face: name, parameters, ports and clocks.
import type { DesignClock, DesignParameter, DesignPort, DesignReset } from '../design.ts';
import { isUsableName } from '../../hdl/keywords.ts';
import { moduleNamed } from '../parse-spec.ts';
import { quote } from '../quote.ts';
import { readRows, type Row } from '../rows.ts';
import { constantValue, readConstant, readWidth, shapesAt, type Context } from './context.ts';

/** The name after `module:`; null after SPEC_SECTION_MISSING, SPEC_NAME_INVALID or SPEC_NAME_DUPLICATE. */
export function readTop({ spec, findings }: Context): { name: string; line: number } | null {
  let found: { name: string; line: number } | null = null;
  let faulty = false;
  for (const section of spec.sections.top) {
    for (const { line, text } of section.text) {
      const name = moduleNamed(text);
      if (name === undefined) continue;
      if (!isUsableName(name)) {
        findings.add('SPEC_NAME_INVALID', line, `${quote(name)} cannot name a module`);
        faulty = true;
      } else if (found && found.name !== name) {
        findings.add('SPEC_NAME_DUPLICATE', line, 'Top names two modules', {
          line: found.line,
          message: `module ${found.name}`,
        });
      } else found ??= { name, line };
    }
  }
  if (!found && !faulty)
    findings.add(
      'SPEC_SECTION_MISSING',
      spec.sections.top[0]?.line ?? 1,
      'the section Top lacks its line `module: <name>`',
    );
  return found;
}

/** Declares the parameters in order; a default may use the ones above it. */
export function readParameters(context: Context): DesignParameter[] {
  const { findings, symbols } = context;
  const parameters: DesignParameter[] = [];
  for (const row of readRows(
    context.spec.sections.parameters,
    { key: 'name', required: ['name', 'default'] },
    findings,
  )) {
    const name = row.get('name');
    const expr = row.broken ? null : readConstant(context, row.get('default'), row.line, 'SPEC_PARAMETER');
    const raw = expr ? constantValue(context, expr) : undefined;
    if (expr && raw === undefined)
      findings.add('SPEC_PARAMETER', row.line, `the default ${quote(row.get('default'))} has no value`);
    const shape = expr && raw !== undefined ? shapesAt(context, row.line).of(expr) : undefined;
    const width = shape?.kind === 'sized' ? shape.width : null;
    const value = raw !== undefined && width ? raw & ((1n << BigInt(width.bits)) - 1n) : raw;
    if (name === '') continue;
    const declared = symbols.declare(name, { kind: 'parameter', line: row.line, value: value ?? null, width });
    if (declared && expr && value !== undefined)
      parameters.push({ name, value, width, expr, description: row.get('description') });
  }
  return parameters;
}

/** Declares the ports. SPEC_NEEDS_MODEL for inout, SPEC_DIRECTION for anything else that is no direction. */
export function readPorts(context: Context): DesignPort[] {
  const { findings, spec, symbols } = context;
  const ports: DesignPort[] = [];
  const rows = readRows(spec.sections.ports, { key: 'port', required: ['port', 'direction', 'width'] }, findings);
  for (const row of rows) {
    const name = row.get('port');
    const direction = readDirection(context, row);
    const width = row.get('width') === '' ? null : readWidth(context, row.get('width'), row.line);
    if (name === '') continue;
    const declared = symbols.declare(name, { kind: 'port', line: row.line, direction, width });
    if (declared && direction && width && !row.broken)
      ports.push({ name, direction, width, description: row.get('description'), line: row.line });
  }
  const heading = spec.sections.ports[0];
  if (rows.length === 0 && heading && heading.tables.length === 0) {
    findings.add(
      'SPEC_TABLE',
      heading.line,
      'Ports needs a table with the columns Port, Direction, Width and Description',
    );
  } else if (rows.length === 0 && heading)
    findings.add('SPEC_TABLE', heading.tables[0]?.line ?? heading.line, 'the table of Ports has no rows');
  return ports;
}

function readDirection({ findings }: Context, row: Row): 'input' | 'output' | null {
  const text = row.get('direction').toLowerCase();
  if (text === 'input' || text === 'output') return text;
  if (text === 'inout')
    findings.add(
      'SPEC_NEEDS_MODEL',
      row.line,
      `${row.get('port')} is an inout port, which the built-in composer cannot build`,
    );
  else if (text !== '')
    findings.add('SPEC_DIRECTION', row.line, `${quote(row.get('direction'))} is no direction: write input or output`);
  return null;
}

const DEFAULT_CLOCK = 'clk';
const DEFAULT_RESET = 'rst_n';
const DEFAULT_PERIOD_PS = 10_000;
/** Beyond it a bench of a few cycles would outlast every simulator's clock. */
const MAX_PERIOD_PS = 1_000_000_000_000;

/** `declared` is false for the default clock; `faulty` when the clocks are not to be relied on. */
export interface Clocks {
  readonly list: readonly DesignClock[];
  readonly declared: boolean;
  readonly faulty: boolean;
}

export function readClocks(context: Context): Clocks {
  const { spec, symbols } = context;
  const before = context.findings.count;
  const rows = readRows(
    spec.sections.clocks,
    {
      key: 'clock',
      required: ['clock', 'reset', 'active', 'async', 'period ns'],
      blank: ['reset', 'active', 'async', 'period ns'],
    },
    context.findings,
  );
  if (rows.length === 0) {
    const clock = symbols.get(DEFAULT_CLOCK);
    const list = clock?.kind === 'port' && clock.direction !== 'output' ? [defaultClock(context)] : [];
    return { list, declared: false, faulty: context.findings.count > before || symbols.isPoisoned(DEFAULT_CLOCK) };
  }
  const list: DesignClock[] = [];
  const seen = new Map<string, number>();
  for (const row of rows) {
    const name = row.get('clock');
    const first = seen.get(name);
    if (first !== undefined) {
      context.findings.add('SPEC_NAME_DUPLICATE', row.line, `the clock ${name} is listed twice`, {
        line: first,
        message: 'listed here',
      });
      continue;
    }
    seen.set(name, row.line);
    const usable = name === '' || controlPort(context, name, row.line);
    const reset = readReset(context, row);
    const periodPs = readPeriod(context, row);
    if (!row.broken && usable && reset !== undefined && periodPs) list.push({ name, reset, periodPs });
  }
  return { list, declared: true, faulty: context.findings.count > before };
}

function defaultClock(context: Context): DesignClock {
  const { symbols } = context;
  const line = symbols.get(DEFAULT_CLOCK)?.line ?? 1;
  controlPort(context, DEFAULT_CLOCK, line);
  const reset = symbols.get(DEFAULT_RESET);
  const hasReset =
    reset?.kind === 'port' && reset.direction !== 'output' && controlPort(context, DEFAULT_RESET, reset.line);
  return {
    name: DEFAULT_CLOCK,
    reset: hasReset ? { name: DEFAULT_RESET, active: 'low', async: true } : null,
    periodPs: DEFAULT_PERIOD_PS,
  };
}

/** A clock or reset must be a top input of one bit. */
function controlPort({ findings, symbols }: Context, name: string, line: number): boolean {
  const symbol = symbols.get(name);
  if (symbol?.kind !== 'port') {
    if (!symbols.isPoisoned(name)) findings.add('SPEC_NAME_UNKNOWN', line, `${quote(name)} is no port of the top`);
    return false;
  }
  if (symbol.direction === 'output') findings.add('SPEC_DIRECTION', line, `${name} must be an input`);
  if (symbol.width && symbol.width.bits !== 1)
    findings.add('SPEC_WIDTH', line, `${name} has ${symbol.width.bits} bits; clocks and resets have one`);
  // what its own row left open was reported there
  return symbol.direction !== 'output' && (symbol.width === null || symbol.width.bits === 1);
}

const ACTIVE: ReadonlyMap<string, 'low' | 'high'> = new Map([
  ['', 'low'],
  ['low', 'low'],
  ['0', 'low'],
  ['high', 'high'],
  ['1', 'high'],
]);
const ASYNC: ReadonlyMap<string, boolean> = new Map([
  ['', true],
  ['yes', true],
  ['true', true],
  ['1', true],
  ['async', true],
  ['asynchronous', true],
  ['no', false],
  ['false', false],
  ['0', false],
  ['sync', false],
  ['synchronous', false],
]);

/** null: the clock has no reset; undefined: the row is at fault. */
function readReset(context: Context, row: Row): DesignReset | null | undefined {
  const name = row.get('reset').toLowerCase() === 'none' ? '' : row.get('reset');
  const active = ACTIVE.get(row.get('active').toLowerCase());
  const async = ASYNC.get(row.get('async').toLowerCase());
  if (active === undefined)
    context.findings.add('SPEC_TABLE', row.line, `Active is low or high, not ${quote(row.get('active'))}`);
  if (async === undefined)
    context.findings.add('SPEC_TABLE', row.line, `Async is yes or no, not ${quote(row.get('async'))}`);
  if (name === '') return active !== undefined && async !== undefined ? null : undefined;
  if (!controlPort(context, name, row.line) || active === undefined || async === undefined) return undefined;
  return { name, active, async };
}

/** Nanoseconds with at most three decimals; half a period must be a whole number of picoseconds. */
function readPeriod({ findings }: Context, row: Row): number | null {
  const text = row.get('period ns');
  if (text === '') return DEFAULT_PERIOD_PS;
  const match = /^(\d{1,9})(?:\.(\d{1,3}))?(?: ?ns)?$/.exec(text);
  const ps = match ? Number(match[1]) * 1000 + Number((match[2] ?? '').padEnd(3, '0')) : 0;
  if (ps > 0 && ps % 2 === 0 && ps <= MAX_PERIOD_PS) return ps;
  findings.add(
    'SPEC_TABLE',
    row.line,
    `${quote(text)} is no period: nanoseconds with at most three decimals, half of it in whole picoseconds`,
  );
  return null;
}
