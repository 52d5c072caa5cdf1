// What this folder brings to the workbench.
import { CircleAlert } from 'lucide-react';
import type { Feature } from '../../workbench/feature.ts';
import { ProblemsPanel } from './problems-panel.tsx';
import './problems.css';

export const problemsFeature: Feature = {
  panels: [
    {
      name: 'problems',
      icon: CircleAlert,
      rail: 'job',
      place: { beside: ['log'], edge: 'below', height: 220 },
      key: 'Ctrl+Shift+M',
      component: ProblemsPanel,
    },
  ],
};
