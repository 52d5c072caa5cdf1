// What this folder brings to the workbench.
import { Network } from 'lucide-react';
import type { Feature } from '../../workbench/feature.ts';
import { lazyPanel } from '../../workbench/lazy-panel.ts';

export const schematicFeature: Feature = {
  panels: [
    {
      name: 'schematic',
      icon: Network,
      rail: 'tools',
      place: { beside: ['welcome', 'plan', 'changes', 'waves', 'cbb'], edge: 'above' },
      component: lazyPanel(async () => (await import('./schematic-panel.tsx')).SchematicPanel),
    },
  ],
};
