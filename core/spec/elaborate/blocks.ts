// The Blocks section: which package each instance is, with which parameters, and the pins that follow.
import type { CbbManifest } from '@genrtl/contracts';
import { matchFunction } from '../../cbb/match.ts';
import {
  defaultValue,
  evaluatePorts,
  parseManifestExpr,
  valueFault,
  type ParameterValue,
} from '../../cbb/parameters.ts';
import { decimal, references, substitute, type Expr } from '../expr/ast.ts';
import { widthOf, type Width } from '../expr/width.ts';
import { quote } from '../quote.ts';
import { readRows } from '../rows.ts';
import { splitAssignments } from './assignments.ts';
import { constantValue, readConstant, type Context } from './context.ts';

export interface Pin {
  readonly port: string;
  readonly direction: 'input' | 'output';
  readonly role: CbbManifest['ports'][number]['role'];
  readonly width: Width | null;
}
/** `pins` is null when the package is unknown, so that its use is no second fault. */
export interface Instance {
  readonly name: string;
  readonly line: number;
  readonly manifest: CbbManifest | null;
  readonly parameters: readonly { readonly name: string; readonly value: Expr | string }[];
  readonly pins: ReadonlyMap<string, Pin> | null;
}

/**
 * Reads and declares all instances. SPEC_CBB_NOT_FOUND, SPEC_CBB_AMBIGUOUS, SPEC_PARAMETER, SPEC_TABLE,
 * SPEC_NEEDS_MODEL.
 */
export function readBlocks(context: Context, catalog: readonly CbbManifest[]): Instance[] {
  const instances: Instance[] = [];
  for (const row of readRows(
    context.spec.sections.blocks,
    { key: 'instance', required: ['instance', 'function'] },
    context.findings,
  )) {
    const name = row.get('instance');
    if (name === '') continue;
    const manifest = row.broken ? null : resolve(context, row.get('function'), row.line, catalog);
    const instance = manifest
      ? configure(context, { name, line: row.line, manifest, text: row.get('parameters') })
      : { name, line: row.line, manifest: null, parameters: [], pins: null };
    if (context.symbols.declare(name, { kind: 'instance', line: row.line, instance })) instances.push(instance);
  }
  return instances;
}

function resolve(
  { findings }: Context,
  text: string,
  line: number,
  catalog: readonly CbbManifest[],
): CbbManifest | null {
  const match = matchFunction(text, catalog);
  if (match.status === 'not_found') {
    findings.add('SPEC_CBB_NOT_FOUND', line, `no package matches ${quote(text)}`);
    return null;
  }
  if (match.status === 'ambiguous') {
    findings.add(
      'SPEC_CBB_AMBIGUOUS',
      line,
      `${quote(text)} matches ${match.candidates.map((manifest) => manifest.cbb_id).join(', ')}`,
    );
    return null;
  }
  const inout = match.manifest.ports.find((port) => port.direction === 'inout');
  if (!inout) return match.manifest;
  findings.add(
    'SPEC_NEEDS_MODEL',
    line,
    `${match.manifest.cbb_id} has the inout port ${inout.name}, which the built-in composer cannot connect`,
  );
  return null;
}

interface BlockRow {
  readonly name: string;
  readonly line: number;
  readonly manifest: CbbManifest;
  readonly text: string;
}

function configure(context: Context, row: BlockRow): Instance {
  const { name, line, manifest } = row;
  const given = readParameterValues(context, row);
  const values = new Map([...given.known].map(([parameter, { value }]) => [parameter, value] as const));
  const parameters = [...given.known].map(([parameter, { expr }]) => ({ name: parameter, value: expr }));
  return {
    name,
    line,
    manifest,
    parameters,
    pins: pinsOf(manifest, values, symbolicValues(manifest, parameters), given.isOpen),
  };
}

interface GivenValue {
  readonly value: ParameterValue;
  readonly expr: Expr | string;
}

/** The values of a row by parameter; `isOpen` tells which parameters a fault leaves without a value to rely on. */
function readParameterValues(
  context: Context,
  { line, manifest, text }: BlockRow,
): { known: Map<string, GivenValue>; isOpen: (parameter: string) => boolean } {
  const known = new Map<string, GivenValue>();
  const open = new Set<string>();
  // a misspelt name may have meant any parameter that the row does not give
  let misnamed = false;
  const fault = (message: string): void => context.findings.add('SPEC_PARAMETER', line, message);
  const assignments = splitAssignments(text);
  if ('error' in assignments) {
    context.findings.add('SPEC_TABLE', line, `Parameters: ${assignments.error}`);
    misnamed = true;
  }
  for (const assignment of 'error' in assignments ? [] : assignments.list) {
    const parameter = manifest.parameters.find((candidate) => candidate.name === assignment.name);
    if (!parameter) {
      const names = manifest.parameters.map((candidate) => candidate.name).join(', ');
      fault(`${manifest.cbb_id} has no parameter ${quote(assignment.name)}; it has ${names === '' ? 'none' : names}`);
      misnamed = true;
      continue;
    }
    const given = known.has(parameter.name) ? undefined : readValue(context, assignment.value, line);
    const wrong = given ? valueFault(parameter, given.value) : undefined;
    if (known.has(parameter.name)) fault(`${parameter.name} is given twice`);
    if (wrong !== undefined) fault(wrong);
    if (given) known.set(parameter.name, given);
    if (!given || wrong !== undefined) open.add(parameter.name);
  }
  return { known, isOpen: (parameter) => open.has(parameter) || (misnamed && !known.has(parameter)) };
}

/** Every number parameter of the package as an expression: as the row gives it, else its default. */
function symbolicValues(manifest: CbbManifest, given: Instance['parameters']): Map<string, Expr> {
  const symbolic = new Map<string, Expr>();
  for (const parameter of manifest.parameters) {
    const expr = given.find(({ name }) => name === parameter.name)?.value;
    const value = expr === undefined ? defaultValue(parameter) : undefined;
    if (typeof expr === 'object') symbolic.set(parameter.name, expr);
    else if (typeof value === 'bigint') symbolic.set(parameter.name, value < 0n ? negative(value) : decimal(value));
  }
  return symbolic;
}

/** Quoted text, or a constant over the top's parameters with its value at their defaults. */
function readValue(
  context: Context,
  text: string,
  line: number,
): { value: ParameterValue; expr: Expr | string } | undefined {
  if (text.startsWith('"')) {
    const inner = text.slice(1, -1);
    // what could end the string or start an escape in the generated code is no file name or mode that a package needs
    if (text.length >= 2 && text.endsWith('"') && /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(inner))
      return { value: inner, expr: inner };
    context.findings.add('SPEC_PARAMETER', line, `${quote(text)} is no plain quoted string`);
    return undefined;
  }
  const expr = readConstant(context, text, line, 'SPEC_PARAMETER');
  const value = expr ? constantValue(context, expr) : undefined;
  if (expr && value === undefined) context.findings.add('SPEC_PARAMETER', line, `${quote(text)} has no value`);
  return expr && value !== undefined ? { value, expr } : undefined;
}

/** The pins; a width that depends on a parameter at fault stays unknown. */
function pinsOf(
  manifest: CbbManifest,
  values: ReadonlyMap<string, ParameterValue>,
  symbolic: ReadonlyMap<string, Expr>,
  isOpen: (parameter: string) => boolean,
): Map<string, Pin> {
  const widths = new Map(evaluatePorts(manifest, values).map(({ name, width }) => [name, width]));
  const pins = new Map<string, Pin>();
  for (const port of manifest.ports) {
    if (port.direction === 'inout') continue;
    const bits = widths.get(port.name) ?? null;
    const expr = parseManifestExpr(port.width);
    const known =
      expr &&
      bits !== null &&
      !references(expr).some((reference) => reference.kind === 'name' && isOpen(reference.name));
    const width = known
      ? widthOf(
          bits,
          substitute(expr, (reference) => (reference.kind === 'name' ? symbolic.get(reference.name) : undefined)),
        )
      : null;
    pins.set(port.name, { port: port.name, direction: port.direction, role: port.role, width });
  }
  return pins;
}

function negative(value: bigint): Expr {
  return { kind: 'unary', operator: '-', operand: decimal(-value) };
}
