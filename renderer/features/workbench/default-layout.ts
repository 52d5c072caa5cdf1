// What a new window shows.
import type { DockviewApi } from 'dockview-react';

export function layDefault(api: DockviewApi): void {
  api.clear();
  api.addPanel({ id: 'welcome', component: 'welcome', title: 'welcome' });
  api.addPanel({
    id: 'agent',
    component: 'agent',
    title: 'agent',
    initialWidth: 400,
    minimumWidth: 280,
    position: { referencePanel: 'welcome', direction: 'right' },
  });
  api.addPanel({
    id: 'ask',
    component: 'ask',
    title: 'ask',
    inactive: true,
    position: { referencePanel: 'agent', direction: 'within' },
  });
  api.addPanel({
    id: 'explorer',
    component: 'explorer',
    title: 'explorer',
    initialWidth: 210,
    position: { referencePanel: 'welcome', direction: 'left' },
  });
  api.addPanel({
    id: 'problems',
    component: 'problems',
    title: 'problems',
    initialHeight: 200,
    position: { referencePanel: 'welcome', direction: 'below' },
  });
  api.addPanel({
    id: 'log',
    component: 'log',
    title: 'log',
    inactive: true,
    position: { referencePanel: 'problems', direction: 'within' },
  });
  api.getPanel('agent')?.api.setSize({ width: 400 });
  api.getPanel('explorer')?.api.setSize({ width: 210 });
  api.getPanel('problems')?.api.setSize({ height: 200 });
}
