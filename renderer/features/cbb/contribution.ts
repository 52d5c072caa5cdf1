// What this folder brings to the workbench.
import { PackageOpen } from 'lucide-react';
import type { Feature } from '../../workbench/feature.ts';
import { lazyPanel } from '../../workbench/lazy-panel.ts';

export const cbbFeature: Feature = {
  panels: [
    {
      name: 'cbb',
      icon: PackageOpen,
      rail: 'tools',
      place: { beside: ['welcome', 'plan', 'changes'], edge: 'above' },
      component: lazyPanel(async () => (await import('./cbb-panel.tsx')).CbbPanel),
    },
  ],
};
