// What this folder brings to the workbench.
import { SquareTerminal } from 'lucide-react';
import type { Feature } from '../../workbench/feature.ts';
import { lazyPanel } from '../../workbench/lazy-panel.ts';

export const consolesFeature: Feature = {
  panels: [
    {
      name: 'consoles',
      icon: SquareTerminal,
      rail: 'tools',
      place: { beside: ['problems', 'log'], edge: 'below', height: 260 },
      key: 'Ctrl+`',
      focus: '.xterm-helper-textarea',
      component: lazyPanel(async () => (await import('./consoles-panel.tsx')).ConsolesPanel),
    },
  ],
};
