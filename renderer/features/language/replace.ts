// Replaces all hits of a search: unsaved documents are saved first, main changes all files or none, and a notice takes
// it back.
import i18next from 'i18next';
import type { IpcRequest } from '@genrtl/contracts/ipc/index.ts';
import { bridge } from '../../bridge/bridge.ts';
import { run, useNotices } from '../../state/notice-store.ts';
import { useDocuments } from '../editor/document-store.ts';
import { useSearch } from './search-store.ts';

export async function replaceAll(request: IpcRequest<'workspace.replace'>): Promise<void> {
  const { workspace } = request;
  const { saveDocument } = await import('../editor/documents.ts');
  for (const { path, dirty } of Object.values(useDocuments.getState().documents)) if (dirty) await saveDocument(path);
  const { files, places, locked, undo } = await bridge.call('workspace.replace', request);
  const { add } = useNotices.getState();
  const again = (): Promise<void> => useSearch.getState().search(workspace);
  add({
    tone: 'success',
    text: i18next.t('search.replaced', { count: places, files: files.length }),
    ...(locked.length === 0
      ? {}
      : { hint: i18next.t('search.replaceLocked', { files: locked.slice(0, 3).join(', ') }) }),
    action: {
      label: i18next.t('search.replaceUndo'),
      run: () =>
        run(async () => {
          await bridge.call('workspace.undo_replace', { workspace, undo });
          add({ tone: 'info', text: i18next.t('search.replaceUndone') });
          await again();
        }),
    },
  });
  await again();
}
