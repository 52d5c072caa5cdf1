// Tells main's language worker what an open document holds while it differs from the disk, and keeps its outline
// current.
import { bridge } from '../../bridge/bridge.ts';
import { forgetTyped, lintAfterPause } from './live-lint.ts';
import { refreshOutline, useOutlines } from './outline-store.ts';

const PAUSE_MS = 120;
const LANGUAGE = /\.(sv|svh|v|vh|vhd|vhdl)$/i;

interface Followed {
  readonly workspace: string;
  /** the text as it is now; null: as on disk */
  text(): string | null;
  timer: ReturnType<typeof setTimeout> | undefined;
  stale: boolean;
}

const followed = new Map<string, Followed>();

export const hasLanguage = (path: string): boolean => LANGUAGE.test(path);

export function followDocument(workspace: string, path: string, text: () => string | null): void {
  if (!hasLanguage(path)) return;
  followed.set(path, { workspace, text, timer: undefined, stale: true });
  void settleDocument(path);
}

/** The document changed: main learns of it after a pause, or when it is asked something about it. */
export function documentChanged(path: string): void {
  const document = followed.get(path);
  if (document === undefined) return;
  document.stale = true;
  clearTimeout(document.timer);
  document.timer = setTimeout(() => void settleDocument(path), PAUSE_MS);
  lintAfterPause(document.workspace, path, unsavedTexts);
}

/** Main knows the present text when this ends; a failure leaves the last answer standing. */
export async function settleDocument(path: string): Promise<void> {
  const document = followed.get(path);
  if (document?.stale !== true) return;
  document.stale = false;
  clearTimeout(document.timer);
  try {
    await bridge.call('language.update', { workspace: document.workspace, path, text: document.text() });
    await refreshOutline(document.workspace, path);
  } catch {
    document.stale = true;
  }
}

/** What differs from the disk, of documents with a language. */
const unsavedTexts = (): { path: string; text: string }[] =>
  [...followed].flatMap(([path, { text }]) => {
    const now = text();
    return now === null ? [] : [{ path, text: now }];
  });

export function forgetDocument(path: string): void {
  const document = followed.get(path);
  if (document === undefined) return;
  clearTimeout(document.timer);
  followed.delete(path);
  forgetTyped(path);
  useOutlines.getState().drop(path);
  bridge.call('language.update', { workspace: document.workspace, path, text: null }).catch(() => undefined);
}
