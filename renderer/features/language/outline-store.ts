// Outlines of open documents: asked for after each pause in typing, shared by breadcrumbs, outline panel and folding.
import { create } from 'zustand';
import { bridge } from '../../bridge/bridge.ts';
import type { Outline } from './outline.ts';

interface OutlineStore {
  readonly outlines: Readonly<Record<string, Outline>>;
  put(path: string, outline: Outline): void;
  drop(path: string): void;
}

export const useOutlines = create<OutlineStore>()((set) => ({
  outlines: {},
  put: (path, outline) => set(({ outlines }) => ({ outlines: { ...outlines, [path]: outline } })),
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
