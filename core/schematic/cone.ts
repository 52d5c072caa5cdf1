// What stands before and behind a block or a net of a schematic: its fan-in and fan-out, register stage by register
// stage. Pure.
import type { SchematicEdge, SchematicGraph, SchematicNode } from '@genrtl/contracts/schematic.ts';

export type ConeDirection = 'in' | 'out';

/** Where a trace starts: a block, or the net that a pin drives. */
export type ConeStart =
  | { readonly kind: 'block'; readonly node: string }
  | { readonly kind: 'net'; readonly node: string; readonly port: string };

/** Ids of the graph. */
export interface GraphPart {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
}

/** What holds a value or hides what lies inside: a trace ends there, and the next stage goes on from there. */
const isBoundary = (node: SchematicNode | undefined): boolean =>
  node === undefined || node.kind === 'register' || node.kind === 'instance' || node.kind === 'port';

/** All wires that one pin drives. */
export const sameNet = (a: SchematicEdge['from'], b: SchematicEdge['from']): boolean =>
  a.node === b.node && a.port === b.port;

/** A net as a part of its graph: the driver, its wires and what reads it. */
export function netPart(graph: SchematicGraph, from: SchematicEdge['from']): GraphPart {
  const edges = graph.edges.filter((edge) => sameNet(edge.from, from));
  return {
    nodes: new Set([from.node, ...edges.map((edge) => edge.to.node)]),
    edges: new Set(edges.map((edge) => edge.id)),
  };
}

/**
 * `stages` (1 and up) counts the registers, instances and ports that the trace reaches on its way: 1 ends at the first
 * of them. What an instance does inside is not known here, so behind it all of its other side is followed.
 */
export function coneOf(graph: SchematicGraph, start: ConeStart, direction: ConeDirection, stages: number): GraphPart {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const near = direction === 'in' ? 'to' : 'from';
  const far = direction === 'in' ? 'from' : 'to';
  const at = Map.groupBy(graph.edges, (edge) => edge[near].node);
  const nodes = new Set([start.node]);
  const edges = new Set<string>();
  let front: string[] = [];
  const follow = (list: readonly SchematicEdge[]): void => {
    for (const edge of list) {
      edges.add(edge.id);
      const next = edge[far].node;
      if (nodes.has(next)) continue;
      nodes.add(next);
      if (isBoundary(byId.get(next))) front.push(next);
      else inner.push(next);
    }
  };
  let inner: string[] = [];
  if (start.kind === 'block') follow(at.get(start.node) ?? []);
  else if (direction === 'out') follow(graph.edges.filter((edge) => sameNet(edge.from, start)));
  else if (isBoundary(byId.get(start.node))) front.push(start.node);
  else follow(at.get(start.node) ?? []);
  for (let stage = 1; ; stage++) {
    while (inner.length > 0) {
      const now = inner;
      inner = [];
      for (const node of now) follow(at.get(node) ?? []);
    }
    if (stage >= stages || front.length === 0) return { nodes, edges };
    const now = front;
    front = [];
    for (const node of now) follow(at.get(node) ?? []);
  }
}

/** The graph of a part alone; what a block's own picture needs stays with it. */
export function partOf(graph: SchematicGraph, part: GraphPart): SchematicGraph {
  const constants = graph.edges.filter(
    (edge) => part.nodes.has(edge.to.node) && edge.from.node.startsWith('constant:'),
  );
  const nodes = new Set([...part.nodes, ...constants.map((edge) => edge.from.node)]);
  const edges = new Set([...part.edges, ...constants.map((edge) => edge.id)]);
  return {
    ...graph,
    nodes: graph.nodes.filter((node) => nodes.has(node.id)),
    edges: graph.edges.filter((edge) => edges.has(edge.id)),
  };
}

export type Found =
  | { readonly kind: 'block'; readonly node: SchematicNode }
  | { readonly kind: 'net'; readonly edge: SchematicEdge };

/** Blocks and nets whose name holds the text, whole names first; a net once, a register and its net as the register. */
export function findNamed(graph: SchematicGraph, text: string): Found[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const rank = (name: string): number =>
    name === wanted ? 0 : name.startsWith(wanted) ? 1 : name.includes(wanted) ? 2 : 3;
  const blocks = graph.nodes.flatMap((node) => {
    const best = Math.min(rank(node.name.toLowerCase()), node.kind === 'instance' ? rank(node.label.toLowerCase()) : 3);
    return best < 3 ? [{ best, found: { kind: 'block', node } as Found }] : [];
  });
  const named = new Set(graph.nodes.map((node) => node.name));
  const seen = new Set<string>();
  const nets = graph.edges.flatMap((edge) => {
    const net = `${edge.from.node}\n${edge.from.port}\n${edge.name}`;
    const best = rank(edge.name.toLowerCase());
    if (best === 3 || named.has(edge.name) || seen.has(net)) return [];
    seen.add(net);
    return [{ best, found: { kind: 'net', edge } as Found }];
  });
  return [...blocks, ...nets].sort((a, b) => a.best - b.best).map(({ found }) => found);
}
