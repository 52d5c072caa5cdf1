// What this folder brings to the workbench.
import { Workflow } from 'lucide-react';
import type { Feature } from '../../workbench/feature.ts';
import { lazyPanel } from '../../workbench/lazy-panel.ts';
import './plan.css';

export const planFeature: Feature = {
  panels: [
    {
      name: 'plan',
      icon: Workflow,
      rail: 'job',
      place: { beside: ['welcome', 'changes'], edge: 'above' },
      component: lazyPanel(async () => (await import('./plan-panel.tsx')).PlanPanel),
    },
  ],
};
