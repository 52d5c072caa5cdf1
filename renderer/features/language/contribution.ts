// What this folder brings to the workbench.
import { ListTree, Search } from 'lucide-react';
import { run } from '../../state/notice-store.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { showPanel } from '../../workbench/dock-store.ts';
import type { Feature } from '../../workbench/feature.ts';
import { lazyPanel } from '../../workbench/lazy-panel.ts';
import { useOutlineView } from './outline-view.ts';

const inWorkspace = (): boolean => useWorkspace.getState().view !== null;
/** The jumps bring the rooms' stores, which nobody needs before. */
const jump = (to: 'toSource' | 'toDesign' | 'toSchematic' | 'toWaves') => (): void =>
  run(async () => (await import('./jumps.ts'))[to]());

export const languageFeature: Feature = {
  commands: [
    { name: 'toSource', key: 'F7', available: inWorkspace, run: jump('toSource') },
    { name: 'toDesign', key: 'F4', available: inWorkspace, run: jump('toDesign') },
    { name: 'toSchematic', key: 'F9', available: inWorkspace, run: jump('toSchematic') },
    { name: 'toWaves', key: 'F10', available: inWorkspace, run: jump('toWaves') },
    {
      name: 'findSymbol',
      key: 'Ctrl+T',
      available: inWorkspace,
      run() {
        useOutlineView.setState({ view: 'design' });
        showPanel('outline');
      },
    },
  ],
  panels: [
    {
      name: 'search',
      icon: Search,
      rail: 'find',
      place: { beside: ['problems', 'log'], edge: 'below', height: 240 },
      key: 'Ctrl+Shift+F',
      focus: 'input',
      component: lazyPanel(async () => (await import('./search-panel.tsx')).SearchPanel),
    },
    {
      name: 'outline',
      icon: ListTree,
      rail: 'find',
      place: { beside: ['explorer'], edge: 'left', width: 240 },
      key: 'Ctrl+Shift+O',
      focus: 'input[type=search]',
      component: lazyPanel(async () => (await import('./outline-panel.tsx')).OutlinePanel),
    },
  ],
};
