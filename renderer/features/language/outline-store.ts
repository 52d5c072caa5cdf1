// Outlines of open documents: asked for after each pause in typing, shared by breadcrumbs, outline panel and folding.
import { create } from 'zustand';
import { bridge } from '../../bridge/bridge.ts';
import type { Outline } from './outline.ts';

interface OutlineStore {
  readonly outlines: Readonly<Record<string, Outline>>;
  put(path: string, outline: Outline): void;
  drop(path: string): void;
}

/** A longer outline is not compared: that would cost what it spares. */
const MAX_COMPARED = 2000;

const isSame = (before: Outline | undefined, after: Outline): boolean =>
  before !== undefined &&
  before.symbols.length === after.symbols.length &&
  after.symbols.length <= MAX_COMPARED &&
  JSON.stringify(before) === JSON.stringify(after);

export const useOutlines = create<OutlineStore>()((set) => ({
  outlines: {},
  // most keys change nothing of it: nobody draws anew what stands
  put: (path, outline) =>
    set((store) =>
      isSame(store.outlines[path], outline) ? store : { outlines: { ...store.outlines, [path]: outline } },
    ),
  drop: (path) =>
    set(({ outlines }) => ({
      outlines: Object.fromEntries(Object.entries(outlines).filter(([other]) => other !== path)),
    })),
}));

export async function refreshOutline(workspace: string, path: string): Promise<Outline> {
  const outline = await bridge.call('language.outline', { workspace, path });
  useOutlines.getState().put(path, outline);
  return outline;
}
