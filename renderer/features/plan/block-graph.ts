// The plan's top as a graph for the layout of schematics: ports, instances, and the wires that are known.
import type { PlanEnd, PlanModule } from '@genrtl/contracts';
import type { SchematicGraph, SchematicPort } from '@genrtl/contracts/schematic.ts';
import type { PlanWire, PlanWires } from '@genrtl/core/plan/wires.ts';

export const portId = (name: string): string => `port:${name}`;
export const instanceId = (name: string): string => `instance:${name}`;
const endOf = ({ instance, port }: PlanEnd): { node: string; port: string } =>
  instance === undefined ? { node: portId(port), port } : { node: instanceId(instance), port };

/** Edges are called by their place in `wires`. `second` is the line below an instance's module. */
export function blockGraph(
  module: PlanModule,
  { wires }: PlanWires,
  second: (instance: PlanModule['instances'][number]) => string,
): SchematicGraph {
  const bits = (width: string): number => (width === '1' ? 1 : 2);
  const pins = new Map<string, Map<string, SchematicPort>>();
  const pin = (end: PlanEnd, direction: 'input' | 'output', width: string): void => {
    if (end.instance === undefined) return;
    const own = pins.get(end.instance) ?? new Map<string, SchematicPort>();
    own.set(end.port, { name: end.port, direction, width: bits(width) });
    pins.set(end.instance, own);
  };
  for (const { from, to, width } of wires) {
    pin(from, 'output', width);
    pin(to, 'input', width);
  }
  return {
    module: module.name,
    instances_only: false,
    nodes: [
      ...module.ports.map((port) => ({
        id: portId(port.name),
        kind: 'port' as const,
        name: port.name,
        label: port.name,
        ports: [{ name: port.name, direction: port.direction, width: bits(port.width) }],
        source: null,
      })),
      ...module.instances.map((instance) => ({
        id: instanceId(instance.name),
        kind: 'instance' as const,
        name: instance.name,
        label: `${instance.of} ${second(instance)}`,
        ports: [...(pins.get(instance.name)?.values() ?? [])],
        source: null,
      })),
    ],
    edges: wires.map((wire, at) => ({
      id: String(at),
      from: endOf(wire.from),
      to: endOf(wire.to),
      width: bits(wire.width),
      name: describe(wire.from),
    })),
  };
}

export const describe = ({ instance, port }: PlanEnd): string =>
  instance === undefined ? port : `${instance}.${port}`;

/** Kinds that occur, in the order of the legend. */
export const kindsOf = (wires: readonly PlanWire[]): PlanWire['kind'][] =>
  (['direct', 'logic', 'registers', 'name'] as const).filter((kind) => wires.some((wire) => wire.kind === kind));
