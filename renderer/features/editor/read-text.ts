// A file's text from main in parts, each taken up in a frame of its own: 25 MB arrive without a frozen page.
import { PieceTreeTextBufferBuilder } from 'monaco-editor/editor/common/model/pieceTreeTextBuffer/pieceTreeTextBufferBuilder.js';
import { bridge } from '../../bridge/bridge.ts';

/** Above this an editor goes without language features, folding and the like, and drafts are written less often. */
export const LARGE_CHARS = 4_000_000;

export interface LoadedText {
  /** what `createModel` takes: the text, or a buffer of it when it came in parts */
  readonly source: string;
  readonly size: number;
  readonly sha256: string;
  readonly locked: boolean;
}

/** Throws CallError: NOT_FOUND, FILE_CHANGED (it was written meanwhile), REQUEST_INVALID. */
export async function loadText(workspace: string, path: string): Promise<LoadedText> {
  const first = await bridge.call('workspace.read_part', { workspace, path, offset: 0, stamp: null });
  if (first.sha256 !== null) return { source: first.text, size: first.text.length, sha256: first.sha256, locked: first.locked };
  const builder = new PieceTreeTextBufferBuilder();
  let part = first;
  let size = first.text.length;
  while (part.sha256 === null) {
    // asked for before the present one is taken up: main reads while the page works
    const next = bridge.call('workspace.read_part', { workspace, path, offset: part.next_offset, stamp: first.stamp });
    builder.acceptChunk(part.text);
    part = await next;
    size += part.text.length;
  }
  builder.acceptChunk(part.text);
  return { source: builder.finish(true), size, sha256: part.sha256, locked: part.locked };
}

/** The whole text as one string, for who compares it. */
export async function readText(workspace: string, path: string): Promise<{ text: string; sha256: string }> {
  let text = '';
  let stamp: string | null = null;
  for (let offset = 0; ;) {
    const part: Awaited<ReturnType<typeof bridge.call<'workspace.read_part'>>> = await bridge.call('workspace.read_part', { workspace, path, offset, stamp });
    text += part.text;
    if (part.sha256 !== null) return { text, sha256: part.sha256 };
    ({ next_offset: offset, stamp } = part);
  }
}
