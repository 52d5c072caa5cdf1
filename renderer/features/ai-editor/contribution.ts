// What the AI module brings to the editor as commands and keys; their code comes with the editor.
import { useWorkspace } from '../../state/workspace-store.ts';
import type { Feature } from '../../workbench/feature.ts';
import { useActiveEditor } from '../editor/active-editor.ts';
import { useAi } from './ai-store.ts';

const inFile = (): boolean => useWorkspace.getState().view !== null && useActiveEditor.getState().editor !== null;
const pending = (): boolean => (useAi.getState().edit?.pending ?? 0) > 0;
const running = (): boolean => useAi.getState().edit !== null;
const suggested = (): boolean => useAi.getState().suggestion;
const run = (action: string) => (): void => useActiveEditor.getState().editor?.run(action);

export const aiEditorFeature: Feature = {
  commands: [
    { name: 'aiSuggest', key: 'Alt+\\', available: inFile, run: run('editor.action.inlineSuggest.trigger') },
    {
      name: 'aiAcceptLine',
      key: 'Ctrl+Alt+ArrowRight',
      available: suggested,
      run: run('editor.action.inlineSuggest.acceptNextLine'),
    },
    { name: 'aiContinue', available: inFile, run: run('genrtl.aiContinue') },
    { name: 'aiCompleteModule', available: inFile, run: run('genrtl.aiCompleteModule') },
    { name: 'aiRewrite', available: inFile, run: run('genrtl.aiRewrite') },
    { name: 'aiEdit', key: 'Ctrl+Alt+E', available: inFile, run: run('genrtl.aiEdit') },
    { name: 'aiFixGrammar', available: inFile, run: run('genrtl.aiFixGrammar') },
    { name: 'aiDocument', available: inFile, run: run('genrtl.aiDocument') },
    { name: 'aiConvert', available: inFile, run: run('genrtl.aiConvert') },
    { name: 'aiAccept', key: 'Alt+Y', available: pending, run: () => useAi.getState().controls?.acceptHunk() },
    { name: 'aiReject', key: 'Alt+N', available: pending, run: () => useAi.getState().controls?.rejectHunk() },
    { name: 'aiAcceptAll', key: 'Alt+Shift+Y', available: pending, run: () => useAi.getState().controls?.acceptAll() },
    { name: 'aiRejectAll', key: 'Alt+Shift+N', available: pending, run: () => useAi.getState().controls?.rejectAll() },
    { name: 'aiStop', available: running, run: () => useAi.getState().controls?.stop() },
  ],
};
