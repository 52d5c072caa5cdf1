// What this folder brings to the workbench.
import { AudioWaveform } from 'lucide-react';
import type { Feature } from '../../workbench/feature.ts';
import { lazyPanel } from '../../workbench/lazy-panel.ts';

export const wavesFeature: Feature = {
  panels: [
    {
      name: 'waves',
      icon: AudioWaveform,
      rail: 'tools',
      place: { beside: ['welcome', 'plan', 'changes', 'cbb'], edge: 'above' },
      component: lazyPanel(async () => (await import('./waves-panel.tsx')).WavesPanel),
    },
  ],
};
