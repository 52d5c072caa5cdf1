// The handle of the docking layout: any feature opens a panel or a file by name, without knowing where it lies.
import { useCallback, useSyncExternalStore } from 'react';
import { create } from 'zustand';
import type { DockviewApi } from 'dockview-react';
import type { PanelName } from './feature.ts';
import { focusWhenThere } from './pending-focus.ts';
import { panelNamed } from './registry.ts';

interface DockStore {
  readonly api: DockviewApi | null;
  setApi(api: DockviewApi | null): void;
}

export const useDock = create<DockStore>()((set) => ({ api: null, setApi: (api) => set({ api }) }));

/** Whether a panel is on the screen: open, and in front of its group. */
export function usePanelSeen(name: PanelName): boolean {
  const api = useDock((store) => store.api);
  const subscribe = useCallback(
    (changed: () => void) => {
      const listening = [api?.onDidLayoutChange(changed), api?.onDidActivePanelChange(changed)];
      return () => listening.forEach((one) => one?.dispose());
    },
    [api],
  );
  return useSyncExternalStore(subscribe, () => api?.getPanel(name)?.api.isVisible ?? false);
}

/** Shows a panel, opening it at its usual place when it is closed. */
export function openPanel(name: PanelName, params: Record<string, unknown> = {}): void {
  const { api } = useDock.getState();
  if (api === null) return;
  const present = api.getPanel(name);
  if (present !== undefined) {
    present.api.updateParameters(params);
    // its side may be hidden, or another group may lie over it
    if (api.hasMaximizedGroup() && !present.group.api.isMaximized()) api.exitMaximizedGroup();
    if (!present.group.api.isVisible) present.group.api.setVisible(true);
    present.api.setActive();
    return;
  }
  if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
  const { place } = panelNamed(name);
  const neighbour = place.beside.map((other) => api.getPanel(other)).find((panel) => panel !== undefined);
  api.addPanel({
    id: name,
    component: name,
    title: name,
    params,
    ...(neighbour === undefined
      ? { position: { direction: place.edge } }
      : { position: { referencePanel: neighbour.id, direction: 'within' as const } }),
    ...(place.width === undefined ? {} : { initialWidth: place.width }),
    ...(place.height === undefined ? {} : { initialHeight: place.height }),
  });
}

const FOCUSABLE =
  'input:not([disabled]), textarea:not([disabled]), select:not([disabled]), button:not([disabled]), a[href], summary, [tabindex="0"]';

/** Shows a panel and moves the focus into it: what a person does who asks for it by key or by name. */
export function showPanel(name: PanelName): void {
  openPanel(name);
  const wanted = panelNamed(name).focus;
  focusWhenThere(
    () => {
      const panel = document.querySelector<HTMLElement>(`[data-panel="${name}"]`);
      // what the panel would like first comes before whatever else it has, but is not always there
      return (wanted === undefined ? null : firstShown(panel, wanted)) ?? firstShown(panel, FOCUSABLE);
    },
    { onLost: () => document.querySelector<HTMLElement>(`[data-panel="${name}"]`)?.focus() },
  );
}

function firstShown(panel: HTMLElement | null, selector: string): HTMLElement | null {
  const found = [...(panel?.querySelectorAll<HTMLElement>(selector) ?? [])];
  return found.find((element) => element.checkVisibility()) ?? null;
}

/** Moves the focus to the next group of docked panels, round and round. */
export function focusNextGroup(): void {
  const { api } = useDock.getState();
  if (api === null) return;
  const groups = api.groups.filter((group) => group.api.isVisible);
  const at = groups.findIndex((group) => group.element.contains(document.activeElement));
  const next = groups[(at + 1) % groups.length];
  const panel = next?.activePanel;
  if (panel === undefined) return;
  panel.api.setActive();
  const name = panel.id.startsWith('file:') ? 'editor' : panel.id;
  const target =
    next?.element.querySelector<HTMLElement>(`[data-panel="${name}"] :is(.inputarea, ${FOCUSABLE})`) ??
    // one that shows nothing to press is a stop all the same
    next?.element.querySelector<HTMLElement>(`[data-panel="${name}"]`);
  target?.focus();
}

export interface FileTarget {
  readonly line?: number;
  readonly column?: number;
}

/** Opens a file of the workspace in the editor, at a line when one is given. */
export function openFile(path: string, target: FileTarget = {}): void {
  const { api } = useDock.getState();
  if (api === null) return;
  const id = `file:${path}`;
  // a changing number makes the same line a new request
  const params = { path, ...target, request: Date.now() };
  const present = api.getPanel(id);
  if (present !== undefined) {
    present.api.updateParameters(params);
    present.api.setActive();
    return;
  }
  const editors = api.panels.filter(
    (panel) => panel.id.startsWith('file:') || ['welcome', 'plan', 'changes'].includes(panel.id),
  );
  const beside = editors.find((panel) => panel.api.isActive) ?? editors.at(-1);
  api.addPanel({
    id,
    component: 'editor',
    title: path.slice(path.lastIndexOf('/') + 1),
    params,
    tabComponent: 'file',
    ...(beside === undefined ? {} : { position: { referencePanel: beside.id, direction: 'within' as const } }),
  });
}
