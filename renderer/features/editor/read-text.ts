// A file's text from main in parts, each taken up in a frame of its own: 25 MB arrive without a frozen page.
import { PieceTreeTextBufferBuilder } from 'monaco-editor/editor/common/model/pieceTreeTextBuffer/pieceTreeTextBufferBuilder.js';
import { bridge } from '../../bridge/bridge.ts';

type Part = Awaited<ReturnType<typeof bridge.call<'workspace.read_part'>>>;

/** Parts on their way at once: main reads while the page takes up another. */
const AHEAD = 3;
/** Above this an editor goes without language features, folding and the like, and drafts are written less often. */
const LARGE_BYTES = 4_000_000;

/** A smaller file is on the screen sooner when nothing is drawn before it is whole. */
const HEAD_FROM_BYTES = 8_000_000;

/** What is known of a file that comes in parts, once the first is here. */
export interface Head {
  /** the first lines, to be shown meanwhile; null when the rest is here in no time */
  readonly text: string | null;
  readonly large: boolean;
}

export interface LoadedText {
  /** what `createModel` takes: the text, or a buffer of it when it came in parts */
  readonly source: string;
  readonly large: boolean;
  readonly sha256: string;
  readonly locked: boolean;
}

/** When the head is on the screen: what else arrives would hold it up. A page that is not looked at draws no frames. */
function drawn(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 200);
  });
}

/**
 * `onHead` is told of a file that comes in parts.
 * Throws CallError: NOT_FOUND, FILE_CHANGED (it was written meanwhile), REQUEST_INVALID.
 */
export async function loadText(workspace: string, path: string, onHead: (head: Head) => void): Promise<LoadedText> {
  const first = await bridge.call('workspace.read_part', { workspace, path, offset: 0, stamp: null });
  if (first.sha256 !== null) return { source: first.text, large: false, sha256: first.sha256, locked: first.locked };
  const asked: Promise<Part>[] = [];
  let offset = first.next_offset;
  const askNext = (): void => {
    if (offset >= first.size_bytes) return;
    const part = bridge.call('workspace.read_part', { workspace, path, offset, stamp: first.stamp });
    part.catch(() => undefined); // told by the one that is waited for
    asked.push(part);
    offset += first.part_bytes;
  };
  const large = first.size_bytes > LARGE_BYTES;
  const long = first.size_bytes > HEAD_FROM_BYTES;
  if (!long) for (let count = 0; count < AHEAD; count += 1) askNext();
  onHead({ text: long ? first.text : null, large });
  if (long) await drawn();
  for (let count = 0; count < AHEAD; count += 1) askNext();
  const builder = new PieceTreeTextBufferBuilder();
  builder.acceptChunk(first.text);
  let sha256 = '';
  for (let next = asked.shift(); next !== undefined; next = asked.shift()) {
    const part = await next;
    askNext();
    builder.acceptChunk(part.text);
    sha256 = part.sha256 ?? sha256;
  }
  return { source: builder.finish(true), large, sha256, locked: first.locked };
}

/** The whole text as one string, for who compares it. */
export async function readText(workspace: string, path: string): Promise<{ text: string; sha256: string }> {
  let text = '';
  let stamp: string | null = null;
  for (let offset = 0; ; ) {
    const part: Part = await bridge.call('workspace.read_part', { workspace, path, offset, stamp });
    text += part.text;
    if (part.sha256 !== null) return { text, sha256: part.sha256 };
    ({ next_offset: offset, stamp } = part);
  }
}
