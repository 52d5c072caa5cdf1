// What this folder brings to the workbench.
import { ListChecks } from 'lucide-react';
import type { Feature } from '../../workbench/feature.ts';
import { lazyPanel } from '../../workbench/lazy-panel.ts';

export const checksFeature: Feature = {
  panels: [
    {
      name: 'checks',
      icon: ListChecks,
      rail: 'job',
      place: { beside: ['problems', 'log'], edge: 'below', height: 260 },
      component: lazyPanel(async () => (await import('./checks-panel.tsx')).ChecksPanel),
    },
  ],
};
