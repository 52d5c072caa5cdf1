// What this folder brings to the workbench.
import { Files } from 'lucide-react';
import type { Feature } from '../../workbench/feature.ts';
import { ExplorerPanel } from './explorer-panel.tsx';
import './explorer.css';

export const explorerFeature: Feature = {
  panels: [
    {
      name: 'explorer',
      icon: Files,
      rail: 'find',
      place: { beside: [], edge: 'left', width: 220 },
      key: 'Ctrl+Shift+E',
      component: ExplorerPanel,
    },
  ],
};
