// Room for the work: the sides around the editors hidden and shown as wholes, one group over all others, tabs in sight.
import type { DockviewApi, DockviewGroupPanel } from 'dockview-react';
import { useDock } from './dock-store.ts';
import type { PanelName } from './feature.ts';
import { panels } from './registry.ts';

export type Side = 'left' | 'right' | 'below';

/** The side that a group stands for is that of its first panel which belongs to one; editors belong to none. */
function sideOf(group: DockviewGroupPanel): Side | null {
  for (const { id } of group.panels) {
    const place = panels().find((panel) => panel.name === (id as PanelName))?.place;
    if (place !== undefined && place.edge !== 'above') return place.edge;
  }
  return null;
}

/** Hides what a side shows, or shows all of it again. False when nothing stands there. */
export function toggleSide(side: Side): boolean {
  const { api } = useDock.getState();
  const groups = (api?.groups ?? []).filter((group) => sideOf(group) === side);
  const seen = groups.some((group) => group.api.isVisible);
  for (const group of groups) group.api.setVisible(!seen);
  return groups.length > 0;
}

/** One group over the whole dock, and back. */
export function toggleFocusMode(): void {
  const { api } = useDock.getState();
  if (api === null) return;
  if (api.hasMaximizedGroup()) api.exitMaximizedGroup();
  else if (api.activePanel !== undefined) api.maximizeGroup(api.activePanel);
}

/** Keeps the front tab of each group in sight; returns what ends it. */
export function keepTabsInSight(api: DockviewApi): () => void {
  let due = 0;
  const look = (): void => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(() => {
      for (const { element } of api.groups)
        element.querySelector('.dv-tab.dv-active-tab')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    });
  };
  const listening = [api.onDidLayoutChange(look), api.onDidActivePanelChange(look)];
  look();
  return () => {
    cancelAnimationFrame(due);
    listening.forEach((one) => one.dispose());
  };
}
