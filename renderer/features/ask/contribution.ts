// What this folder brings to the workbench.
import { MessageSquareText } from 'lucide-react';
import { useWorkspace } from '../../state/workspace-store.ts';
import { lazyPanel } from '../../workbench/lazy-panel.ts';
import type { Feature } from '../../workbench/feature.ts';
import { useActiveEditor } from '../editor/active-editor.ts';
import { askAbout } from './ask-store.ts';

export const askFeature: Feature = {
  panels: [
    {
      name: 'ask',
      icon: MessageSquareText,
      rail: 'job',
      place: { beside: ['agent'], edge: 'right', width: 400 },
      key: 'Ctrl+Alt+A',
      focus: '.ask-composer textarea',
      component: lazyPanel(async () => (await import('./ask-panel.tsx')).AskPanel),
    },
  ],
  commands: [
    {
      name: 'askSelection',
      key: 'Ctrl+L',
      available: () => useWorkspace.getState().view !== null && useActiveEditor.getState().editor !== null,
      run() {
        const { editor } = useActiveEditor.getState();
        if (editor === null) return;
        const chosen = editor.selection();
        askAbout(
          chosen === null ? { kind: 'file', path: editor.path } : { kind: 'selection', path: editor.path, ...chosen },
        );
      },
    },
  ],
};
