// Keeps a net of the spec from bearing its module's own name: legal Verilog, but an error of Verilator at the top.
import type { Design } from '../design.ts';
import { substitute, type Expr } from '../expr/ast.ts';
import type { FreeNames } from './names.ts';

/** The design with such a net renamed inside the module; nothing outside can see it. */
export function clearOfModuleName(design: Design, free: FreeNames): Design {
  if (!design.nets.some(({ name }) => name === design.module)) return design;
  const other = free.take(`${design.module}_net`);
  const named = (name: string): string => (name === design.module ? other : name);
  const rewritten = (expr: Expr): Expr =>
    substitute(expr, (reference) =>
      reference.kind === 'name' ? { kind: 'name', name: named(reference.name) } : undefined,
    );
  return {
    ...design,
    nets: design.nets.map((net) => ({ ...net, name: named(net.name) })),
    logic: design.logic.map((entry) => ({
      ...entry,
      expr: rewritten(entry.expr),
      target: entry.target.kind === 'net' ? { kind: 'net', name: named(entry.target.name) } : entry.target,
    })),
    registers: design.registers.map((register) => ({
      ...register,
      name: named(register.name),
      next: rewritten(register.next),
    })),
    instances: design.instances.map((instance) => ({
      ...instance,
      pins: instance.pins.map((pin) => ({ ...pin, source: pin.source ? rewritten(pin.source) : null })),
    })),
  };
}
