// Outlines of open documents: asked for after each pause in typing, shared by breadcrumbs, outline panel and folding.
import { create } from 'zustand';
import type { IpcResponse } from '@genrtl/contracts';
import { bridge } from '../../bridge/bridge.ts';

export type Outline = IpcResponse<'language.outline'>;

interface OutlineStore {
  readonly outlines: Readonly<Record<string, Outline>>;
  put(path: string, outline: Outline): void;
  drop(path: string): void;
}

export const useOutlines = create<OutlineStore>()((set) => ({
  outlines: {},
  put: (path, outline) => set(({ outlines }) => ({ outlines: { ...outlines, [path]: outline } })),
  drop: (path) => set(({ outlines }) => ({ outlines: Object.fromEntries(Object.entries(outlines).filter(([other]) => other !== path)) })),
}));

export async function refreshOutline(workspace: string, path: string): Promise<Outline> {
  const outline = await bridge.call('language.outline', { workspace, path });
  useOutlines.getState().put(path, outline);
  return outline;
}

export const EMPTY_OUTLINE: Outline = { symbols: [], folds: [] };

/** Indexes of the declarations around a line, from the outside in. */
export function symbolsAround({ symbols }: Outline, line: number): number[] {
  let innermost: number | null = null;
  for (const [at, symbol] of symbols.entries()) {
    if (symbol.first_line <= line && line <= symbol.last_line && SCOPES.has(symbol.kind)) innermost = at;
  }
  const chain: number[] = [];
  for (let at = innermost; at !== null; at = symbols[at]?.parent ?? null) chain.unshift(at);
  return chain;
}

const SCOPES: ReadonlySet<string> = new Set(['module', 'interface', 'program', 'package', 'class', 'function', 'task', 'block', 'instance', 'type']);
