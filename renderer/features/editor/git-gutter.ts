// Marks in the editor's margin for lines that differ from HEAD; none for files that git does not track.
import { useEffect } from 'react';
import i18next from 'i18next';
import { useCall } from '../../bridge/use-call.ts';
import { inEachLanguage } from '../../i18n/each-language.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { useGitStore } from '../git/git-store.ts';
import { lineChanges } from '../git/line-changes.ts';
import type { LineChange } from '../git/line-changes.ts';
import { useRepository } from '../git/use-git.ts';
import { useDocuments } from './document-store.ts';
import { monaco } from './monaco.ts';

const PAUSE_MS = 120;
const RULER: Readonly<Record<LineChange['kind'], string>> = {
  added: '#4cc38a99',
  changed: '#6cabff99',
  removed: '#f4706799',
};

export function useGitGutter(editor: monaco.editor.IStandaloneCodeEditor | null, path: string): void {
  const workspace = useWorkspace((store) => store.view?.path ?? null);
  const repository = useRepository();
  const large = useDocuments((store) => store.documents[path]?.large ?? true);
  const entry = repository?.entries.find((one) => one.path === path);
  const asked = workspace === null || repository === null || large ? null : { workspace, path: entry?.from ?? path };
  const { data } = useCall('git.text', asked === null ? null : { ...asked, at: 'head' });
  const head = asked === null ? null : (data?.text ?? null);
  useEffect(() => {
    const model = editor?.getModel() ?? null;
    if (editor === null || model === null || head === null) return undefined;
    const before = head.split(/\r\n|\r|\n/);
    const drawn = editor.createDecorationsCollection();
    const { setChanges } = useGitStore.getState();
    const draw = (): void => {
      if (model.isDisposed()) return;
      const changes = lineChanges(before, model.getLinesContent());
      setChanges(path, changes);
      drawn.set(changes.map((change) => decorationOf(change, model.getLineCount())));
    };
    const forget = inEachLanguage(draw);
    let due: ReturnType<typeof setTimeout> | undefined;
    const following = model.onDidChangeContent(() => {
      clearTimeout(due);
      due = setTimeout(draw, PAUSE_MS);
    });
    return () => {
      clearTimeout(due);
      forget();
      following.dispose();
      drawn.clear();
      setChanges(path, null);
    };
  }, [editor, head, path]);
}

function decorationOf({ kind, from, to }: LineChange, lines: number): monaco.editor.IModelDeltaDecoration {
  // what was removed at the end stood behind the last line
  const line = Math.min(from, lines);
  return {
    range: new monaco.Range(line, 1, Math.min(Math.max(to, line), lines), 1),
    options: {
      isWholeLine: true,
      linesDecorationsClassName: `git-line-${kind}${from > lines ? ' git-line-removed-end' : ''}`,
      linesDecorationsTooltip: i18next.t(`git.line.${kind}`),
      overviewRuler: { color: RULER[kind], position: monaco.editor.OverviewRulerLane.Left },
    },
  };
}
