// What this folder brings to the workbench.
import { Wand2 } from 'lucide-react';
import type { Feature } from '../../workbench/feature.ts';
import { lazyPanel } from '../../workbench/lazy-panel.ts';

export const skillsFeature: Feature = {
  panels: [
    {
      name: 'skills',
      icon: Wand2,
      rail: 'tools',
      place: { beside: ['welcome', 'plan', 'changes', 'cbb'], edge: 'above' },
      key: 'Ctrl+Shift+K',
      component: lazyPanel(async () => (await import('./skills-panel.tsx')).SkillsPanel),
    },
  ],
};
