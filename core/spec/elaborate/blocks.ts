// The Blocks section: which package each instance is, with which parameters, and the pins that follow.
import type { CbbManifest } from '@genrtl/contracts';
import { matchFunction } from '../../cbb/match.ts';
import { defaultValue, evaluatePorts, parseManifestExpr, valueFault, type ParameterValue } from '../../cbb/parameters.ts';
import { decimal, substitute, type Expr } from '../expr/ast.ts';
import { widthOf, type Width } from '../expr/width.ts';
import { readRows } from '../rows.ts';
import { splitAssignments } from './assignments.ts';
import { constantValue, readConstant, type Context } from './context.ts';
import { quote } from './symbols.ts';

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

/** Reads and declares all instances. SPEC_CBB_NOT_FOUND, SPEC_CBB_AMBIGUOUS, SPEC_PARAMETER, SPEC_TABLE, SPEC_NEEDS_MODEL. */
export function readBlocks(context: Context, catalog: readonly CbbManifest[]): Instance[] {
  const instances: Instance[] = [];
  for (const row of readRows(context.spec.sections.blocks, { key: 'instance', required: ['instance', 'function'] }, context.findings)) {
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

function resolve({ findings }: Context, text: string, line: number, catalog: readonly CbbManifest[]): CbbManifest | null {
  const match = matchFunction(text, catalog);
  if (match.status === 'not_found') {
    findings.add('SPEC_CBB_NOT_FOUND', line, `no package matches ${quote(text)}`);
    return null;
  }
  if (match.status === 'ambiguous') {
    findings.add('SPEC_CBB_AMBIGUOUS', line, `${quote(text)} matches ${match.candidates.map((manifest) => manifest.cbb_id).join(', ')}`);
    return null;
  }
  const inout = match.manifest.ports.find((port) => port.direction === 'inout');
  if (!inout) return match.manifest;
  findings.add('SPEC_NEEDS_MODEL', line, `${match.manifest.cbb_id} has the inout port ${inout.name}, which the built-in composer cannot connect`);
  return null;
}

interface BlockRow {
  readonly name: string;
  readonly line: number;
  readonly manifest: CbbManifest;
  readonly text: string;
}

function configure(context: Context, { name, line, manifest, text }: BlockRow): Instance {
  const parameters: { name: string; value: Expr | string }[] = [];
  const values = new Map<string, ParameterValue>();
  const symbolic = new Map<string, Expr>();
  let faulty = false;
  const fault = (message: string): void => {
    context.findings.add('SPEC_PARAMETER', line, message);
    faulty = true;
  };
  const assignments = splitAssignments(text);
  if ('error' in assignments) {
    context.findings.add('SPEC_TABLE', line, `Parameters: ${assignments.error}`);
    faulty = true;
  }
  for (const assignment of 'error' in assignments ? [] : assignments.list) {
    const parameter = manifest.parameters.find((candidate) => candidate.name === assignment.name);
    if (!parameter) {
      const known = manifest.parameters.map((candidate) => candidate.name).join(', ');
      fault(`${manifest.cbb_id} has no parameter ${quote(assignment.name)}; it has ${known === '' ? 'none' : known}`);
      continue;
    }
    if (values.has(parameter.name)) {
      fault(`${parameter.name} is given twice`);
      continue;
    }
    const given = readValue(context, assignment.value, line);
    if (!given) {
      faulty = true;
      continue;
    }
    const wrong = valueFault(parameter, given.value);
    if (wrong !== undefined) fault(wrong);
    values.set(parameter.name, given.value);
    parameters.push({ name: parameter.name, value: given.expr });
    if (typeof given.expr !== 'string') symbolic.set(parameter.name, given.expr);
  }
  for (const parameter of manifest.parameters) {
    const value = symbolic.has(parameter.name) ? undefined : defaultValue(parameter);
    if (typeof value === 'bigint') symbolic.set(parameter.name, value < 0n ? negative(value) : decimal(value));
  }
  return { name, line, manifest, parameters, pins: pinsOf(manifest, values, symbolic, faulty) };
}

/** Quoted text, or a constant over the top's parameters with its value at their defaults. */
function readValue(context: Context, text: string, line: number): { value: ParameterValue; expr: Expr | string } | undefined {
  if (text.startsWith('"')) {
    const inner = text.slice(1, -1);
    // what could end the string or start an escape in the generated code is no file name or mode that a package needs
    if (text.length >= 2 && text.endsWith('"') && /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(inner)) return { value: inner, expr: inner };
    context.findings.add('SPEC_PARAMETER', line, `${quote(text)} is no plain quoted string`);
    return undefined;
  }
  const expr = readConstant(context, text, line, 'SPEC_PARAMETER');
  const value = expr ? constantValue(context, expr) : undefined;
  if (expr && value === undefined) context.findings.add('SPEC_PARAMETER', line, `${quote(text)} has no value`);
  return expr && value !== undefined ? { value, expr } : undefined;
}

/** The pins; their widths stay unknown when a parameter is at fault. */
function pinsOf(manifest: CbbManifest, values: ReadonlyMap<string, ParameterValue>, symbolic: ReadonlyMap<string, Expr>, faulty: boolean): Map<string, Pin> {
  const widths = new Map(evaluatePorts(manifest, values).map(({ name, width }) => [name, width]));
  const pins = new Map<string, Pin>();
  for (const port of manifest.ports) {
    if (port.direction === 'inout') continue;
    const bits = faulty ? null : (widths.get(port.name) ?? null);
    const expr = parseManifestExpr(port.width);
    const width = bits !== null && expr
      ? widthOf(bits, substitute(expr, (reference) => (reference.kind === 'name' ? symbolic.get(reference.name) : undefined)))
      : null;
    pins.set(port.name, { port: port.name, direction: port.direction, role: port.role, width });
  }
  return pins;
}

function negative(value: bigint): Expr {
  return { kind: 'unary', operator: '-', operand: decimal(-value) };
}
