// Two texts of a file side by side in the editor's own diff, read only.
import { useEffect, useRef } from 'react';
import { showError } from '../../state/notice-store.ts';

interface DiffViewProps {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

export function DiffView({ path, before, after }: DiffViewProps) {
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let dispose = (): void => undefined;
    let gone = false;
    const show = async (element: HTMLDivElement): Promise<void> => {
      const { languageOf, monaco } = await import('../editor/monaco.ts');
      if (gone) return;
      const language = languageOf(path);
      const original = monaco.editor.createModel(before ?? '', language);
      const modified = monaco.editor.createModel(after ?? '', language);
      const editor = monaco.editor.createDiffEditor(element, {
        readOnly: true,
        originalEditable: false,
        automaticLayout: true,
        renderSideBySide: true,
        useInlineViewWhenSpaceIsLimited: false,
        hideUnchangedRegions: { enabled: true },
        scrollBeyondLastLine: false,
        minimap: { enabled: false },
        fontSize: 12,
      });
      editor.setModel({ original, modified });
      dispose = () => {
        editor.dispose();
        original.dispose();
        modified.dispose();
      };
    };
    if (host.current !== null) show(host.current).catch(showError);
    return () => {
      gone = true;
      dispose();
    };
  }, [path, before, after]);
  return <div ref={host} className="diff-view" />;
}
