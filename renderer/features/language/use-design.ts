// The instance tree of the open workspace, level by level as it is opened, kept current as files change.
import { useCallback, useEffect, useRef, useState } from 'react';
import type { ErrorBody } from '@genrtl/contracts';
import type { HierarchyNode } from '@genrtl/contracts/language.ts';
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { run } from '../../state/notice-store.ts';
import { onDiskChange } from '../../state/pushes.ts';
import { useWantedUnit } from './design-place.ts';
import { designRows, keyOf, unitsAbove } from './design-rows.ts';
import type { DesignNodes, DesignRow } from './design-rows.ts';
import { hasLanguage } from './document-sync.ts';
import { useOutlines } from './outline-store.ts';

const PAUSE_MS = 500;

export interface Design {
  readonly rows: readonly DesignRow[];
  /** the tops were asked for and came */
  readonly loaded: boolean;
  readonly error: ErrorBody | null;
  toggle(row: DesignRow): void;
  /** the row that was asked for, once it is there */
  readonly wanted: string | null;
}

async function childrenOf(workspace: string, node: HierarchyNode, above: string[]): Promise<HierarchyNode[]> {
  const { unit, blocks } = node.children ?? { unit: null, blocks: [] };
  return (await bridge.call('language.hierarchy', { workspace, unit, blocks, above: above.slice(-256) })).nodes;
}

export function useDesign(workspace: string): Design {
  const [nodes, setNodes] = useState<DesignNodes | null>(null);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [error, setError] = useState<ErrorBody | null>(null);
  const latest = useRef({ open, turn: 0 });
  latest.current.open = open;

  /** Tops and everything that is open, anew. */
  const reload = useCallback(async (): Promise<void> => {
    const turn = ++latest.current.turn;
    const fresh = new Map<string, readonly HierarchyNode[]>();
    try {
      const { nodes: tops } = await bridge.call('language.hierarchy', { workspace, unit: null, blocks: [], above: [] });
      fresh.set('', tops);
      let level = tops.map((node) => ({ key: keyOf('', node), node, above: [node.of] }));
      while (level.length > 0) {
        const next: typeof level = [];
        for (const { key, node, above } of level) {
          if (!latest.current.open.has(key) || node.children === null) continue;
          const children = await childrenOf(workspace, node, above);
          fresh.set(key, children);
          next.push(...children.map((child) => ({ key: keyOf(key, child), node: child, above: [...above, child.of] })));
        }
        level = next;
      }
      if (turn !== latest.current.turn) return;
      setNodes(fresh);
      setError(null);
    } catch (failure) {
      const body = errorBody(failure);
      // an edit came in between: the change that it makes asks again
      if (turn === latest.current.turn && body.code !== 'CANCELLED') setError(body);
    }
  }, [workspace]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    void reload();
    const soon = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => void reload(), PAUSE_MS);
    };
    const endDisk = onDiskChange(({ paths, anywhere }) => (anywhere || paths.some(hasLanguage) ? soon() : undefined));
    // a pause in typing brings a new outline
    const endTyping = useOutlines.subscribe(soon);
    return () => {
      clearTimeout(timer);
      endDisk();
      endTyping();
    };
  }, [reload]);

  const [wanted, setWanted] = useState<string | null>(null);
  useEffect(() => {
    const show = async (unit: string): Promise<void> => {
      const { nodes: trail } = await bridge.call('language.hierarchy_path', { workspace, unit });
      const keys = trail.reduce<string[]>((made, node) => [...made, keyOf(made.at(-1) ?? '', node)], []);
      const opened = new Set([...latest.current.open, ...keys.slice(0, -1)]);
      latest.current.open = opened;
      setOpen(opened);
      setWanted(keys.at(-1) ?? null);
      await reload();
    };
    const { unit } = useWantedUnit.getState();
    // a jump may have brought the panel
    if (unit !== null) run(() => show(unit));
    return useWantedUnit.subscribe((next) => (next.unit === null ? undefined : run(() => show(next.unit ?? ''))));
  }, [workspace, reload]);

  const rows = nodes === null ? [] : designRows(nodes, open);
  const toggle = (row: DesignRow): void => {
    const opened = open.has(row.key);
    setOpen(new Set(opened ? [...open].filter((key) => key !== row.key) : [...open, row.key]));
    if (opened || nodes?.has(row.key) === true) return;
    childrenOf(workspace, row.node, unitsAbove(rows, row.key)).then(
      (children) => setNodes((before) => new Map([...(before ?? []), [row.key, children]])),
      (failure: unknown) => setError(errorBody(failure)),
    );
  };
  return { rows, loaded: nodes !== null, error, toggle, wanted };
}
