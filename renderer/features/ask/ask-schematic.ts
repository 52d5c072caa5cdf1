// A block of a schematic as text: what it is, what its pins are connected to, where it stands in the source.
import type { AskContext } from '@genrtl/contracts/ask.ts';
import type { SchematicGraph, SchematicNode } from '@genrtl/contracts/schematic.ts';

const SHOWN = 60;

export function askAboutBlock(graph: SchematicGraph, node: SchematicNode | null): AskContext {
  if (node === null) return { kind: 'module', name: graph.module };
  const nameOf = (id: string): string => {
    const other = graph.nodes.find((one) => one.id === id);
    return other === undefined ? id : `${other.kind} ${other.name || other.label}`;
  };
  const name = node.name || node.label;
  const pins = node.ports.map((port) => `${port.direction} [${port.width}] ${port.name}`);
  const nets = graph.edges.flatMap((edge) =>
    edge.from.node === node.id
      ? [`${edge.from.port} drives ${nameOf(edge.to.node)}.${edge.to.port} (net ${edge.name})`]
      : edge.to.node === node.id
        ? [`${edge.to.port} is driven by ${nameOf(edge.from.node)}.${edge.from.port} (net ${edge.name})`]
        : [],
  );
  const place = node.source === null ? [] : [`declared at ${node.source.path}:${node.source.line}`];
  const text = [`${node.kind} ${name} (${node.label}) in module ${graph.module}`, ...place, ...pins, ...nets];
  const more = text.length - SHOWN;
  return {
    kind: 'view',
    name: `${graph.module}.${name}`.slice(0, 300),
    text: [...text.slice(0, SHOWN), ...(more > 0 ? [`… and ${more} more`] : [])].join('\n').slice(0, 32_000),
  };
}
