// Renames across the workspace: unsaved sources are saved first, main changes all files or none, and a notice takes it
// back.
import i18next from 'i18next';
import type { CodePosition } from '@genrtl/contracts/language.ts';
import type { z } from 'zod';
import { bridge } from '../../bridge/bridge.ts';
import { run, useNotices } from '../../state/notice-store.ts';
import { useDocuments } from '../editor/document-store.ts';
import { hasLanguage, settleDocument } from './document-sync.ts';
import { agreeToRename } from './rename-preview.tsx';

/** Saves every unsaved source, so that what main changes on disk is what the person sees. */
async function saveSources(save: (path: string) => Promise<void>): Promise<void> {
  const { documents } = useDocuments.getState();
  for (const { path } of Object.values(documents).filter(({ path: one, dirty }) => dirty && hasLanguage(one))) {
    await save(path);
    await settleDocument(path);
  }
}

/** Throws what main refuses. `save` writes one open document. */
export async function rename(
  at: z.infer<typeof CodePosition>,
  name: string,
  save: (path: string) => Promise<void>,
): Promise<void> {
  await saveSources(save);
  const preview = await bridge.call('language.rename_preview', { ...at, name });
  if (preview.places === 0) return;
  // within one file the person sees what happens
  if ((preview.files > 1 || preview.left.length > 0) && !(await agreeToRename(name, preview))) return;
  const { old_name, files, places, left, undo } = await bridge.call('language.rename', { ...at, name });
  const { add } = useNotices.getState();
  add({
    tone: 'success',
    text: i18next.t('rename.done', { old: old_name, name, count: places, files: files.length }),
    ...(left.length === 0
      ? {}
      : {
          hint: i18next.t('rename.left', {
            count: left.length,
            places: left
              .slice(0, 3)
              .map(({ path, line }) => `${path}:${line}`)
              .join(', '),
          }),
        }),
    action: {
      label: i18next.t('rename.undo'),
      run: () =>
        run(async () => {
          await bridge.call('language.undo_rename', { workspace: at.workspace, undo });
          add({ tone: 'info', text: i18next.t('rename.undone', { old: old_name }) });
        }),
    },
  });
}
