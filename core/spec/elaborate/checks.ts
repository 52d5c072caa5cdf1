// The Checks section: stimulus and expectation on top ports, row by row.
import type { CheckRow, CheckValue, DesignClock } from '../design.ts';
import { scanLiteral } from '../expr/literal.ts';
import { quote } from '../quote.ts';
import { readRows, type Row } from '../rows.ts';
import { splitAssignments } from './assignments.ts';
import type { Context } from './context.ts';
import type { Clocks } from './interface.ts';

/** Without clocks a row lasts as long as with the default clock. */
const UNCLOCKED_PERIOD_PS = 10_000;
const MAX_CYCLE = 10_000_000;

/** The rows in the order of the spec; SPEC_CHECKS_MISSING and SPEC_CHECK_RESET when they cannot tell anything. */
export function readChecks(context: Context, clocks: Clocks): CheckRow[] {
  const { findings, spec } = context;
  const before = findings.count;
  const checks: CheckRow[] = [];
  const rows = readRows(
    spec.sections.checks,
    { key: 'cycle', required: ['cycle', 'drive', 'expect'], blank: ['drive', 'expect'] },
    findings,
  );
  for (const row of rows) {
    const clock = pickClock(context, row, clocks);
    const cycle = row.broken ? null : readCycle(context, row);
    const drive = readValues(context, row, 'drive', clocks);
    const expect = readValues(context, row, 'expect', clocks);
    if (cycle === null || clock === undefined) continue;
    const periodPs = clock?.periodPs ?? UNCLOCKED_PERIOD_PS;
    checks.push({
      id: `check_${checks.length + 1}`,
      line: row.line,
      cycle,
      timePs: cycle * periodPs + periodPs / 2,
      periodPs,
      drive,
      expect,
    });
  }
  const line = spec.sections.checks[0]?.line ?? spec.title?.line ?? 1;
  const expectsSomething = rows.some((row) => expectsOutput(context, row));
  if (!expectsSomething && findings.count === before) {
    findings.add(
      'SPEC_CHECKS_MISSING',
      line,
      spec.sections.checks.length === 0 ? 'there is no section Checks' : 'the section Checks expects nothing',
    );
  } else if (findings.count === before) reportHeldResets(context, checks, clocks, line);
  return checks;
}

/** False for rows that expect nothing, or only what the bench itself drives. */
function expectsOutput({ symbols }: Context, row: Row): boolean {
  const assignments = splitAssignments(row.get('expect'));
  if ('error' in assignments) return true;
  return assignments.list.some(({ name }) => {
    const symbol = symbols.get(name);
    return symbol?.kind !== 'port' || symbol.direction !== 'input';
  });
}

/** undefined after a fault; null when the design has no clock. */
function pickClock({ findings }: Context, row: Row, clocks: Clocks): DesignClock | null | undefined {
  const wanted = row.get('clock');
  if (wanted === '') return clocks.list[0] ?? (clocks.faulty ? undefined : null);
  const clock = clocks.list.find((candidate) => candidate.name === wanted);
  if (!clock && !clocks.faulty) findings.add('SPEC_NAME_UNKNOWN', row.line, `no clock is called ${quote(wanted)}`);
  return clock;
}

function readCycle({ findings }: Context, row: Row): number | null {
  const text = row.get('cycle');
  const cycle = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (cycle <= MAX_CYCLE) return cycle;
  findings.add('SPEC_TABLE', row.line, `${quote(text)} is no cycle from 0 to ${MAX_CYCLE}`);
  return null;
}

function readValues(context: Context, row: Row, column: 'drive' | 'expect', clocks: Clocks): CheckValue[] {
  const { findings } = context;
  const assignments = splitAssignments(row.get(column));
  if ('error' in assignments) {
    findings.add('SPEC_TABLE', row.line, `${column}: ${assignments.error}`);
    return [];
  }
  const values: CheckValue[] = [];
  for (const { name, value } of assignments.list) {
    const width = portWidth(context, row.line, name, column, clocks);
    if (width === null) continue;
    if (values.some((other) => other.port === name)) {
      findings.add('SPEC_NAME_DUPLICATE', row.line, `${name} stands twice in one cell`);
      continue;
    }
    const bits = readBits(context, row.line, { name, value, width });
    if (bits !== null) values.push({ port: name, bits, text: value });
  }
  return values;
}

/** Bits of the port when this column may name it, null after a fault. */
function portWidth(
  { findings, symbols }: Context,
  line: number,
  name: string,
  column: 'drive' | 'expect',
  clocks: Clocks,
): number | null {
  const symbol = symbols.get(name);
  if (symbol?.kind !== 'port') {
    if (!symbols.isPoisoned(name)) findings.add('SPEC_NAME_UNKNOWN', line, `${quote(name)} is no port of the top`);
    return null;
  }
  if (column === 'drive' && symbol.direction === 'output') {
    findings.add('SPEC_DIRECTION', line, `${name} is an output of the top: only inputs are driven`);
    return null;
  }
  if (clocks.list.some((clock) => clock.name === name)) {
    if (column === 'drive') findings.add('SPEC_MULTIPLE_DRIVERS', line, `the bench itself drives the clock ${name}`);
    else
      findings.add(
        'SPEC_DIRECTION',
        line,
        `${name} is a clock, sampled at its own edge: nothing can be expected of it`,
      );
    return null;
  }
  if (column === 'expect' && symbol.direction === 'input')
    findings.warn('SPEC_DIRECTION', line, `${name} is an input: expecting it tells nothing of the design`);
  return symbol.direction === null ? null : (symbol.width?.bits ?? null);
}

/** The port's bits for a decimal or Verilog literal, or for a bare x. */
function readBits(
  { findings }: Context,
  line: number,
  { name, value, width }: { name: string; value: string; width: number },
): string | null {
  if (/^x$/i.test(value)) return 'x'.repeat(width);
  const scan = /^[0-9']/.test(value)
    ? scanLiteral(value, 0)
    : { error: 'a value is a decimal number or a Verilog literal' };
  if ('error' in scan || scan.end !== value.length) {
    const code = 'error' in scan ? (scan.code ?? 'SPEC_TABLE') : 'SPEC_TABLE';
    findings.add(
      code,
      line,
      `${name}=${quote(value)}: ${'error' in scan ? scan.error : 'something follows the number'}`,
    );
    return null;
  }
  const { bits, size } = scan.literal;
  const first = bits[0] ?? '0';
  const fill = size === null && (first === 'x' || first === 'z') ? first : '0';
  const surplus = bits.slice(0, Math.max(bits.length - width, 0));
  if (/[1z]/.test(surplus) || (surplus.includes('x') && size !== null)) {
    findings.add('SPEC_WIDTH', line, `${value} does not fit in the ${width} bits of ${name}`);
    return null;
  }
  return bits.slice(-width).padStart(width, fill);
}

/** SPEC_CHECK_RESET for a reset that no row releases, at the last row that drives it. */
function reportHeldResets(context: Context, checks: readonly CheckRow[], clocks: Clocks, section: number): void {
  const ordered = checks.toSorted((a, b) => a.timePs - b.timePs);
  for (const { reset } of clocks.list) {
    // a port whose own row is at fault drops its values
    if (!reset || context.symbols.width({ kind: 'name', name: reset.name }) === null) continue;
    const released = reset.active === 'low' ? '1' : '0';
    // every input starts at 0: that asserts an active-low reset and releases an active-high one
    let everAsserted = reset.active === 'low';
    let everReleased = false;
    let line = section;
    for (const check of ordered) {
      const bits = check.drive.find((value) => value.port === reset.name)?.bits;
      if (bits === undefined) continue;
      line = check.line;
      if (bits === released) everReleased = everReleased || everAsserted;
      else everAsserted = true;
    }
    if (everAsserted && !everReleased)
      context.findings.add('SPEC_CHECK_RESET', line, `the reset ${reset.name} is never released`);
  }
}
