// Reads a package archive in memory. Nothing of it reaches the disk before the whole of it was found harmless.
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { CbbManifest, GenrtlError } from '@genrtl/contracts';
import { Parser } from 'tar';

export interface PackageFile {
  /** relative to the package's folder */
  readonly path: string;
  readonly bytes: Buffer;
}

export interface PackageContents {
  readonly manifest: CbbManifest;
  /** sorted by path */
  readonly files: readonly PackageFile[];
}

/** Wider than the registry's own publishing limits, so that those may grow. */
export const LIMITS = {
  archiveBytes: 64 * 1024 * 1024,
  unpackedBytes: 128 * 1024 * 1024,
  fileBytes: 32 * 1024 * 1024,
  files: 2000,
  pathLength: 240,
  depth: 12,
} as const;

const inflate = promisify(gunzip);

/** Throws CBB_ARCHIVE_INVALID and says why. */
export async function readPackage(
  archive: Buffer,
  expected: { cbb_id: string; version: string },
): Promise<PackageContents> {
  const files = await unpack(archive);
  const manifest = parseManifest(files);
  if (manifest.cbb_id !== expected.cbb_id || manifest.version !== expected.version) {
    throw invalid(`it holds ${manifest.cbb_id} ${manifest.version}, not ${expected.cbb_id} ${expected.version}`);
  }
  const present = new Set(files.map((file) => file.path));
  const named = [...manifest.filesets.rtl, ...manifest.filesets.tb];
  const missing = named.find((file) => !present.has(file));
  if (missing !== undefined) throw invalid(`its manifest names ${JSON.stringify(missing)}, which is not in it`);
  const odd = manifest.include_dirs.find((dir) => dir !== '.' && !isPlainPath(dir));
  if (odd !== undefined) throw invalid(`its include folder ${JSON.stringify(odd)} leads out of it`);
  return { manifest, files };
}

async function unpack(archive: Buffer): Promise<PackageFile[]> {
  const plain = await inflate(archive, { maxOutputLength: LIMITS.unpackedBytes }).catch((cause: unknown) => {
    throw invalid('it is no gzip file, or unpacks to too much', cause);
  });
  const files = new Map<string, PackageFile>();
  let refusal: GenrtlError | null = null;
  const refuse = (why: string, cause?: unknown): void => {
    refusal ??= invalid(why, cause);
  };
  const parser = new Parser({
    strict: true,
    maxMetaEntrySize: 64 * 1024,
    onReadEntry(entry) {
      const name = entry.path;
      const shown = JSON.stringify(name.slice(0, 200));
      if (entry.type === 'Directory' && isPlainPath(name.replace(/\/$/, ''))) {
        entry.resume();
        return;
      }
      // file systems that ignore letter case would make one file of two
      const key = name.normalize('NFC').toLowerCase();
      if (entry.type !== 'File' && entry.type !== 'OldFile') refuse(`${shown} is a ${entry.type}`);
      else if (!isPlainPath(name)) refuse(`${shown} is no plain relative path`);
      else if (files.has(key)) refuse(`${shown} stands in it twice`);
      else if (entry.size > LIMITS.fileBytes)
        refuse(`${shown} has ${entry.size} bytes, the limit is ${LIMITS.fileBytes}`);
      else if (files.size >= LIMITS.files) refuse(`it holds more than ${LIMITS.files} files`);
      if (refusal !== null) {
        entry.resume();
        return;
      }
      const chunks: Buffer[] = [];
      files.set(key, { path: name, bytes: Buffer.alloc(0) });
      entry.on('data', (chunk: Buffer) => chunks.push(chunk));
      entry.on('end', () => files.set(key, { path: name, bytes: Buffer.concat(chunks) }));
    },
  });
  await new Promise<void>((resolve) => {
    parser.on('error', (cause: unknown) => {
      refuse('it is damaged', cause);
      resolve();
    });
    parser.on('end', () => resolve());
    try {
      parser.end(plain);
    } catch (cause) {
      refuse('it is damaged', cause);
      resolve();
    }
  });
  if (refusal !== null) throw refusal as GenrtlError;
  const sorted = [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  const clash = sorted.find((file) =>
    sorted.some((other) => other.path.toLowerCase().startsWith(`${file.path.toLowerCase()}/`)),
  );
  if (clash) throw invalid(`${clash.path} is both a file and a folder`);
  return sorted;
}

function parseManifest(files: readonly PackageFile[]): CbbManifest {
  const file = files.find((each) => each.path === 'manifest.json');
  if (!file) throw invalid('it has no manifest.json');
  try {
    return CbbManifest.parse(JSON.parse(file.bytes.toString('utf8')));
  } catch (cause) {
    throw invalid('its manifest.json is no valid manifest', cause);
  }
}

/** Letters, digits and `_ . + -` only: harmless on every file system and in every tool's file list. */
function isPlainPath(name: string): boolean {
  if (name.length === 0 || name.length > LIMITS.pathLength) return false;
  const parts = name.split('/');
  return parts.length <= LIMITS.depth && parts.every((part) => /^[\w.+-]{1,128}$/.test(part) && !/^\.+$/.test(part));
}

function invalid(why: string, cause?: unknown): GenrtlError {
  return new GenrtlError('CBB_ARCHIVE_INVALID', `The package archive is refused: ${why}.`, { cause });
}
