// The Connections section: sources on the left, block inputs and top outputs on the right.
import type { Expr } from '../expr/ast.ts';
import { fits } from '../expr/sizing.ts';
import { quote } from '../quote.ts';
import { readRows } from '../rows.ts';
import { parseAt, shapesAt, type Context } from './context.ts';
import { likelyMeant, targetKey, type Drivers, type Target } from './drivers.ts';

export interface Connection {
  readonly line: number;
  readonly from: Expr;
  readonly to: Target;
}

/** Reads both ends; SPEC_NAME_UNKNOWN, SPEC_DIRECTION, SPEC_TABLE. Widths are checked later, when they are known. */
export function readConnections(context: Context, drivers: Drivers): Connection[] {
  const connections: Connection[] = [];
  for (const row of readRows(
    context.spec.sections.connections,
    { key: 'from', required: ['from', 'to'] },
    context.findings,
  )) {
    const to = row.get('to') === '' ? null : readTarget(context, row.get('to'), row.line, drivers);
    const from = row.get('from') === '' ? null : readSource(context, row.get('from'), row.line, drivers);
    // a row written backwards leaves its left end undriven: that is the same fault
    if (!to && from?.kind === 'name') drivers.excuse({ kind: 'net', name: from.name });
    if (to && from && !row.broken) connections.push({ line: row.line, from, to });
  }
  return connections;
}

function readSource(context: Context, text: string, line: number, drivers: Drivers): Expr | null {
  const expr = parseAt(context, text, line);
  if (!expr) return null;
  switch (expr.kind) {
    case 'literal':
      return expr;
    case 'name':
    case 'pin':
      return context.symbols.readable(expr, line) ? expr : excuseSource(expr, drivers);
    case 'bit':
    case 'part':
    case 'indexed':
      return context.symbols.readable(expr.of, line) && isConstantSelect(context, expr, line) ? expr : null;
    default:
      context.findings.add(
        'SPEC_TABLE',
        line,
        `${quote(text)}: From takes a signal, instance.port or a constant; put expressions into Logic`,
      );
      return null;
  }
}

/** A block input on the left is most often the other end of the row: it is not undriven as well. */
function excuseSource(expr: Extract<Expr, { kind: 'name' | 'pin' }>, drivers: Drivers): null {
  drivers.excuse(expr.kind === 'pin' ? expr : { kind: 'net', name: expr.name });
  return null;
}

function isConstantSelect(
  context: Context,
  expr: Extract<Expr, { kind: 'bit' | 'part' | 'indexed' }>,
  line: number,
): boolean {
  const indices =
    expr.kind === 'bit' ? [expr.index] : expr.kind === 'part' ? [expr.msb, expr.lsb] : [expr.start, expr.width];
  const shapes = shapesAt(context, line);
  if (indices.every((index) => shapes.isConstant(index))) return true;
  context.findings.add('SPEC_TABLE', line, 'a select in Connections has constant bounds; put moving ones into Logic');
  return false;
}

/** The driven end; null after a fault, with what it probably meant excused from being undriven. */
function readTarget(context: Context, text: string, line: number, drivers: Drivers): Target | null {
  const { findings } = context;
  const expr = parseAt(context, text, line);
  if (!expr) return null;
  if (expr.kind === 'bit' || expr.kind === 'part' || expr.kind === 'indexed') {
    findings.add('SPEC_TABLE', line, `${quote(text)}: bit selects are allowed on the left only`);
    drivers.excuse(expr.of.kind === 'pin' ? expr.of : { kind: 'net', name: expr.of.name });
    return null;
  }
  if (expr.kind === 'literal')
    findings.add('SPEC_DIRECTION', line, `${quote(text)} is a constant and cannot be driven`);
  else if (expr.kind === 'name') return readNetTarget(context, expr.name, line, drivers);
  else if (expr.kind === 'pin') return readPinTarget(context, expr, line, drivers);
  else findings.add('SPEC_TABLE', line, `${quote(text)}: To takes a top output or instance.input`);
  return null;
}

function readNetTarget(context: Context, name: string, line: number, drivers: Drivers): Target | null {
  const { findings, symbols } = context;
  const symbol = symbols.get(name);
  const target: Target = { kind: 'net', name };
  switch (symbol?.kind) {
    case 'port':
      if (symbol.direction === 'input')
        findings.add('SPEC_DIRECTION', line, `${name} is an input of the top and cannot be driven`);
      if (symbol.direction === 'input') return null;
      drivers.add(target, line, 'Connections');
      return target;
    case 'wire':
    case 'register':
      drivers.add(target, line, 'Connections');
      return null;
    case 'parameter':
      findings.add('SPEC_DIRECTION', line, `${name} is a parameter and cannot be driven`);
      return null;
    case 'instance':
      findings.add('SPEC_NAME_UNKNOWN', line, `${name} is an instance: name one of its inputs as ${name}.port`);
      return null;
    case undefined: {
      const meant = findings.count < MANY ? likelyMeant(name, undrivenOutputs(context, drivers)) : undefined;
      if (!symbols.isPoisoned(name))
        findings.add(
          'SPEC_NAME_UNKNOWN',
          line,
          `the top has no output ${quote(name)}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
        );
      if (meant !== undefined) drivers.excuse({ kind: 'net', name: meant });
      return null;
    }
  }
}

/** Enough findings that nobody reads another guess. */
const MANY = 100;

function undrivenOutputs({ symbols }: Context, drivers: Drivers): string[] {
  return [...symbols.names()].filter((name) => {
    const port = symbols.get(name);
    return port?.kind === 'port' && port.direction === 'output' && !drivers.has({ kind: 'net', name });
  });
}

function readPinTarget(
  { findings, symbols }: Context,
  expr: { instance: string; port: string },
  line: number,
  drivers: Drivers,
): Target | null {
  const { instance, port } = expr;
  const pins = symbols.instance(instance, line)?.pins;
  if (!pins) return null;
  const target: Target = { kind: 'pin', instance, port };
  const pin = pins.get(port);
  if (pin?.direction === 'input') {
    drivers.add(target, line, 'Connections');
    return target;
  }
  if (pin) findings.add('SPEC_DIRECTION', line, `${targetKey(target)} is an output of the block and cannot be driven`);
  else {
    const inputs = [...pins.values()].filter(
      (other) => other.direction === 'input' && !drivers.has({ kind: 'pin', instance, port: other.port }),
    );
    const meant = likelyMeant(
      port,
      inputs.map((other) => other.port),
    );
    findings.add(
      'SPEC_NAME_UNKNOWN',
      line,
      `${instance} has no port ${quote(port)}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
    );
    if (meant !== undefined) drivers.excuse({ kind: 'pin', instance, port: meant });
  }
  return null;
}

/** SPEC_WIDTH where both ends differ; unsized constants and parameters adapt. */
export function checkConnectionWidths(context: Context, connections: readonly Connection[]): void {
  const { findings, symbols } = context;
  for (const { line, from, to } of connections) {
    const target = symbols.width(to.kind === 'net' ? { kind: 'name', name: to.name } : to);
    const shapes = shapesAt(context, line);
    const shape = shapes.of(from);
    if (!target) continue;
    if (shape.kind === 'sized' && shape.width.bits !== target.bits) {
      findings.add('SPEC_WIDTH', line, `${targetKey(to)} has ${target.bits} bits, its source ${shape.width.bits}`);
    }
    const value = shape.kind === 'flexible' ? shapes.value(from) : undefined;
    if (value !== undefined && !fits(value, target.bits))
      findings.warn('SPEC_WIDTH', line, `${value} does not fit in ${target.bits} bits and is truncated`);
  }
}
