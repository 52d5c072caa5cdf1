// The handle of the docking layout: any feature opens a panel or a file by name, without knowing where it lies.
import { create } from 'zustand';
import type { DockviewApi } from 'dockview-react';
import type { PanelName } from './panel-names.ts';
import { PANEL_PLACES } from './panel-names.ts';

interface DockStore {
  readonly api: DockviewApi | null;
  setApi(api: DockviewApi | null): void;
}

export const useDock = create<DockStore>()((set) => ({ api: null, setApi: (api) => set({ api }) }));

/** Shows a panel, opening it at its usual place when it is closed. */
export function openPanel(name: PanelName, params: Record<string, unknown> = {}): void {
  const { api } = useDock.getState();
  if (api === null) return;
  const present = api.getPanel(name);
  if (present !== undefined) {
    present.api.updateParameters(params);
    present.api.setActive();
    return;
  }
  const place = PANEL_PLACES[name];
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
