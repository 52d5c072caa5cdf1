// A netlist's module as a graph of blocks: bits are gathered into buses, operators get their symbols, constants their
// values. Pure.
import { coneOf, findNamed, partOf } from '@genrtl/core/schematic/cone.ts';
import type { ConeStart } from '@genrtl/core/schematic/cone.ts';
import type {
  SchematicAround,
  SchematicEdge,
  SchematicGraph,
  SchematicNode,
  SchematicPort,
} from '@genrtl/contracts/schematic.ts';
import { plainModuleName } from './yosys-netlist.ts';
import type { Bit, YosysModule } from './yosys-netlist.ts';

/** More blocks than that are no picture any more. */
export const MAX_BLOCKS = 400;

const OPERATORS: Readonly<Record<string, string>> = {
  add: '+',
  sub: '−',
  mul: '×',
  div: '÷',
  mod: '%',
  neg: '−',
  pos: '+',
  and: '&',
  or: '|',
  xor: '^',
  xnor: '~^',
  not: '~',
  logic_and: '&&',
  logic_or: '||',
  logic_not: '!',
  eq: '==',
  ne: '!=',
  eqx: '===',
  nex: '!==',
  lt: '<',
  le: '≤',
  gt: '>',
  ge: '≥',
  shl: '<<',
  shr: '>>',
  sshl: '<<<',
  sshr: '>>>',
  shift: '>>',
  shiftx: '[ ]',
  reduce_and: '&',
  reduce_or: '|',
  reduce_xor: '^',
  reduce_xnor: '~^',
  reduce_bool: '≠0',
  concat: '{ }',
  slice: '[ ]',
  memrd: 'read',
  memwr: 'write',
  mem: 'memory',
  meminit: 'init',
};

interface End {
  readonly node: string;
  readonly port: string;
  readonly index: number;
}

function kindOf(type: string): SchematicNode['kind'] {
  if (!type.startsWith('$') || type.startsWith('$paramod')) return 'instance';
  if (/^\$_?(a|s|ad|al|sd)?(dff|dlatch|ff|sr)/.test(type)) return 'register';
  return /^\$(p|b)?mux/.test(type) ? 'mux' : 'operator';
}

function labelOf(type: string, kind: SchematicNode['kind']): string {
  if (kind === 'instance') return plainModuleName(type);
  const base = type.replace(/^\$/, '').replace(/_v\d$/, '');
  return kind === 'register'
    ? base.includes('latch')
      ? 'latch'
      : 'D'
    : kind === 'mux'
      ? 'mux'
      : (OPERATORS[base] ?? base);
}

/** `src/top.sv:4.3-4.60`; of several places the first. */
export function sourceOf(attribute: unknown): SchematicNode['source'] {
  const match =
    typeof attribute === 'string' ? /^([^|]+?):(\d+)(?:\.(\d+))?(?:-[\d.]+)?(?:\||$)/.exec(attribute) : null;
  return match === null || match[2] === '0'
    ? null
    : { path: match[1] ?? '', line: Number(match[2]), column: Number(match[3] ?? 1) };
}

/** `8'h2a`, `4'b1x0z`. */
function constantText(bits: readonly Bit[]): string {
  const digits = [...bits].reverse().join('');
  return bits.length === 1
    ? digits
    : /^[01]+$/.test(digits)
      ? `${bits.length}'h${BigInt(`0b${digits}`).toString(16)}`
      : `${bits.length}'b${digits}`;
}

const isConstant = (bit: Bit): bit is Exclude<Bit, number> => typeof bit !== 'number';

/** Above MAX_BLOCKS only ports and instances. */
export function graphOf(name: string, module: YosysModule): SchematicGraph {
  const instancesOnly = Object.keys(module.cells).length > MAX_BLOCKS;
  return { ...readGraph(name, module, instancesOnly), instances_only: instancesOnly };
}

/**
 * What stands before or behind one named signal, register, port or instance of a module of any size; null when nothing
 * is called so. Of a cone above MAX_BLOCKS the blocks nearest to its start.
 */
export function graphAround(
  name: string,
  module: YosysModule,
  { name: wanted, direction, stages }: SchematicAround,
): SchematicGraph | null {
  const graph = readGraph(name, module, false);
  const [found] = findNamed(graph, wanted);
  if (found === undefined) return null;
  const start: ConeStart =
    found.kind === 'block' ? { kind: 'block', node: found.node.id } : { kind: 'net', ...found.edge.from };
  const { nodes, edges } = coneOf(graph, start, direction, stages);
  const near = new Set([...nodes].slice(0, MAX_BLOCKS));
  const kept = graph.edges.filter((edge) => edges.has(edge.id) && near.has(edge.from.node) && near.has(edge.to.node));
  return {
    ...partOf(graph, { nodes: near, edges: new Set(kept.map(({ id }) => id)) }),
    instances_only: false,
    around: found.kind === 'block' ? found.node.name : found.edge.name,
    cut: nodes.size > MAX_BLOCKS,
  };
}

function readGraph(name: string, module: YosysModule, instancesOnly: boolean): SchematicGraph {
  const cells = Object.entries(module.cells).map(([cell, value]) => ({ cell, ...value, kind: kindOf(value.type) }));
  const shown = instancesOnly ? cells.filter((one) => one.kind === 'instance').slice(0, MAX_BLOCKS) : cells;
  const names = netNames(module);
  const nodes: SchematicNode[] = [];
  const drivers = new Map<number, End>();
  const sinks: { readonly node: string; readonly port: string; readonly bits: readonly Bit[] }[] = [];
  const connect = (node: string, port: SchematicPort, bits: readonly Bit[], drives: boolean): void => {
    if (drives)
      for (const [index, bit] of bits.entries())
        if (!isConstant(bit)) drivers.set(bit, { node, port: port.name, index });
    if (!drives) sinks.push({ node, port: port.name, bits });
  };

  for (const [port, { direction, bits }] of Object.entries(module.ports)) {
    const id = `port:${port}`;
    nodes.push({
      id,
      kind: 'port',
      name: port,
      label: port,
      ports: [{ name: port, direction, width: bits.length }],
      source: sourceOf(module.netnames[port]?.attributes['src']),
    });
    // seen from inside, an input drives
    connect(id, { name: port, direction, width: bits.length }, bits, direction === 'input');
  }
  for (const { cell, type, kind, connections, port_directions, attributes } of shown) {
    const id = `cell:${cell}`;
    const held = kind === 'register' ? names(connections['Q'] ?? []) : undefined;
    const ports = Object.entries(connections)
      .filter(([, bits]) => bits.length > 0)
      .map(
        ([port, bits]): SchematicPort => ({
          name: port,
          direction: port_directions[port] ?? 'input',
          width: bits.length,
        }),
      );
    nodes.push({
      id,
      kind,
      name: kind === 'instance' ? cell.replace(/^\\/, '') : (held?.name ?? ''),
      label: labelOf(type, kind),
      ports,
      source: sourceOf(attributes['src']),
    });
    for (const port of ports) connect(id, port, connections[port.name] ?? [], port.direction === 'output');
  }

  const edges: SchematicEdge[] = [];
  for (const { node, port, bits } of sinks) {
    if (bits.length > 0 && bits.every(isConstant)) {
      // a constant stands beside the one that takes it, not in the middle of everything
      if (!bits.every((bit) => bit === 'x')) {
        const id = `constant:${node}:${port}`;
        nodes.push({
          id,
          kind: 'constant',
          name: '',
          label: constantText(bits),
          ports: [{ name: 'Y', direction: 'output', width: bits.length }],
          source: null,
        });
        edges.push({
          id: `e${edges.length}`,
          from: { node: id, port: 'Y' },
          to: { node, port },
          width: bits.length,
          name: '',
        });
      }
      continue;
    }
    const bySource = Map.groupBy(
      bits.filter((bit): bit is number => !isConstant(bit)),
      (bit) => {
        const end = drivers.get(bit);
        return end === undefined ? '' : `${end.node}\n${end.port}`;
      },
    );
    for (const [source, own] of bySource) {
      const driver = drivers.get(own[0] ?? -1);
      if (source === '' || driver === undefined) continue;
      const net = names(own);
      edges.push({
        id: `e${edges.length}`,
        from: { node: driver.node, port: driver.port },
        to: { node, port },
        width: own.length,
        name: net?.name ?? '',
        source: net?.source ?? null,
      });
    }
  }
  return { module: name, ...withoutUnread(nodes, edges), instances_only: instancesOnly };
}

/** Logic whose result nobody reads (what an inverted reset leaves behind) is left out, and what only fed it. */
function withoutUnread(
  nodes: readonly SchematicNode[],
  edges: readonly SchematicEdge[],
): { nodes: SchematicNode[]; edges: SchematicEdge[] } {
  let [kept, wires] = [[...nodes], [...edges]];
  for (;;) {
    const read = new Set(wires.map((edge) => edge.from.node));
    const next = kept.filter(
      (node) => node.kind === 'port' || node.kind === 'instance' || node.kind === 'register' || read.has(node.id),
    );
    if (next.length === kept.length) return { nodes: kept, edges: wires };
    const present = new Set(next.map((node) => node.id));
    kept = next;
    wires = wires.filter((edge) => present.has(edge.to.node));
  }
}

interface NetName {
  readonly name: string;
  readonly source: SchematicNode['source'];
}

/**
 * Names that the source gives to bits: the whole signal, else the part of one. Of several names the module's own comes
 * before that of a port (`assign count = count_q`), a whole one before a part.
 */
function netNames(module: YosysModule): (bits: readonly Bit[]) => NetName | undefined {
  const whole = new Map<string, NetName>();
  const parts = new Map<number, { readonly name: string; readonly at: number }>();
  const nets = Object.entries(module.netnames)
    .filter(([, net]) => net.hide_name === 0)
    .sort(([a], [b]) => Number(module.ports[a] !== undefined) - Number(module.ports[b] !== undefined));
  for (const [name, { bits, attributes }] of nets) {
    const key = bits.join(' ');
    if (!whole.has(key)) whole.set(key, { name, source: sourceOf(attributes['src']) });
    for (const [at, bit] of bits.entries()) if (!isConstant(bit) && !parts.has(bit)) parts.set(bit, { name, at });
  }
  return (bits) => {
    const all = whole.get(bits.join(' '));
    if (all !== undefined) return all;
    const [low] = bits;
    const first = low === undefined || isConstant(low) ? undefined : parts.get(low);
    const net = first === undefined ? undefined : module.netnames[first.name];
    if (first === undefined || net === undefined || bits.some((bit, at) => net.bits[first.at + at] !== bit))
      return undefined;
    const index = (at: number): number => net.offset + (net.upto === 0 ? at : net.bits.length - 1 - at);
    const [from, to] = [index(first.at), index(first.at + bits.length - 1)];
    return {
      name: `${first.name}[${from === to ? from : `${to}:${from}`}]`,
      source: sourceOf(net.attributes['src']),
    };
  };
}
