// Cuts a tool's output into clean lines at memory-copy speed: constant memory, any bytes, any chunk borders.
// Lines reach the parser without ANSI codes, carriage returns or line ends; bytes that are no UTF-8 are read as
// Latin-1, and UTF-16 (what PowerShell's `>` writes) is known by its mark.
import { isAscii } from 'node:buffer';
import type { LogParser } from '../adapter.ts';

/**
 * Longer lines keep their head only: no tool's diagnostic is longer, and a flood without line ends must not fill the
 * memory.
 */
export const MAX_LINE_CHARS = 64 * 1024;

const ESCAPES = /\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_=>])/g;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

export interface LineFeed {
  push(chunk: Uint8Array): void;
  /** hands over a cut-off last line and ends the parser */
  end(): void;
}

/** Feeds the lines of a byte stream to a parser. */
export function feedLines(parser: LogParser): LineFeed {
  const bytes = feedBytes(parser);
  let head: Uint8Array | null = new Uint8Array(0);
  let wide: TextDecoder | null = null;
  const start = (first: Uint8Array): void => {
    head = null;
    const [a, b, c] = first;
    if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) {
      wide = new TextDecoder(a === 0xff ? 'utf-16le' : 'utf-16be');
      bytes.push(Buffer.from(wide.decode(first, { stream: true })));
    } else bytes.push(a === 0xef && b === 0xbb && c === 0xbf ? first.subarray(3) : first);
  };
  return {
    push(chunk) {
      if (wide !== null) bytes.push(Buffer.from(wide.decode(chunk, { stream: true })));
      else if (head === null) bytes.push(chunk);
      else {
        const first: Uint8Array = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
        if (first.length < 3) head = Uint8Array.from(first);
        else start(first);
      }
    },
    end() {
      if (head !== null && head.length > 0) start(head);
      if (wide !== null) bytes.push(Buffer.from(wide.decode()));
      bytes.end();
    },
  };
}

function feedBytes(parser: LogParser): LineFeed {
  // One character per byte throughout: searching and slicing such strings costs what memchr and a pointer cost.
  let rest = '';
  let restHasHighBytes = false;

  const clean = (line: string, hasEscapes: boolean, hasReturns: boolean, hasHighBytes: boolean): void => {
    let text = hasHighBytes ? decode(line) : line;
    if (hasEscapes && text.includes('\x1b')) text = text.replace(ESCAPES, '');
    if (hasReturns) text = withoutReturns(text);
    if (!hasReturns || !text.includes('\r')) {
      parser.line(text);
      return;
    }
    // A carriage return inside a line overwrites it on a terminal; in a log every state is worth a look.
    for (const part of text.split('\r')) if (part !== '') parser.line(part);
  };

  return {
    push(chunk) {
      const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
      const hasEscapes = text.includes('\x1b') || rest.includes('\x1b');
      const hasReturns = text.includes('\r') || rest.includes('\r');
      const hasHighBytes = !isAscii(chunk) || restHasHighBytes;
      const dirty = hasEscapes || hasReturns || hasHighBytes;
      let start = 0;
      let end = text.indexOf('\n');
      if (rest !== '' && end !== -1) {
        const head = rest + text.slice(0, Math.min(end, MAX_LINE_CHARS));
        clean(
          head.length > MAX_LINE_CHARS ? head.slice(0, MAX_LINE_CHARS) : head,
          hasEscapes,
          hasReturns,
          hasHighBytes,
        );
        rest = '';
        start = end + 1;
        end = text.indexOf('\n', start);
      }
      while (end !== -1) {
        const line = text.slice(start, end - start > MAX_LINE_CHARS ? start + MAX_LINE_CHARS : end);
        if (dirty) clean(line, hasEscapes, hasReturns, hasHighBytes);
        else parser.line(line);
        start = end + 1;
        end = text.indexOf('\n', start);
      }
      if (start < text.length && rest.length < MAX_LINE_CHARS) {
        rest = flat(rest + text.slice(start, start + MAX_LINE_CHARS - rest.length));
      }
      restHasHighBytes = hasHighBytes && rest !== '';
    },
    end() {
      if (rest !== '') clean(rest, true, true, true);
      rest = '';
      parser.end();
    },
  };
}

/** Windows' line end; more than one stems from tools that translate twice. */
function withoutReturns(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 13) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** A copy that does not keep the chunk it was cut from alive. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

function decode(bytes: string): string {
  const buffer = Buffer.from(bytes, 'latin1');
  if (isAscii(buffer)) return bytes;
  try {
    return strictUtf8.decode(buffer);
  } catch {
    return bytes;
  }
}
