// Archives: a package as bytes and back. The same source gives the same bytes on every machine, so that a version can
// be named by its hash; nothing of the file system but names and contents goes in.
import { gunzipSync, crc32 } from 'node:zlib';
import { GenrtlError } from '@genrtl/contracts';
import { Header, Parser } from 'tar';
import { byCodeUnit, MAX_FILE_BYTES, MAX_FILES } from './package-source.ts';
import type { PackageFile } from './package-source.ts';

const BLOCK = 512;
/** One fixed time for every entry: 2000-01-01. Zero would make some `tar -x` warn about implausibly old files. */
const EPOCH = new Date(Date.UTC(2000, 0, 1));
/** Longest stored block of deflate (RFC 1951, 3.2.4). */
const STORED_BLOCK = 0xffff;
const MAX_ARCHIVE_BYTES = 64 * 1024 * 1024;

/** A `tar.gz` (ustar) of the files: sorted, owned by 0:0, mode 755 for `.sh` and 644 for the rest. */
export function pack(files: readonly PackageFile[]): Buffer {
  const sorted = [...files].sort((a, b) => byCodeUnit(a.path, b.path));
  const parts: Buffer[] = [];
  for (const { path, bytes } of sorted) {
    const header = new Header({
      path,
      type: 'File',
      mode: path.endsWith('.sh') ? 0o755 : 0o644,
      uid: 0,
      gid: 0,
      uname: 'root',
      gname: 'root',
      size: bytes.byteLength,
      mtime: EPOCH,
    });
    const block = Buffer.alloc(BLOCK);
    // encode() answers whether the entry needs an extended header, which would carry more than we decide.
    if (header.encode(block, 0))
      throw new GenrtlError('CBB_GATE_FAILED', `The path ${path} is too long for a plain tar entry.`);
    parts.push(block, bytes, Buffer.alloc(padding(bytes.byteLength)));
  }
  parts.push(Buffer.alloc(2 * BLOCK));
  return gzipStored(Buffer.concat(parts));
}

/**
 * A gzip stream of stored blocks. A compressor's output changes from one release of zlib to the next, and with it the
 * hash of a version that must never change; packages are some tens of kilobytes, so the size does not matter.
 */
function gzipStored(data: Buffer): Buffer {
  // magic, method deflate, no flags, no time, no extra flags, unknown system (RFC 1952)
  const parts: Buffer[] = [Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255])];
  for (let start = 0; start < data.byteLength; start += STORED_BLOCK) {
    const chunk = data.subarray(start, start + STORED_BLOCK);
    const head = Buffer.alloc(5);
    head.writeUInt8(start + STORED_BLOCK >= data.byteLength ? 1 : 0, 0);
    head.writeUInt16LE(chunk.byteLength, 1);
    head.writeUInt16LE(chunk.byteLength ^ 0xffff, 3);
    parts.push(head, chunk);
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc32(data), 0);
  trailer.writeUInt32LE(data.byteLength % 2 ** 32, 4);
  return Buffer.concat([...parts, trailer]);
}

/**
 * The files of an archive, read into memory. Throws CBB_ARCHIVE_INVALID for links, devices, paths outside the package,
 * repeated paths and archives that are larger than a package can be.
 */
export async function unpack(archive: Buffer): Promise<PackageFile[]> {
  const files = new Map<string, Buffer>();
  let refusal: GenrtlError | null = null;
  const refuse = (what: string, cause?: unknown): void => {
    refusal ??= new GenrtlError('CBB_ARCHIVE_INVALID', `The archive is refused: ${what}.`, { cause });
  };
  const parser = new Parser({
    strict: true,
    maxMetaEntrySize: BLOCK * 4,
    onReadEntry(entry) {
      const path = entry.path;
      if (entry.type === 'Directory') {
        entry.resume();
        return;
      }
      if (entry.type !== 'File' && entry.type !== 'OldFile') refuse(`${JSON.stringify(path)} is a ${entry.type}`);
      else if (!isPlainPath(path)) refuse(`${JSON.stringify(path)} is no plain relative path`);
      else if (files.has(path)) refuse(`${path} stands in it twice`);
      else if (entry.size > MAX_FILE_BYTES) refuse(`${path} is larger than ${MAX_FILE_BYTES} bytes`);
      else if (files.size >= MAX_FILES) refuse(`it holds more than ${MAX_FILES} files`);
      if (refusal !== null) {
        entry.resume();
        return;
      }
      const chunks: Buffer[] = [];
      files.set(path, Buffer.alloc(0));
      entry.on('data', (chunk: Buffer) => chunks.push(chunk));
      entry.on('end', () => files.set(path, Buffer.concat(chunks)));
    },
  });
  await new Promise<void>((resolve) => {
    parser.on('error', (cause: unknown) => {
      refuse('it is damaged', cause);
      resolve();
    });
    parser.on('end', () => resolve());
    try {
      // Unzipped here and bounded, so that a small archive cannot grow without end.
      parser.end(gunzipSync(archive, { maxOutputLength: MAX_ARCHIVE_BYTES }));
    } catch (cause) {
      refuse('it is no gzip file of a sensible size', cause);
      resolve();
    }
  });
  if (refusal !== null) throw refusal as GenrtlError;
  return [...files].map(([path, bytes]) => ({ path, bytes })).sort((a, b) => byCodeUnit(a.path, b.path));
}

function isPlainPath(path: string): boolean {
  return (
    path.length <= 255 &&
    /^[\w.+-]+(\/[\w.+-]+)*$/.test(path) &&
    !path.split('/').some((part) => part === '.' || part === '..')
  );
}

function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}
