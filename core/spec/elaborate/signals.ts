// The Logic and Registers sections: their rows, the names they declare, and how wide these are.
import type { DesignClock } from '../design.ts';
import { references, type Expr } from '../expr/ast.ts';
import type { Width } from '../expr/width.ts';
import { quote } from '../quote.ts';
import { readRows, type Row } from '../rows.ts';
import type { Clocks } from './interface.ts';
import type { Connection } from './connections.ts';
import { parseAt, readConstant, readExpr, readWidth, shapesAt, type Context } from './context.ts';
import { targetKey, type Drivers, type Target } from './drivers.ts';
import type { SignalSymbol } from './symbols.ts';

export interface LogicRow {
  readonly line: number;
  readonly target: Target;
  readonly text: string;
  /** null when the column is blank or at fault; `faulty` tells which */
  readonly column: Width | null;
  readonly faulty: boolean;
}
export interface RegisterRow {
  readonly line: number;
  readonly name: string;
  readonly width: Width | null;
  readonly resetText: string;
  readonly nextText: string;
  readonly clock: DesignClock | null;
  readonly faulty: boolean;
}

/** Declares the registers; SPEC_DIRECTION for top inputs, SPEC_WIDTH where a top output has another width. */
export function declareRegisters(context: Context, clocks: Clocks, drivers: Drivers): RegisterRow[] {
  const several = clocks.list.length > 1;
  const rows = readRows(
    context.spec.sections.registers,
    {
      key: 'signal',
      required: ['signal', 'width', 'reset', 'next', ...(several ? ['clock'] : [])],
      blank: resetsMayBeBlank(clocks) ? ['reset'] : [],
    },
    context.findings,
  );
  const registers: RegisterRow[] = [];
  for (const row of rows) {
    const name = row.get('signal');
    if (name === '') continue;
    const width = row.get('width') === '' ? null : readWidth(context, row.get('width'), row.line);
    const clock = row.broken ? null : pickClock(context, row, clocks);
    const usable = declareSignal(context, { name, kind: 'register', line: row.line, width }, drivers);
    if (usable)
      registers.push({
        line: row.line,
        name,
        width,
        resetText: row.get('reset'),
        nextText: row.get('next'),
        clock,
        faulty: row.broken,
      });
  }
  return registers;
}

/** Registers of a clock without reset have a power-up value at most. */
function resetsMayBeBlank(clocks: Clocks): boolean {
  return clocks.list.some((clock) => clock.reset === null);
}

function pickClock({ findings, symbols }: Context, row: Row, clocks: Clocks): DesignClock | null {
  const wanted = row.get('clock');
  const [first] = clocks.list;
  if (wanted !== '') {
    const named = clocks.list.find((clock) => clock.name === wanted);
    if (!named && !clocks.faulty) findings.add('SPEC_NAME_UNKNOWN', row.line, `no clock is called ${quote(wanted)}`);
    return named ?? null;
  }
  if (!first && !clocks.faulty && !symbols.isPoisoned('clk')) {
    findings.add('SPEC_NAME_UNKNOWN', row.line, 'a register needs a clock: there is no port clk and no section Clocks');
  } else if (first && !first.reset && !clocks.declared && !symbols.isPoisoned('rst_n')) {
    findings.add(
      'SPEC_NAME_UNKNOWN',
      row.line,
      'a register needs a reset: there is no port rst_n and no section Clocks that says otherwise',
    );
  }
  return first ?? null;
}

/** Declares the signals that Logic names; targets are nets or `instance.input`. */
export function declareLogic(context: Context, drivers: Drivers): LogicRow[] {
  const logic: LogicRow[] = [];
  for (const row of readRows(
    context.spec.sections.logic,
    { key: 'signal', required: ['signal', 'expression'] },
    context.findings,
  )) {
    const signal = row.get('signal');
    if (signal === '') continue;
    const text = row.get('width');
    const column = text === '' ? null : readWidth(context, text, row.line);
    const target = declareTarget(context, signal, { line: row.line, width: column }, drivers);
    if (target)
      logic.push({
        line: row.line,
        target,
        text: row.get('expression'),
        column,
        faulty: row.broken || (text !== '' && !column),
      });
  }
  return logic;
}

function declareTarget(
  context: Context,
  signal: string,
  { line, width }: { line: number; width: Width | null },
  drivers: Drivers,
): Target | null {
  const { findings, symbols } = context;
  if (!signal.includes('.')) {
    return declareSignal(context, { name: signal, kind: 'wire', line, width }, drivers)
      ? { kind: 'net', name: signal }
      : null;
  }
  const expr = parseAt(context, signal, line, 'SPEC_NAME_INVALID');
  if (!expr) return null;
  if (expr.kind !== 'pin') {
    findings.add('SPEC_NAME_INVALID', line, `${quote(signal)} is no signal and no instance.input`);
    return null;
  }
  const pins = symbols.instance(expr.instance, line)?.pins;
  const pin = pins?.get(expr.port);
  const target: Target = { kind: 'pin', instance: expr.instance, port: expr.port };
  if (pins && !pin) findings.add('SPEC_NAME_UNKNOWN', line, `${expr.instance} has no port ${quote(expr.port)}`);
  if (pin?.direction === 'output')
    findings.add('SPEC_DIRECTION', line, `${signal} is an output of the block; Logic drives inputs`);
  if (pin?.direction !== 'input') return null;
  drivers.add(target, line, 'Logic');
  if (width && pin.width && width.bits !== pin.width.bits)
    findings.add('SPEC_WIDTH', line, `${signal} has ${pin.width.bits} bits, the column Width says ${width.bits}`);
  return target;
}

interface NewSignal {
  readonly name: string;
  readonly kind: 'wire' | 'register';
  readonly line: number;
  readonly width: Width | null;
}

/** A top output gets its driver, a new name is declared; anything else is a fault. */
function declareSignal(
  { findings, symbols }: Context,
  { name, kind, line, width }: NewSignal,
  drivers: Drivers,
): boolean {
  const known = symbols.get(name);
  const what = kind === 'wire' ? 'Logic' : 'Registers';
  if (known?.kind === 'port') {
    if (known.direction === 'input')
      findings.add('SPEC_DIRECTION', line, `${name} is an input of the top and cannot be driven by ${what}`);
    if (known.direction === 'input') return false;
    if (width && known.width && width.bits !== known.width.bits)
      findings.add(
        'SPEC_WIDTH',
        line,
        `the output ${name} has ${known.width.bits} bits, the column Width says ${width.bits}`,
      );
    drivers.add({ kind: 'net', name }, line, what);
    return true;
  }
  if (known?.kind === 'wire' || known?.kind === 'register') {
    drivers.add({ kind: 'net', name }, line, what);
    return false;
  }
  if (!symbols.declare(name, { kind, line, width })) return false;
  drivers.add({ kind: 'net', name }, line, what);
  return true;
}

export interface ReadLogic {
  readonly row: LogicRow;
  readonly expr: Expr;
  /** null when it could not be found */
  readonly width: Width | null;
}

/**
 * Reads the expressions and finds the width of every Logic row: the column, else the port that it feeds, else the
 * width of its expression. Rows that depend on one another are taken in order; rows in a loop stay without width.
 */
export function resolveLogic(
  context: Context,
  rows: readonly LogicRow[],
  connections: readonly Connection[],
): ReadLogic[] {
  const pending = new Map<string, { row: LogicRow; expr: Expr }>();
  const done: ReadLogic[] = [];
  const fed = portsFed(connections);
  for (const row of rows) {
    const expr = row.faulty && row.text === '' ? null : readExpr(context, row.text, row.line);
    if (!expr) continue;
    const known = fixedTarget(context, row.target) ?? row.column ?? (row.faulty ? null : knownWidth(context, row, fed));
    if (known) setWidth(context, row.target, known);
    if (known || row.faulty || row.target.kind === 'pin' || known === undefined || isPort(context, row.target.name))
      done.push({ row, expr, width: known ?? null });
    else pending.set(row.target.name, { row, expr });
  }
  for (const name of dependencyOrder(pending)) {
    const entry = pending.get(name);
    if (!entry) continue;
    const shape = shapesAt(context, entry.row.line).of(entry.expr);
    if (shape.kind === 'flexible') {
      context.findings.add(
        'SPEC_WIDTH',
        entry.row.line,
        `the width of ${name} is open: its expression has unsized constants only; give the column Width`,
      );
    }
    const width = shape.kind === 'sized' ? shape.width : null;
    if (width) setWidth(context, entry.row.target, width);
    done.push({ ...entry, width });
  }
  return done;
}

function isPort(context: Context, name: string): boolean {
  return context.symbols.get(name)?.kind === 'port';
}

/** The width that a top output or a block input has, whatever the column says. */
function fixedTarget(context: Context, target: Target): Width | null {
  if (target.kind === 'pin') return context.symbols.width(target);
  return isPort(context, target.name) ? context.symbols.width({ kind: 'name', name: target.name }) : null;
}

/** undefined: ports of different widths are fed, which is reported; null: nothing says it yet. */
function knownWidth(
  context: Context,
  { target, line }: LogicRow,
  fed: ReadonlyMap<string, Target[]>,
): Width | null | undefined {
  if (target.kind === 'pin' || isPort(context, target.name)) return null;
  const widths = (fed.get(target.name) ?? []).map((to) => ({
    to,
    width: context.symbols.width(to.kind === 'net' ? { kind: 'name', name: to.name } : to),
  }));
  const first = widths.find(({ width }) => width !== null);
  const other = widths.find(({ width }) => width && first?.width && width.bits !== first.width.bits);
  if (first?.width && other?.width) {
    context.findings.add(
      'SPEC_WIDTH',
      line,
      `${target.name} feeds ${targetKey(first.to)} of ${first.width.bits} bits and ${targetKey(other.to)} of ${other.width.bits}; give the column Width`,
    );
    return undefined;
  }
  return first?.width ?? null;
}

/** The targets of connections from a whole signal, by its name. */
function portsFed(connections: readonly Connection[]): Map<string, Target[]> {
  const fed = new Map<string, Target[]>();
  for (const { from, to } of connections) {
    if (from.kind !== 'name') continue;
    const list = fed.get(from.name);
    if (list) list.push(to);
    else fed.set(from.name, [to]);
  }
  return fed;
}

function setWidth(context: Context, target: Target, width: Width): void {
  const symbol = target.kind === 'net' ? context.symbols.get(target.name) : undefined;
  if (symbol?.kind === 'wire' || symbol?.kind === 'register') (symbol as SignalSymbol).width ??= width;
}

/** Names with all those they build on before them (Kahn's algorithm); names in a loop are left out. */
function dependencyOrder(pending: ReadonlyMap<string, { expr: Expr }>): string[] {
  const waiting = new Map<string, number>();
  const users = new Map<string, string[]>();
  for (const [name, { expr }] of pending) {
    const needed = new Set(
      references(expr).flatMap((reference) =>
        reference.kind === 'name' && pending.has(reference.name) ? [reference.name] : [],
      ),
    );
    waiting.set(name, needed.size);
    for (const other of needed) {
      const list = users.get(other);
      if (list) list.push(name);
      else users.set(other, [name]);
    }
  }
  const ready = [...waiting].filter(([, count]) => count === 0).map(([name]) => name);
  for (let at = 0; at < ready.length; at += 1) {
    for (const user of users.get(ready[at] ?? '') ?? []) {
      const left = (waiting.get(user) ?? 0) - 1;
      waiting.set(user, left);
      if (left === 0) ready.push(user);
    }
  }
  return ready;
}

/** Reset and next of a register; null where the text is at fault. */
export function readRegister(context: Context, row: RegisterRow): { reset: Expr | null; next: Expr | null } {
  return {
    reset: row.resetText === '' ? null : readConstant(context, row.resetText, row.line, 'SPEC_TABLE'),
    next: row.nextText === '' ? null : readExpr(context, row.nextText, row.line),
  };
}
