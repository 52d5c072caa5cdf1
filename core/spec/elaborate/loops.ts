// Finds combinational loops through Logic, Connections and blocks without a clock.
import { references, type Expr } from '../expr/ast.ts';
import type { Findings } from '../findings.ts';
import type { Instance } from './blocks.ts';
import { targetKey, type Target } from './drivers.ts';

/** One combinational assignment, wherever the spec makes it. */
export interface CombEdge {
  readonly target: Target;
  readonly expr: Expr;
  readonly line: number;
}

/** SPEC_COMB_LOOP once per loop, at its first row. Registers and clocked blocks break loops. */
export function reportLoops(edges: readonly CombEdge[], instances: readonly Instance[], findings: Findings): void {
  const graph = new Map<string, { sources: string[]; line: number }>();
  for (const { target, expr, line } of edges) {
    const sources = references(expr).map((reference) =>
      reference.kind === 'pin' ? `${reference.instance}.${reference.port}` : reference.name,
    );
    graph.set(targetKey(target), { sources: [...new Set(sources)], line });
  }
  for (const instance of instances) {
    const pins = [...(instance.pins?.values() ?? [])];
    if (pins.some((pin) => pin.role === 'clock')) continue;
    const inputs = pins.filter((pin) => pin.direction === 'input').map((pin) => `${instance.name}.${pin.port}`);
    for (const pin of pins)
      if (pin.direction === 'output')
        graph.set(`${instance.name}.${pin.port}`, { sources: inputs, line: instance.line });
  }
  for (const loop of stronglyConnected(graph)) {
    const rows = loop.map((name) => ({ name, line: graph.get(name)?.line ?? 1 })).toSorted((a, b) => a.line - b.line);
    const path = rows
      .slice(0, 8)
      .map(({ name }) => name)
      .join(', ');
    findings.add(
      'SPEC_COMB_LOOP',
      rows[0]?.line ?? 1,
      rows.length === 1
        ? `${path} depends on itself without a register`
        : `a combinational loop runs through ${path}${rows.length > 8 ? ', …' : ''}`,
    );
  }
}

/** Components of more than one node, and nodes with an edge to themselves (Tarjan, without recursion). */
function stronglyConnected(graph: ReadonlyMap<string, { readonly sources: readonly string[] }>): string[][] {
  const loops: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const onStack = new Set<string>();
  const stack: string[] = [];
  for (const root of graph.keys()) {
    if (index.has(root)) continue;
    const work = [{ node: root, next: 0 }];
    while (work.length > 0) {
      const frame = work.at(-1);
      if (!frame) break;
      const { node } = frame;
      if (frame.next === 0) {
        index.set(node, index.size);
        low.set(node, index.get(node) ?? 0);
        stack.push(node);
        onStack.add(node);
      }
      const sources = graph.get(node)?.sources ?? [];
      const source = sources[frame.next];
      if (source !== undefined) {
        frame.next += 1;
        if (!graph.has(source)) continue;
        if (!index.has(source)) work.push({ node: source, next: 0 });
        else if (onStack.has(source)) low.set(node, Math.min(low.get(node) ?? 0, index.get(source) ?? 0));
        continue;
      }
      work.pop();
      const parent = work.at(-1);
      if (parent) low.set(parent.node, Math.min(low.get(parent.node) ?? 0, low.get(node) ?? 0));
      if (low.get(node) === index.get(node)) {
        const component = popTo(node, stack, onStack);
        if (component.length > 1 || sources.includes(node)) loops.push(component);
      }
    }
  }
  return loops;
}

function popTo(node: string, stack: string[], onStack: Set<string>): string[] {
  const component: string[] = [];
  for (;;) {
    const top = stack.pop();
    if (top === undefined) return component;
    onStack.delete(top);
    component.push(top);
    if (top === node) return component;
  }
}
