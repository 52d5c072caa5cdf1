// States a design as a plan: the interface that it promises, what it buys and what will be checked.
import type { Plan, PlanCheck } from '@genrtl/contracts';
import type { Design } from '../design.ts';
import { printExpr } from '../expr/print.ts';
import { planConnections } from './connections.ts';
import { describeCheck } from './testbench.ts';

/** Where composed files lie in the workspace. */
export function sourcePath(design: Design): string {
  return `src/${design.module}.sv`;
}
export function benchPath(design: Design): string {
  return `tb/tb_${design.module}.sv`;
}

/** Pure; requirements are one for each package, named by its exact id. */
export function composePlan(design: Design): Plan {
  const noPins = (): string => '';
  return {
    title: design.title,
    summary: design.summary === '' ? `${design.module}, composed from a structured specification` : design.summary,
    top: {
      name: design.module,
      purpose: design.title,
      ports: design.ports.map(({ name, direction, width, description }) => ({
        name,
        direction,
        width: printExpr(width.expr, noPins),
        description,
      })),
      parameters: design.parameters.map(({ name, expr, description }) => ({
        name,
        default: printExpr(expr, noPins),
        description,
      })),
      clocks: design.clocks.map(({ name }) => name),
      resets: uniqueResets(design),
      instances: design.instances.map(({ name, manifest }) => ({ name, of: manifest.toplevel, cbb: manifest.cbb_id })),
      ...(design.instances.length === 0 ? {} : { connections: planConnections(design) }),
    },
    modules: [],
    cbb_requirements: requirements(design),
    verification: { checks: planChecks(design) },
    files: [
      { path: sourcePath(design), purpose: `the top module ${design.module}` },
      { path: benchPath(design), purpose: 'self-checking bench made from the Checks of the specification' },
    ],
    assumptions: [...design.assumptions],
    questions: [],
  };
}

/** One for each package, named by its exact id, with the parameters that its first instance is given. */
function requirements(design: Design): Plan['cbb_requirements'] {
  const first = new Map(design.instances.map((instance) => [instance.manifest.cbb_id, instance] as const).reverse());
  return [...new Set(design.instances.map(({ manifest }) => manifest.cbb_id))].map((id) => {
    const given = (first.get(id)?.parameters ?? []).map(
      ({ name, value }) => [name, typeof value === 'string' ? value : printExpr(value, () => '')] as const,
    );
    return {
      id,
      function: id,
      ...(given.length === 0 ? {} : { parameters: Object.fromEntries(given) }),
      needs_tb: false,
    };
  });
}

function uniqueResets(design: Design): Plan['top']['resets'] {
  const resets = new Map(design.clocks.flatMap(({ reset }) => (reset ? [[reset.name, { ...reset }] as const] : [])));
  return [...resets.values()];
}

/** Rows that expect something. */
function planChecks(design: Design): PlanCheck[] {
  return design.checks
    .filter(({ expect }) => expect.length > 0)
    .map((row) => ({ id: row.id, text: describeCheck(row), spec_line: row.line }));
}
