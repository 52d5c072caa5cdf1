// What this folder brings to the workbench.
import { ListChecks } from 'lucide-react';
import { run } from '../../state/notice-store.ts';
import type { ToolRunAction } from '../../state/tool-runs.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import type { Feature } from '../../workbench/feature.ts';
import { lazyPanel } from '../../workbench/lazy-panel.ts';

const inWorkspace = (): boolean => useWorkspace.getState().view !== null;
const command = (action: ToolRunAction) => (): void =>
  run(async () => (await import('./tool-commands.ts')).runCommand(action));

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
  commands: [
    {
      name: 'runChecks',
      key: 'Ctrl+Shift+B',
      available: inWorkspace,
      run: () => run(async () => (await import('./tool-commands.ts')).runChecks()),
    },
    { name: 'runLint', key: 'Ctrl+F7', available: inWorkspace, run: command('lint') },
    { name: 'runElaborate', key: 'Ctrl+F8', available: inWorkspace, run: command('elaborate') },
    { name: 'runSimulation', key: 'Ctrl+F9', available: inWorkspace, run: command('simulate') },
    { name: 'runSynthesis', key: 'Ctrl+F10', available: inWorkspace, run: command('synthesise') },
  ],
};
