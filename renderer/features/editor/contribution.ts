// What the editor brings to the workbench; its panels are opened by file.
import { useWorkspace } from '../../state/workspace-store.ts';
import type { Feature } from '../../workbench/feature.ts';
import { reveal } from '../explorer/reveal-store.ts';
import { useActiveEditor, useEditorPlace } from './active-editor.ts';
import { go } from './history.ts';

const inWorkspace = (): boolean => useWorkspace.getState().view !== null;
/** Alt and an arrow moves by words in a shell. */
const outsideConsole = (): boolean => inWorkspace() && document.activeElement?.closest('.xterm') == null;
const inFile = (): boolean => inWorkspace() && useEditorPlace.getState().place !== null;
const run = (action: string) => (): void => useActiveEditor.getState().editor?.run(action);

export const editorFeature: Feature = {
  commands: [
    { name: 'goBack', key: 'Alt+ArrowLeft', available: outsideConsole, run: () => go(-1) },
    { name: 'goForward', key: 'Alt+ArrowRight', available: outsideConsole, run: () => go(1) },
    {
      name: 'revealFile',
      available: inFile,
      run() {
        const { place } = useEditorPlace.getState();
        if (place !== null) reveal(place.path);
      },
    },
    { name: 'formatFile', available: inFile, run: run('editor.action.formatDocument') },
    { name: 'connectPorts', available: inFile, run: run('genrtl.connectPorts') },
    { name: 'wordWrap', available: inFile, run: run('genrtl.wordWrap') },
  ],
};
