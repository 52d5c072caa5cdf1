// The design's instance tree as rows: which nodes are known, which are open; pure.
import type { HierarchyNode } from '@genrtl/contracts/language.ts';
import type { DesignPlace } from './design-place.ts';

export interface DesignRow {
  /** path of names from the top, unique in the tree */
  readonly key: string;
  readonly level: number;
  readonly node: HierarchyNode;
  /** null: nothing below it */
  readonly open: boolean | null;
}

/** Children of nodes by key; '' has the tops. */
export type DesignNodes = ReadonlyMap<string, readonly HierarchyNode[]>;

/** Instances of one name in the branches of a conditional are told apart by their place. */
export const keyOf = (parent: string, node: HierarchyNode): string =>
  `${parent}/${node.name}@${node.place.path}:${node.place.line}`;

export function designRows(nodes: DesignNodes, open: ReadonlySet<string>): DesignRow[] {
  const rows: DesignRow[] = [];
  const add = (parent: string, level: number): void => {
    for (const node of nodes.get(parent) ?? []) {
      const key = keyOf(parent, node);
      const opened = open.has(key);
      rows.push({ key, level, node, open: node.children === null ? null : opened });
      if (opened && node.children !== null) add(key, level + 1);
    }
  };
  add('', 0);
  return rows;
}

/** Units on the way to a row, itself included. */
export function unitsAbove(rows: readonly DesignRow[], key: string): string[] {
  return rows
    .filter((row) => row.node.of !== '' && (row.key === key || key.startsWith(`${row.key}/`)))
    .map((row) => row.node.of);
}

/** A row with what leads to it. */
export function placeIn(rows: readonly DesignRow[], { key, node }: DesignRow): DesignPlace {
  const above = rows.filter((row) => key.startsWith(`${row.key}/`));
  return {
    place: node.place,
    unit: node.of === '' ? (above.findLast((row) => row.node.of !== '')?.node.of ?? '') : node.of,
    names: [...above.map((row) => row.node.name), node.name],
  };
}

/** `W=16, T=logic`: what the instance sets. */
export const settings = ({ parameters }: HierarchyNode): string =>
  parameters
    .filter(({ set }) => set)
    .map(({ name, value }) => `${name}=${value}`)
    .join(', ');
