// Whether a model's answer is a plan that can be built: its shape, then its sense, each fault in words a model can act
// on.
import { Plan, type PatchRules, type PlanModule } from '@genrtl/contracts';
import { CBB_ID } from '@genrtl/contracts/patterns.ts';
import { editable, isFilelist } from '../project/patch-rules.ts';
import { references } from '../spec/expr/ast.ts';
import { parseExpr } from '../spec/expr/parser.ts';
import { isUsableName } from '../hdl/keywords.ts';
import { quote } from '../spec/quote.ts';

export type CheckedPlan =
  | { readonly ok: true; readonly plan: Plan }
  | { readonly ok: false; readonly problems: readonly string[] };

/** More would not help anybody to answer better. */
const MAX_PROBLEMS = 30;
const MAX_MODULES = 200;

/** The project that a plan is for. */
export interface PlanScope {
  /** what patches may touch; default: `src/` and `tb/` */
  readonly rules?: PatchRules | undefined;
  /** modules that are there already */
  readonly existing?: readonly string[] | undefined;
}

/** Pure; the plan comes back as parsed, members that the contract does not know are dropped. */
export function checkPlan(answer: unknown, scope: PlanScope = {}): CheckedPlan {
  const parsed = Plan.safeParse(answer);
  if (!parsed.success) {
    return {
      ok: false,
      problems: parsed.error.issues
        .slice(0, MAX_PROBLEMS)
        .map((issue) => `${issue.path.join('.') || 'the answer'}: ${issue.message}`),
    };
  }
  const problems = [...planProblems(parsed.data, scope)].slice(0, MAX_PROBLEMS);
  return problems.length === 0 ? { ok: true, plan: parsed.data } : { ok: false, problems };
}

function* planProblems(plan: Plan, { rules, existing = [] }: PlanScope): Generator<string> {
  const there = new Set(existing);
  const modules = [plan.top, ...plan.modules];
  if (modules.length > MAX_MODULES) yield `modules: ${modules.length} modules are more than ${MAX_MODULES}`;
  yield* duplicates(
    modules.map(({ name }) => name),
    (name) =>
      name === plan.top.name
        ? `modules: ${name} is the top and must not be listed again`
        : `modules: ${name} is listed twice`,
  );
  for (const [at, module] of modules.slice(0, MAX_MODULES).entries())
    yield* moduleProblems(plan, module, at === 0 ? 'top' : `modules.${at - 1}`, there);
  const cycle = instanceCycle(modules);
  if (cycle) yield `modules: ${cycle.join(' instantiates ')}`;
  yield* duplicates(
    plan.cbb_requirements.map(({ id }) => id),
    (id) => `cbb_requirements: the id ${id} is used twice`,
  );
  yield* duplicates(
    plan.verification.checks.map(({ id }) => id),
    (id) => `verification.checks: the id ${id} is used twice`,
  );
  yield* fileProblems(plan, rules);
}

function* moduleProblems(
  plan: Plan,
  module: PlanModule,
  where: string,
  existing: ReadonlySet<string>,
): Generator<string> {
  if (!isUsableName(module.name)) yield `${where}.name: ${quote(module.name)} is no usable Verilog name`;
  const declared = [...module.parameters, ...module.ports, ...module.instances].map(({ name }) => name);
  for (const name of new Set(declared))
    if (!isUsableName(name)) yield `${where}: ${quote(name)} is no usable Verilog name`;
  yield* duplicates(declared, (name) => `${where}: the name ${name} is declared twice`);
  const parameters = new Set(module.parameters.map(({ name }) => name));
  for (const port of module.ports) {
    const fault = widthFault(port.width, parameters);
    if (fault !== undefined) yield `${where}.ports: the width of ${port.name} ${fault}`;
  }
  for (const parameter of module.parameters) {
    if (!isDefault(parameter.default))
      yield `${where}.parameters: the default ${quote(parameter.default)} of ${parameter.name} is neither an expression nor a quoted string`;
  }
  // modules inside may make their own clocks; the top gets all of its own from outside
  const inputs = new Set(module.ports.filter(({ direction }) => direction !== 'output').map(({ name }) => name));
  for (const name of [...module.clocks, ...module.resets.map((reset) => reset.name)]) {
    if (module === plan.top && !inputs.has(name))
      yield `${where}: ${quote(name)} is listed as clock or reset but is no input port`;
  }
  for (const { name, of, cbb } of module.instances) {
    const fault = existing.has(of) ? undefined : instanceFault(plan, of, cbb);
    if (fault !== undefined) yield `${where}.instances: ${name} ${fault}`;
  }
}

function widthFault(text: string, parameters: ReadonlySet<string>): string | undefined {
  const parsed = parseExpr(text);
  if ('error' in parsed)
    return `is ${quote(text)}: ${parsed.error}; write a number, a parameter or an expression over parameters, such as 8 or WIDTH`;
  const unknown = references(parsed.expr).find(
    (reference) => reference.kind === 'pin' || !parameters.has(reference.name),
  );
  if (unknown) return `is ${quote(text)}, which names something that is no parameter of the module`;
  return parsed.expr.kind === 'literal' && parsed.expr.value === 0n ? 'is 0' : undefined;
}

function isDefault(text: string): boolean {
  const trimmed = text.trim();
  return (trimmed.length >= 2 && trimmed.startsWith('"') && trimmed.endsWith('"')) || 'expr' in parseExpr(trimmed);
}

/** An instance is of a module of the plan, or of a package that the plan requires. */
function instanceFault(plan: Plan, of: string, cbb: string | undefined): string | undefined {
  const required = (name: string): boolean =>
    plan.cbb_requirements.some((requirement) => requirement.id === name || requirement.function === name);
  if (cbb !== undefined && cbb !== '') {
    // a package may be named by its own id while the requirement names its function
    return required(cbb) || (CBB_ID.test(cbb) && plan.cbb_requirements.length > 0)
      ? undefined
      : `is of the package ${quote(cbb)}, which cbb_requirements does not list`;
  }
  if (of === plan.top.name) return 'is of the top itself';
  return plan.modules.some(({ name }) => name === of) || required(of)
    ? undefined
    : `is of ${quote(of)}, which is no module of the plan and no required package`;
}

function instanceCycle(modules: readonly PlanModule[]): string[] | undefined {
  const byName = new Map(modules.map((module) => [module.name, module]));
  const finished = new Set<string>();
  const visit = (name: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    if (finished.has(name) || path.length > MAX_MODULES) return undefined;
    for (const { of } of byName.get(name)?.instances ?? []) {
      const cycle = byName.has(of) ? visit(of, [...path, name]) : undefined;
      if (cycle) return cycle;
    }
    finished.add(name);
    return undefined;
  };
  for (const name of byName.keys()) {
    const cycle = visit(name, []);
    if (cycle) return cycle;
  }
  return undefined;
}

function* fileProblems(plan: Plan, rules: PatchRules | undefined): Generator<string> {
  const place = rules === undefined ? defaultPlace : placeIn(rules);
  for (const { path } of plan.files) {
    const fault = pathFault(path) ?? place(path);
    if (fault !== undefined) yield `files: ${quote(path)} ${fault}`;
  }
  yield* duplicates(
    plan.files.map(({ path }) => path.toLowerCase()),
    (path) => `files: ${path} is listed twice`,
  );
  if (rules === undefined && !plan.files.some(({ path }) => path.startsWith('src/')))
    yield 'files: at least one file below src/ is needed';
  if (rules !== undefined && plan.files.length === 0) yield 'files: at least one file is needed';
}

function pathFault(path: string): string | undefined {
  if (path.length > 200 || /[\p{C}\\:*?"<>|]/u.test(path)) return 'is no plain relative path';
  const parts = path.split('/');
  if (path.startsWith('/') || parts.some((part) => part === '' || part === '.' || part === '..'))
    return 'must be relative, without . and ..';
  return undefined;
}

function defaultPlace(path: string): string | undefined {
  if (!path.startsWith('src/') && !path.startsWith('tb/')) return 'must lie below src/ or tb/';
  return /\.(?:sv|v|svh|vh)$/.test(path) ? undefined : 'must end in .sv, .v, .svh or .vh';
}

function placeIn(rules: PatchRules): (path: string) => string | undefined {
  const may = editable(rules);
  return (path) => {
    const fault = may(path);
    return fault === null || isFilelist(path, rules) ? undefined : `may not be changed: ${fault}`;
  };
}

function* duplicates(names: readonly string[], problem: (name: string) => string): Generator<string> {
  const seen = new Set<string>();
  const told = new Set<string>();
  for (const name of names) {
    if (seen.has(name) && !told.has(name)) {
      told.add(name);
      yield problem(name);
    }
    seen.add(name);
  }
}
