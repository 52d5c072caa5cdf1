// What the schematic shows and what is chosen in it, for its tools and for jumps to other rooms.
import { create } from 'zustand';
import type { SchematicEdge, SchematicNode } from '@genrtl/contracts/schematic.ts';
import type { ConeDirection, ConeStart } from '@genrtl/core/schematic/cone.ts';

/** What stands out: the net of a wire, or what stands before or behind a block or net. */
export type Mark =
  | { readonly kind: 'net'; readonly from: SchematicEdge['from'] }
  | { readonly kind: 'cone'; readonly start: ConeStart; readonly direction: ConeDirection; readonly stages: number };

interface SchematicPlace {
  readonly module: string | null;
  /** the block that has the focus, or had it last */
  readonly node: SchematicNode | null;
  /** the wire that was chosen last; never beside a block */
  readonly edge: SchematicEdge | null;
  readonly mark: Mark | null;
}

export const useSchematicPlace = create<SchematicPlace>()(() => ({ module: null, node: null, edge: null, mark: null }));

export const chooseNode = (node: SchematicNode): void =>
  useSchematicPlace.setState(({ edge, mark }) => ({
    node,
    edge: null,
    // a net that stood out has had its look; a cone stays while its blocks are looked at
    mark: edge === null ? mark : null,
  }));

export const chooseNet = (edge: SchematicEdge): void =>
  useSchematicPlace.setState({ node: null, edge, mark: { kind: 'net', from: edge.from } });

/** The cone of what is chosen; asked for again it goes a stage further. */
export function traceChosen(direction: ConeDirection): void {
  useSchematicPlace.setState(({ node, edge, mark }) => {
    const start: ConeStart | null =
      node !== null ? { kind: 'block', node: node.id } : edge === null ? null : { kind: 'net', ...edge.from };
    if (start === null) return {};
    const again =
      mark?.kind === 'cone' &&
      mark.direction === direction &&
      mark.start.node === start.node &&
      mark.start.kind === start.kind;
    return { mark: { kind: 'cone', start, direction, stages: again ? mark.stages + 1 : 1 } };
  });
}

export const clearMark = (): void => useSchematicPlace.setState({ mark: null, edge: null });

/** The source of what is chosen. */
export const chosenSource = ({ node, edge }: SchematicPlace): SchematicNode['source'] =>
  node !== null ? node.source : (edge?.source ?? null);

/** The signal that is chosen, without its range: a net, a register or a port. */
export function chosenSignal({ node, edge }: SchematicPlace): string | null {
  const name = edge !== null ? edge.name : node?.kind === 'register' || node?.kind === 'port' ? node.name : '';
  return name === '' ? null : name.replace(/\[[^\]]*\]$/, '');
}
