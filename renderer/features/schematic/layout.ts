// Layered layout of a schematic by ELK in a worker of the page; loaded when the first schematic is drawn.
import elk from 'elkjs/lib/elk-api.js';
import type { ELK, ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js';
import ElkWorker from 'elkjs/lib/elk-worker.min.js?worker';
import type { SchematicEdge, SchematicGraph, SchematicNode, SchematicPort } from '@genrtl/contracts/schematic.ts';

const CHAR = 6.9;
const PITCH = 20;
const HEAD = 26;
/** Above the pins of a register, for the name of its signal. */
const REGISTER_HEAD = 18;
/** Longer names are cut; the title has all of it. */
export const NAME_LETTERS = 26;

export interface PlacedPort extends SchematicPort {
  readonly x: number;
  readonly y: number;
}
export interface PlacedNode {
  readonly node: SchematicNode;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly ports: readonly PlacedPort[];
}
export interface PlacedEdge {
  readonly id: string;
  readonly edge: SchematicEdge;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}
export interface Placed {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
  readonly edges: readonly PlacedEdge[];
}

let engine: ELK | null = null;

function sizeOf(node: SchematicNode): { width: number; height: number } {
  const inputs = node.ports.filter((port) => port.direction !== 'output');
  const outputs = node.ports.filter((port) => port.direction === 'output');
  const longest = (ports: readonly SchematicPort[]): number =>
    Math.max(0, ...ports.map((port) => port.name.length)) * CHAR;
  const rows = Math.max(inputs.length, outputs.length, 1);
  switch (node.kind) {
    case 'instance':
      return {
        width: Math.max(
          110,
          longest(inputs) + longest(outputs) + 34,
          Math.max(node.name.length, node.label.length) * 7.2 + 20,
        ),
        height: topOf(node) + rows * PITCH,
      };
    case 'port':
      return { width: node.label.length * CHAR + 26, height: 22 };
    case 'constant':
      return { width: node.label.length * CHAR + 12, height: 20 };
    case 'register':
      return {
        width: Math.max(46, Math.min(node.name.length, NAME_LETTERS) * CHAR + 14),
        height: Math.max(48, rows * PITCH + 8) + topOf(node),
      };
    case 'mux':
      return { width: 34, height: Math.max(52, rows * PITCH + 6) };
    case 'operator':
      return { width: Math.max(36, node.label.length * CHAR + 18), height: Math.max(36, rows * PITCH) };
  }
}

/** Room above the first pin. */
const topOf = (node: SchematicNode): number =>
  node.kind === 'instance' ? HEAD + 14 : node.kind === 'register' && node.name !== '' ? REGISTER_HEAD : 0;

/**
 * Inputs on the left, outputs on the right, in the order of the declaration; the module's own ports at the edges of the
 * picture.
 */
function elkNode(node: SchematicNode): ElkNode {
  const { width, height } = sizeOf(node);
  const top = topOf(node);
  const isLeft = (port: SchematicPort): boolean =>
    node.kind === 'port' ? port.direction !== 'input' : port.direction !== 'output';
  const sides = Map.groupBy(node.ports, (port) => (isLeft(port) ? 'WEST' : 'EAST'));
  const at = (port: SchematicPort): number => {
    const side = sides.get(isLeft(port) ? 'WEST' : 'EAST') ?? [];
    return top + ((height - top) / (side.length + 1)) * (side.indexOf(port) + 1);
  };
  return {
    id: node.id,
    width,
    height,
    ports: node.ports.map((port) => ({
      id: `${node.id}\n${port.name}`,
      x: isLeft(port) ? 0 : width,
      y: at(port),
      width: 0,
      height: 0,
      layoutOptions: { 'elk.port.side': isLeft(port) ? 'WEST' : 'EAST' },
    })),
    layoutOptions: {
      'elk.portConstraints': 'FIXED_POS',
      ...(node.kind === 'port'
        ? { 'elk.layered.layering.layerConstraint': node.ports[0]?.direction === 'input' ? 'FIRST' : 'LAST' }
        : {}),
    },
  };
}

export async function layOut(graph: SchematicGraph): Promise<Placed> {
  engine ??= new elk.default({ workerFactory: () => new ElkWorker() });
  const laid = await engine.layout<ElkNode>({
    id: 'root',
    children: graph.nodes.map(elkNode),
    edges: graph.edges.map(
      (edge): ElkExtendedEdge => ({
        id: edge.id,
        sources: [`${edge.from.node}\n${edge.from.port}`],
        targets: [`${edge.to.node}\n${edge.to.port}`],
      }),
    ),
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.edgeRouting': 'ORTHOGONAL',
      'elk.spacing.nodeNode': '22',
      'elk.spacing.edgeNode': '12',
      'elk.spacing.edgeEdge': '9',
      'elk.layered.spacing.nodeNodeBetweenLayers': '46',
      'elk.layered.spacing.edgeNodeBetweenLayers': '16',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.padding': '[top=24,left=24,bottom=24,right=24]',
    },
  });
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const edges = new Map(graph.edges.map((edge) => [edge.id, edge]));
  return {
    width: laid.width ?? 0,
    height: laid.height ?? 0,
    nodes: (laid.children ?? []).flatMap((child) => {
      const node = nodes.get(child.id);
      return node === undefined
        ? []
        : [
            {
              node,
              x: child.x ?? 0,
              y: child.y ?? 0,
              width: child.width ?? 0,
              height: child.height ?? 0,
              ports: node.ports.map((port, at) => ({
                ...port,
                x: child.ports?.[at]?.x ?? 0,
                y: child.ports?.[at]?.y ?? 0,
              })),
            },
          ];
    }),
    edges: (laid.edges ?? []).flatMap((edge) => {
      const known = edges.get(edge.id);
      return known === undefined
        ? []
        : (edge.sections ?? []).map((section) => ({
            id: `${edge.id} ${section.id}`,
            edge: known,
            points: [section.startPoint, ...(section.bendPoints ?? []), section.endPoint],
          }));
    }),
  };
}
