// What this folder brings to the workbench.
import { ListTree, Search } from 'lucide-react';
import type { Feature } from '../../workbench/feature.ts';
import { lazyPanel } from '../../workbench/lazy-panel.ts';

export const languageFeature: Feature = {
  panels: [
    {
      name: 'search',
      icon: Search,
      rail: 'find',
      place: { beside: ['problems', 'log'], edge: 'below', height: 240 },
      key: 'Ctrl+Shift+F',
      focus: 'input',
      component: lazyPanel(async () => (await import('./search-panel.tsx')).SearchPanel),
    },
    {
      name: 'outline',
      icon: ListTree,
      rail: 'find',
      place: { beside: ['explorer'], edge: 'left', width: 240 },
      key: 'Ctrl+Shift+O',
      component: lazyPanel(async () => (await import('./outline-panel.tsx')).OutlinePanel),
    },
  ],
};
