// What this folder brings to the workbench.
import { Diff } from 'lucide-react';
import type { Feature } from '../../workbench/feature.ts';
import { lazyPanel } from '../../workbench/lazy-panel.ts';

export const changesFeature: Feature = {
  panels: [
    {
      name: 'changes',
      icon: Diff,
      rail: 'job',
      place: { beside: ['welcome', 'plan'], edge: 'above' },
      key: 'Ctrl+Shift+G',
      component: lazyPanel(async () => (await import('./changes-panel.tsx')).ChangesPanel),
    },
  ],
};
