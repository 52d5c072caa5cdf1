// Text of open documents: Monaco models with their state on disk. One model a path, however many editors show it.
import { bridge } from '../../bridge/bridge.ts';
import { errorBody } from '../../bridge/call-error.ts';
import { showError } from '../../state/notice-store.ts';
import { onDiskChange } from '../../state/pushes.ts';
import { useWorkspace } from '../../state/workspace-store.ts';
import { documentChanged, followDocument, forgetDocument } from '../language/document-sync.ts';
import { useDocuments } from './document-store.ts';
import { dropDraft, keepDraft, takeDraft } from './drafts.ts';
import { createLargeModel, languageOf, monaco } from './monaco.ts';
import { loadText, readText } from './read-text.ts';
import type { Head } from './read-text.ts';

export type TextModel = ReturnType<typeof monaco.editor.createModel>;

interface Document {
  readonly model: TextModel;
  savedVersion: number;
  users: number;
}

const open = new Map<string, Document>();
const opening = new Map<string, Promise<TextModel>>();

const workspacePath = (): string => useWorkspace.getState().view?.path ?? '';

/** URI of a workspace file inside Monaco. */
export const uriOf = (path: string): InstanceType<typeof monaco.Uri> =>
  monaco.Uri.from({ scheme: 'workspace', path: `/${path}` });
export const pathOf = (model: TextModel): string => model.uri.path.slice(1);

/**
 * The document's model; each caller ends with `releaseDocument`. `onHead` is told of a large file before, if it is
 * read now.
 * Throws CallError when the file cannot be read.
 */
export async function acquireDocument(path: string, onHead: (head: Head) => void): Promise<TextModel> {
  const present = open.get(path);
  if (present !== undefined) {
    present.users += 1;
    return present.model;
  }
  const pending = opening.get(path) ?? load(path, onHead);
  opening.set(path, pending);
  try {
    const model = await pending;
    const document = open.get(path);
    if (document !== undefined) document.users += 1;
    return model;
  } finally {
    opening.delete(path);
  }
}

async function load(path: string, onHead: (head: Head) => void): Promise<TextModel> {
  const workspace = workspacePath();
  const draft = await takeDraft(workspace, path);
  const disk = await loadText(workspace, path, onHead).catch((error: unknown) => {
    // unsaved work of a file that is gone is still work
    if (draft !== null && errorBody(error).code === 'NOT_FOUND')
      return { source: '', large: false, sha256: null, locked: false };
    throw error;
  });
  const { large } = disk;
  const model = (large ? createLargeModel : monaco.editor.createModel)(disk.source, languageOf(path), uriOf(path));
  const document: Document = { model, savedVersion: model.getAlternativeVersionId(), users: 0 };
  open.set(path, document);
  useDocuments.getState().put({ path, sha256: disk.sha256, locked: disk.locked, large, dirty: false, conflict: false });
  const keep = (): void =>
    keepDraft(workspace, path, large, () => {
      const state = useDocuments.getState().documents[path];
      return state?.dirty !== true
        ? null
        : { path, text: model.getValue(), base_sha256: state.sha256, saved_at: new Date().toISOString() };
    });
  model.onDidChangeContent(() => {
    const dirty = model.getAlternativeVersionId() !== document.savedVersion;
    useDocuments.getState().patch(path, { dirty });
    if (!large) documentChanged(path);
    if (dirty) keep();
    else dropDraft(workspace, path);
  });
  if (draft !== null && !disk.locked) {
    // On top of the disk's text, so that undo leads back to it.
    model.pushEditOperations([], [{ range: model.getFullModelRange(), text: draft.text }], () => null);
    if (draft.base_sha256 !== disk.sha256 && useDocuments.getState().documents[path]?.dirty === true)
      useDocuments.getState().patch(path, { conflict: disk.sha256 !== null });
  }
  if (!large)
    followDocument(workspace, path, () =>
      useDocuments.getState().documents[path]?.dirty === true ? model.getValue() : null,
    );
  return model;
}

export function releaseDocument(path: string): void {
  const document = open.get(path);
  if (document === undefined) return;
  document.users -= 1;
  // Unsaved work outlives its tab: it comes back when the file is opened again.
  if (document.users > 0 || useDocuments.getState().documents[path]?.dirty === true) return;
  open.delete(path);
  forgetDocument(path);
  useDocuments.getState().drop(path);
  document.model.dispose();
}

/** Saves; when the disk holds something else, marks the conflict and leaves both as they are. */
export async function saveDocument(path: string, force = false): Promise<void> {
  const document = open.get(path);
  const state = useDocuments.getState().documents[path];
  if (document === undefined || state === undefined || state.locked) return;
  const version = document.model.getAlternativeVersionId();
  const workspace = workspacePath();
  try {
    const expected = force
      ? await readText(workspace, path).then(
          (read) => read.sha256,
          () => null,
        )
      : state.sha256;
    const { sha256 } = await bridge.call('workspace.write', {
      workspace,
      path,
      text: document.model.getValue(),
      expect_sha256: expected,
    });
    document.savedVersion = version;
    useDocuments
      .getState()
      .patch(path, { sha256, conflict: false, dirty: document.model.getAlternativeVersionId() !== version });
    settled(path);
  } catch (error) {
    if (errorBody(error).code === 'FILE_CHANGED') useDocuments.getState().patch(path, { conflict: true });
    else showError(error);
  }
}

/** Editor and disk agree again: nothing is left to restore, and main reads the disk. */
function settled(path: string): void {
  if (useDocuments.getState().documents[path]?.dirty === true) return;
  dropDraft(workspacePath(), path);
  documentChanged(path);
}

/** Takes the disk's text; what the editor held stays reachable by undo. */
export async function reloadDocument(path: string): Promise<void> {
  const document = open.get(path);
  if (document === undefined) return;
  const { text, sha256 } = await readText(workspacePath(), path);
  document.model.pushStackElement();
  document.model.pushEditOperations([], [{ range: document.model.getFullModelRange(), text }], () => null);
  document.model.pushStackElement();
  document.savedVersion = document.model.getAlternativeVersionId();
  useDocuments.getState().patch(path, { sha256, dirty: false, conflict: false });
  settled(path);
}

async function noticeDiskChange(path: string): Promise<void> {
  const state = useDocuments.getState().documents[path];
  const document = open.get(path);
  if (state === undefined || document === undefined) return;
  const disk = await readText(workspacePath(), path).catch(() => null);
  if (disk === null) {
    useDocuments.getState().patch(path, { sha256: null, dirty: true });
    return;
  }
  if (disk.sha256 === state.sha256) return;
  if (disk.text === document.model.getValue()) {
    document.savedVersion = document.model.getAlternativeVersionId();
    useDocuments.getState().patch(path, { sha256: disk.sha256, dirty: false, conflict: false });
    settled(path);
  } else if (state.dirty) useDocuments.getState().patch(path, { conflict: true });
  else await reloadDocument(path);
}

onDiskChange(({ paths, anywhere }) => {
  for (const path of anywhere ? open.keys() : paths) if (open.has(path)) noticeDiskChange(path).catch(showError);
});
