// Compares the interface that a plan promises with what the specification says of it. Silence is no contradiction.
import type { Diagnostic, Plan } from '@genrtl/contracts';
import { evaluate } from '../spec/expr/constant.ts';
import { parseExpr } from '../spec/expr/parser.ts';
import type { SpecInterface, SpecParameter, SpecPort, SpecReset } from './spec-interface.ts';

/** Contradictions with the line of the specification, code INTERFACE_CONTRADICTION; `file` is for the caller to add. */
export function checkInterface(plan: Plan, spec: SpecInterface): Diagnostic[] {
  const found: Diagnostic[] = [];
  const report = (line: number, message: string): void => {
    if (!found.some((other) => other.message === message))
      found.push({ tool: 'genrtl', severity: 'error', code: 'INTERFACE_CONTRADICTION', message, line });
  };
  if (spec.top && spec.top.name !== plan.top.name)
    report(spec.top.line, `the specification names the top ${spec.top.name}, the plan ${plan.top.name}`);
  const specValues = values(
    agreed(spec.parameters, ({ default: text }) => text).map(({ name, default: text }) => ({
      name,
      default: text ?? '',
    })),
  );
  const planValues = values(plan.top.parameters);
  for (const parameter of agreed(spec.parameters, ({ default: text }) => text)) checkParameter(plan, parameter, report);
  for (const port of agreed(spec.ports, ({ direction, width }) => `${direction} ${widthBits(width, specValues)}`)) {
    checkPort(plan, port, { specValues, planValues }, report);
  }
  for (const { name, line } of spec.clocks)
    if (!plan.top.clocks.includes(name)) report(line, `the specification lists the clock ${name}, the plan does not`);
  for (const reset of [...spec.resets, ...spec.ports]) checkReset(plan, reset, report, spec.resets.includes(reset));
  return found;
}

/** Ports of the plan's top of which the specification says neither direction nor width; they never gate. */
export function unstatedPorts(plan: Plan, spec: SpecInterface): string[] {
  const stated = new Set(spec.ports.map(({ name }) => name));
  const clocking = new Set([...spec.clocks, ...spec.resets].map(({ name }) => name));
  return plan.top.ports.flatMap(({ name }) => (stated.has(name) || clocking.has(name) ? [] : [name]));
}

type Report = (line: number, message: string) => void;
export type Values = ReadonlyMap<string, bigint>;

/** One entry for each name; names about which the document disagrees with itself are left out. */
function agreed<T extends { readonly name: string }>(
  entries: readonly T[],
  key: (entry: T) => string | undefined,
): T[] {
  const byName = new Map<string, T[]>();
  for (const entry of entries) {
    const list = byName.get(entry.name);
    if (list) list.push(entry);
    else byName.set(entry.name, [entry]);
  }
  return [...byName.values()].flatMap((list) =>
    new Set(list.map(key).filter((said) => said !== undefined)).size <= 1 && list[0] ? [list[0]] : [],
  );
}

function checkParameter(plan: Plan, { name, line, default: said, optional }: SpecParameter, report: Report): void {
  const parameter = plan.top.parameters.find((candidate) => candidate.name === name);
  if (!parameter) {
    if (!optional) report(line, `the specification has the parameter ${name}, the plan's top has not`);
    return;
  }
  const [expected, promised] = [
    said === undefined ? undefined : constant(said, new Map()),
    constant(parameter.default, new Map()),
  ];
  if (expected !== undefined && promised !== undefined && expected !== promised) {
    report(line, `the default of ${name} is ${said} in the specification, ${parameter.default} in the plan`);
  }
}

function checkPort(
  plan: Plan,
  said: SpecPort,
  { specValues, planValues }: { specValues: Values; planValues: Values },
  report: Report,
): void {
  const port = plan.top.ports.find((candidate) => candidate.name === said.name);
  if (!port) {
    if (!said.optional) report(said.line, `the specification has the port ${said.name}, the plan's top has not`);
    return;
  }
  if (said.direction && said.direction !== port.direction)
    report(said.line, `${said.name} is an ${said.direction} in the specification, an ${port.direction} in the plan`);
  const [expected, promised] = [widthBits(said.width, specValues), constant(port.width, planValues)];
  if (expected !== undefined && promised !== undefined && expected !== promised) {
    report(said.line, `${said.name} has ${expected} bits in the specification, ${promised} in the plan`);
  }
}

/**
 * A reset that a Clocks table lists must be one in the plan; what descriptions say counts only for the plan's resets.
 */
function checkReset(plan: Plan, { name, line, active, async }: SpecReset, report: Report, listed: boolean): void {
  const reset = plan.top.resets.find((candidate) => candidate.name === name);
  if (!reset) {
    if (listed) report(line, `the specification lists the reset ${name}, the plan does not`);
    return;
  }
  if (active !== undefined && reset.active !== active)
    report(line, `the reset ${name} is active ${active} in the specification, active ${reset.active} in the plan`);
  if (async !== undefined && reset.async !== async) {
    report(
      line,
      `the reset ${name} is ${async ? 'asynchronous' : 'synchronous'} in the specification, ${reset.async ? 'asynchronous' : 'synchronous'} in the plan`,
    );
  }
}

/** Defaults by name; later ones may build on earlier ones. */
export function values(parameters: readonly { readonly name: string; readonly default: string }[]): Values {
  const known = new Map<string, bigint>();
  for (const { name, default: text } of parameters) {
    const value = constant(text, known);
    if (value !== undefined) known.set(name, value);
  }
  return known;
}

function widthBits(width: string | undefined, known: Values): bigint | undefined {
  return width === undefined ? undefined : constant(width, known);
}

export function constant(text: string, known: Values): bigint | undefined {
  const parsed = parseExpr(text);
  return 'expr' in parsed ? evaluate(parsed.expr, (name) => known.get(name)) : undefined;
}
