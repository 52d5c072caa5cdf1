// Bytes of a text file as text: UTF-8, or UTF-16 with its mark. Anything else is refused with what it seems to be and
// how to save it; guessing an encoding would turn one language's text into another's without a word.
import type { GenrtlError } from '@genrtl/contracts/errors.ts';
import { refusal } from './refusal.ts';

/** Throws SPEC_ENCODING for text in another encoding, SPEC_BINARY for what is no text. */
export function decodeText(name: string, bytes: Uint8Array): string {
  const marked = markedEncoding(bytes);
  try {
    const text = new TextDecoder(marked ?? 'utf-8', { fatal: true }).decode(bytes);
    // a document of another program may be of plain letters
    if (!text.includes('\0') && !/^\s*\{\\rtf\d/.test(text.slice(0, 100))) return text;
  } catch {
    if (marked !== undefined) throw refusal('SPEC_BINARY', name, `${name} begins like UTF-16 text but is damaged.`);
  }
  const kind = officeKind(bytes);
  if (kind !== undefined) throw refusal('SPEC_BINARY', name, `${name} is ${kind}, not a text file.`);
  if (isUnmarkedUtf16(bytes))
    throw encodingError(name, `${name} seems to be UTF-16 text without its byte order mark; such text is not guessed.`);
  if (isBinary(bytes)) throw refusal('SPEC_BINARY', name, `${name} is not a text file.`);
  const likely = likelyEncoding(bytes);
  throw encodingError(
    name,
    `${name} is text, but not UTF-8${likely === undefined ? '' : `; it seems to be ${likely}`}. Only UTF-8 and UTF-16 are read.`,
  );
}

function encodingError(name: string, message: string): GenrtlError {
  return refusal('SPEC_ENCODING', name, message);
}

function markedEncoding(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : undefined;
}

/** Documents of other programs that somebody named as text. */
export function officeKind(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  if (head.startsWith('\xd0\xcf\x11\xe0')) return 'an old Office document (.doc, .xls) or an encrypted one';
  if (head.startsWith('{\\rtf')) return 'an RTF document';
  if (head.startsWith('PK\x03\x04')) return 'an archive or an Office document';
  return head.startsWith('%PDF-') ? 'a PDF document' : undefined;
}

/** Looks at the start only: long enough to tell, short enough to cost nothing. */
const SAMPLE = 64 * 1024;

function isUnmarkedUtf16(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, SAMPLE);
  let [even, odd] = [0, 0];
  for (let at = 0; at < sample.length; at += 1) {
    if (sample[at] !== 0) continue;
    if (at % 2 === 0) even += 1;
    else odd += 1;
  }
  const half = sample.length / 2;
  return sample.length >= 8 && ((even > half * 0.3 && odd === 0) || (odd > half * 0.3 && even === 0));
}

/** NUL and 0xFF stand in no text of any encoding that is left; other control characters only by accident. */
function isBinary(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, SAMPLE);
  let strange = 0;
  for (const byte of sample) {
    if (byte === 0 || byte === 0xff) return true;
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d && byte !== 0x1b) strange += 1;
  }
  return strange > 2 && strange * 50 > sample.length;
}

const ONE_BYTE = 'Windows-1252 or another one-byte encoding';
const CANDIDATES: readonly (readonly [encoding: string, title: string, letters: RegExp])[] = [
  ['gb18030', 'GBK or GB18030 (Windows, simplified Chinese)', /[\u4e00-\u9fa5\u3000-\u303f\uff01-\uff5e]/g],
  ['shift_jis', 'Shift-JIS (Windows, Japanese)', /[\u3040-\u30ff\u4e00-\u9fa5\u3000-\u303f]/g],
  ['big5', 'Big5 (Windows, traditional Chinese)', /[\u4e00-\u9fa5\u3000-\u303f]/g],
  ['euc-kr', 'EUC-KR (Windows, Korean)', /[\uac00-\ud7a3]/g],
];

/** Letters of Western one-byte encodings stand alone among ASCII; those of two-byte ones come in rows. */
function isOneByte(bytes: Uint8Array): boolean {
  let [letters, alone] = [0, 0];
  for (const [at, byte] of bytes.entries()) {
    if (byte < 0x80) continue;
    letters += 1;
    if (byte >= 0xc0 && (bytes[at - 1] ?? 0) < 0x80 && (bytes[at + 1] ?? 0) < 0x80) alone += 1;
  }
  return letters > 0 && alone > letters / 2;
}

/** The first encoding in which everything beyond ASCII is a common letter of its language; else a Western one. */
function likelyEncoding(bytes: Uint8Array): string | undefined {
  if (isOneByte(bytes.subarray(0, SAMPLE))) return ONE_BYTE;
  for (const [encoding, title, letters] of CANDIDATES) {
    try {
      const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
      const foreign = text.replaceAll(/[\x00-\x7f]/g, '');
      if (foreign.length > 0 && (foreign.match(letters)?.length ?? 0) >= foreign.length * 0.95) return title;
    } catch {
      // not that one
    }
  }
  return bytes.some((byte) => byte >= 0x80) ? ONE_BYTE : undefined;
}
