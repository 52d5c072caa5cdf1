// What feeds what in a composed design: from each input of an instance and each output of the module back to the pins
// and ports that it depends on, through logic and registers.
import type { PlanConnection, PlanEnd } from '@genrtl/contracts';
import type { Design } from '../design.ts';
import { references, type Expr, type Reference } from '../expr/ast.ts';
import { printExpr } from '../expr/print.ts';

type Through = PlanConnection['through'];
const RANK: readonly Through[] = [undefined, 'logic', 'registers'];
/** The way with the most between two ends names what lies between them. */
const more = (a: Through, b: Through): Through => (RANK.indexOf(a) < RANK.indexOf(b) ? b : a);

const keyOf = (reference: Reference): string =>
  reference.kind === 'name' ? reference.name : `${reference.instance}.${reference.port}`;

/** In the order of the specification: by instance and pin, then by output. */
export function planConnections(design: Design): PlanConnection[] {
  const ends = new Map<string, PlanEnd>();
  for (const { name, direction } of design.ports) if (direction === 'input') ends.set(name, { port: name });
  for (const { name, pins } of design.instances)
    for (const { port, direction } of pins)
      if (direction === 'output') ends.set(`${name}.${port}`, { instance: name, port });
  const drivers = new Map<string, { readonly exprs: readonly Expr[]; readonly register: boolean }>();
  for (const { target, expr } of design.logic)
    drivers.set(target.kind === 'net' ? target.name : `${target.instance}.${target.port}`, {
      exprs: [expr],
      register: false,
    });
  for (const { name, next } of design.registers) drivers.set(name, { exprs: [next], register: true });
  const noPins = (): string => '';

  const connections: PlanConnection[] = [];
  const trace = (to: PlanEnd, width: string, exprs: readonly Expr[], register: boolean): void => {
    const found = new Map<string, Through>();
    const seen = new Map<string, Through>();
    const walk = (expr: Expr, way: Through): void => {
      const here = expr.kind === 'name' || expr.kind === 'pin' ? way : more(way, 'logic');
      for (const reference of references(expr)) {
        const key = keyOf(reference);
        if (ends.has(key)) found.set(key, more(found.get(key), here));
        const driver = drivers.get(key);
        if (driver === undefined || (seen.has(key) && more(seen.get(key), here) === seen.get(key))) continue;
        seen.set(key, here);
        for (const inner of driver.exprs) walk(inner, driver.register ? 'registers' : here);
      }
    };
    for (const expr of exprs) walk(expr, register ? 'registers' : undefined);
    for (const [key, through] of found) {
      const from = ends.get(key);
      if (from !== undefined) connections.push({ from, to, width, ...(through === undefined ? {} : { through }) });
    }
  };

  for (const { name, pins } of design.instances)
    for (const { port, direction, source, width } of pins) {
      if (direction !== 'input' || source === null) continue;
      const own = drivers.get(`${name}.${port}`);
      trace({ instance: name, port }, printExpr(width.expr, noPins), own?.exprs ?? [source], false);
    }
  for (const { name, direction, width } of design.ports) {
    const driver = drivers.get(name);
    if (direction !== 'output' || driver === undefined) continue;
    trace({ port: name }, printExpr(width.expr, noPins), driver.exprs, driver.register);
  }
  return connections;
}
