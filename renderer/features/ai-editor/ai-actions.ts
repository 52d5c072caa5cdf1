// What an editor can ask the AI module for, in its context menu and by command. The code behind it comes with the first
// use.
import type { AiIntent } from '@genrtl/contracts';
import i18next from 'i18next';
import { run } from '../../state/notice-store.ts';
import type { CommandName } from '../../workbench/feature.ts';
import type { monaco } from '../editor/monaco.ts';
import { AWAITS_ANSWER } from './lock.ts';

type Editor = ReturnType<typeof monaco.editor.create>;

interface AiAction {
  readonly command: CommandName;
  readonly intent: AiIntent;
  readonly shown: 'insert' | 'edit';
  readonly files: RegExp;
  /** the person says what is to be done */
  readonly instructed?: true;
}

const PROSE = /\.(?:md|markdown|txt)$/i;
const RTL = /\.(?:svh?|vh?|vhdl?)$/i;
const BOTH = /\.(?:md|markdown|txt|svh?|vh?|vhdl?)$/i;

/** In the order of the menu. */
export const AI_ACTIONS: readonly AiAction[] = [
  { command: 'aiContinue', intent: 'continue-writing', shown: 'insert', files: BOTH },
  { command: 'aiCompleteModule', intent: 'complete-module', shown: 'insert', files: RTL },
  { command: 'aiRewrite', intent: 'rewrite', shown: 'edit', files: BOTH },
  { command: 'aiEdit', intent: 'edit', shown: 'edit', files: BOTH, instructed: true },
  { command: 'aiFixGrammar', intent: 'fix-grammar', shown: 'edit', files: PROSE },
  { command: 'aiDocument', intent: 'document', shown: 'edit', files: RTL },
  { command: 'aiConvert', intent: 'convert-to-systemverilog', shown: 'edit', files: /\.vh?$/i },
];

export const aiActionId = (command: CommandName): string => `genrtl.${command}`;

export function addAiActions(editor: Editor, path: string): monaco.IDisposable[] {
  return AI_ACTIONS.filter(({ files }) => files.test(path)).map(({ command, intent, shown, instructed }, at) =>
    editor.addAction({
      id: aiActionId(command),
      label: i18next.t(`commands.${command}`),
      contextMenuGroupId: '1_ai',
      contextMenuOrder: at,
      precondition: `!editorReadonly || ${AWAITS_ANSWER}`,
      run: () =>
        run(async () => {
          if (shown === 'insert') await (await import('./insert.ts')).insertAnswer(editor, path, intent);
          else {
            const { editSelection } = await import('./edit.ts');
            const wish = { intent, wholeLines: !PROSE.test(path) };
            if (instructed === undefined) return editSelection(editor, path, wish);
            const instruction = await (await import('./instruction.ts')).askInstruction(editor);
            if (instruction !== null) await editSelection(editor, path, { ...wish, instruction });
          }
        }),
    }),
  );
}

/** Suggestions at the cursor and the end of what runs by Escape, once the editor stands and nobody waits for it. */
export function attachAi(editor: Editor): monaco.IDisposable {
  let ended = false;
  const parts: monaco.IDisposable[] = [];
  let later: NodeJS.Timeout | number = 0;
  const attach = (): void => {
    import('./editor-part.ts').then(
      ({ attachTo }) => {
        if (!ended) parts.push(attachTo(editor));
      },
      // The host is away: it comes again when that does.
      () => {
        if (!ended) later = setTimeout(attach, AGAIN_MS);
      },
    );
  };
  later = setTimeout(attach, START_MS);
  return {
    dispose() {
      ended = true;
      clearTimeout(later);
      for (const part of parts) part.dispose();
    },
  };
}

const START_MS = 300;
const AGAIN_MS = 3_000;
