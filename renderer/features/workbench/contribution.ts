// What the window's frame itself brings to the workbench.
import { House } from 'lucide-react';
import { useWorkspace } from '../../state/workspace-store.ts';
import { focusNextGroup, useDock } from '../../workbench/dock-store.ts';
import type { Feature } from '../../workbench/feature.ts';
import { toggleFocusMode, toggleSide } from '../../workbench/sides.ts';
import { layDefault } from './default-layout.ts';
import { WelcomePanel } from './welcome-panel.tsx';
import '../editor/editor.css';
import './workbench.css';

const inWorkspace = (): boolean => useWorkspace.getState().view !== null;

export const workbenchFeature: Feature = {
  panels: [
    {
      name: 'welcome',
      icon: House,
      place: { beside: ['plan', 'changes'], edge: 'above' },
      component: WelcomePanel,
    },
  ],
  commands: [
    { name: 'start', run: () => location.assign('#/') },
    {
      name: 'resetLayout',
      available: inWorkspace,
      run() {
        const { api } = useDock.getState();
        if (api !== null) layDefault(api);
      },
    },
    {
      name: 'closeTab',
      key: 'Ctrl+F4',
      available: inWorkspace,
      run: () => useDock.getState().api?.activePanel?.api.close(),
    },
    { name: 'toggleLeft', key: 'Ctrl+B', available: inWorkspace, run: () => void toggleSide('left') },
    { name: 'toggleBelow', key: 'Ctrl+J', available: inWorkspace, run: () => void toggleSide('below') },
    { name: 'toggleRight', key: 'Ctrl+Alt+B', available: inWorkspace, run: () => void toggleSide('right') },
    { name: 'focusMode', key: 'Ctrl+Alt+Enter', available: inWorkspace, run: toggleFocusMode },
    { name: 'nextGroup', key: 'F6', available: inWorkspace, run: focusNextGroup },
  ],
};
