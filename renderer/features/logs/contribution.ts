// What this folder brings to the workbench.
import { ScrollText } from 'lucide-react';
import type { Feature } from '../../workbench/feature.ts';
import { lazyPanel } from '../../workbench/lazy-panel.ts';
import './logs.css';

export const logsFeature: Feature = {
  panels: [
    {
      name: 'log',
      icon: ScrollText,
      place: { beside: ['problems', 'consoles'], edge: 'below', height: 220 },
      key: 'Ctrl+Shift+U',
      component: lazyPanel(async () => (await import('./log-panel.tsx')).LogPanel),
    },
  ],
};
