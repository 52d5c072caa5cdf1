// The wires between the blocks of a planned module: those that the plan states, else those that equal names and widths
// make likely, marked as such. Pure.
import type { Plan, PlanEnd, PlanModule } from '@genrtl/contracts';

export interface PlanWire {
  readonly from: PlanEnd;
  readonly to: PlanEnd;
  readonly width: string;
  /** direct, through logic or registers as the plan states; or told from equal names */
  readonly kind: 'direct' | 'logic' | 'registers' | 'name';
}
export interface PlanWires {
  readonly wires: readonly PlanWire[];
  /** instances whose pins the plan says nothing of */
  readonly unknown: readonly string[];
}

/** Clocks and resets are left out: they go everywhere and hide the rest. */
export function planWires(plan: Plan, module: PlanModule): PlanWires {
  const clocks = new Set([...module.clocks, ...module.resets.map(({ name }) => name)]);
  const instances = new Map(module.instances.map((instance) => [instance.name, instance]));
  const ports = new Set(module.ports.map(({ name }) => name));
  const there = ({ instance, port }: PlanEnd): boolean =>
    instance === undefined ? ports.has(port) : instances.has(instance);
  if (module.connections !== undefined) {
    const wires = module.connections
      .filter(({ from, to }) => there(from) && there(to) && !(from.instance === undefined && clocks.has(from.port)))
      .map(({ from, to, width, through }) => ({ from, to, width, kind: through ?? ('direct' as const) }));
    const wired = new Set(wires.flatMap(({ from, to }) => [from.instance, to.instance]));
    return { wires, unknown: [...instances.keys()].filter((name) => !wired.has(name)) };
  }
  return byName(plan, module, clocks);
}

interface Pin {
  readonly end: PlanEnd;
  readonly width: string;
}

/** One driver of a name, and everything of that name and width that takes a value. */
function byName(plan: Plan, module: PlanModule, clocks: ReadonlySet<string>): PlanWires {
  const drivers = new Map<string, Pin[]>();
  const readers = new Map<string, Pin[]>();
  const note = (into: Map<string, Pin[]>, name: string, pin: Pin): void => {
    into.set(name, [...(into.get(name) ?? []), pin]);
  };
  for (const { name, direction, width } of module.ports) {
    if (clocks.has(name)) continue;
    // seen from inside, an input drives; an inout may do both and is told by no name
    if (direction === 'input') note(drivers, name, { end: { port: name }, width });
    else if (direction === 'output') note(readers, name, { end: { port: name }, width });
  }
  const unknown: string[] = [];
  for (const instance of module.instances) {
    const inner = plan.modules.find(({ name }) => name === instance.of);
    if (inner === undefined) {
      unknown.push(instance.name);
      continue;
    }
    const own = new Set([...inner.clocks, ...inner.resets.map(({ name }) => name)]);
    for (const { name, direction, width } of inner.ports) {
      if (own.has(name)) continue;
      const pin = { end: { instance: instance.name, port: name }, width };
      if (direction === 'output') note(drivers, name, pin);
      else if (direction === 'input') note(readers, name, pin);
    }
  }
  const wires = [...drivers].flatMap(([name, sources]) => {
    const [source] = sources;
    if (source === undefined || sources.length > 1) return [];
    return (readers.get(name) ?? [])
      .filter(({ width, end }) => width === source.width && end.instance !== source.end.instance)
      .map(({ end }) => ({ from: source.end, to: end, width: source.width, kind: 'name' as const }));
  });
  return { wires, unknown };
}
