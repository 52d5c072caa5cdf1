// Tells main's language worker what an open document holds while it differs from the disk, and keeps its outline
// current.
import { bridge } from '../../bridge/bridge.ts';
import { forgetTyped, lintAfterPause } from './live-lint.ts';
import { refreshOutline, useOutlines } from './outline-store.ts';

/** Within a word the next key comes sooner, on a slow machine or in a long text main is told after longer pauses. */
const PAUSE_MS = { least: 50, most: 500 };
const LANGUAGE = /\.(sv|svh|v|vh|vhd|vhdl)$/i;

interface Followed {
  readonly workspace: string;
  /** the text as it is now; null: as on disk */
  text(): string | null;
  timer: ReturnType<typeof setTimeout> | undefined;
  stale: boolean;
  /** the text that is on its way to main */
  telling: Promise<void> | null;
  /** the outline of it, which comes after */
  outlining: Promise<void>;
  /** how long main took the last time, outline included */
  tookMs: number;
}

const followed = new Map<string, Followed>();

export const hasLanguage = (path: string): boolean => LANGUAGE.test(path);

export function followDocument(workspace: string, path: string, text: () => string | null): void {
  if (!hasLanguage(path)) return;
  const outlining = Promise.resolve();
  followed.set(path, { workspace, text, timer: undefined, stale: true, telling: null, outlining, tookMs: 0 });
  void settleDocument(path);
}

/** The document changed: main learns of it after a pause, or when it is asked something about it. */
export function documentChanged(path: string): void {
  const document = followed.get(path);
  if (document === undefined) return;
  document.stale = true;
  clearTimeout(document.timer);
  const pauseMs = Math.min(PAUSE_MS.most, Math.max(PAUSE_MS.least, document.tookMs));
  document.timer = setTimeout(() => void settleDocument(path), pauseMs);
  lintAfterPause(document.workspace, path, unsavedTexts);
}

/**
 * Main knows the present text when this ends, also when somebody else is telling it just now: a question must not
 * overtake the text that it is about. A failure leaves the last answer standing.
 */
export async function settleDocument(path: string): Promise<void> {
  const document = followed.get(path);
  if (document === undefined) return;
  // what is on its way may be older than what stands in the editor now
  await document.telling;
  if (!document.stale) return document.telling ?? undefined;
  document.stale = false;
  clearTimeout(document.timer);
  document.telling = tell(document, path).finally(() => {
    document.telling = null;
  });
  await document.telling;
}

/** As settleDocument, and the outline is that of the text. */
export async function settleOutline(path: string): Promise<void> {
  await settleDocument(path);
  await followed.get(path)?.outlining;
}

async function tell(document: Followed, path: string): Promise<void> {
  const since = performance.now();
  try {
    await bridge.call('language.update', { workspace: document.workspace, path, text: document.text() });
  } catch {
    document.stale = true;
    return;
  }
  // one after the other: the outline of an older text never comes last
  document.outlining = document.outlining.then(async () => {
    await refreshOutline(document.workspace, path).catch(() => {
      document.stale = true;
    });
    document.tookMs = performance.now() - since;
  });
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
