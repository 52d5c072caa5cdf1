// A package as it lies in a folder: its manifest and its files, read whole. What belongs into the archive is decided
// here.
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { CbbManifest, GenrtlError } from '@genrtl/contracts';

export interface PackageFile {
  /** relative to the package, forward slashes */
  readonly path: string;
  readonly bytes: Buffer;
}

export interface PackageSource {
  readonly manifest: CbbManifest;
  /** sorted by path; without the evidence, which is about the package and not part of it */
  readonly files: readonly PackageFile[];
}

/** The gate's result, kept beside the sources and outside the archive. */
export const EVIDENCE_FILE = 'evidence.json';
export const MANIFEST_FILE = 'manifest.json';
/** Sources, benches and scripts of a package are text; more than this is no package of ours. */
export const MAX_FILE_BYTES = 1_000_000;
export const MAX_FILES = 500;

/**
 * Reads a package folder. Throws CBB_GATE_FAILED for what can be no package: links, devices, a missing or unreadable
 * manifest, too much of anything.
 */
export async function readPackage(folder: string): Promise<PackageSource> {
  const paths = await listFiles(folder, '');
  const files = await Promise.all(
    paths
      .filter((path) => path !== EVIDENCE_FILE)
      .map(async (path) => ({ path, bytes: await readFile(join(folder, path)) })),
  );
  return { manifest: readManifest(files, basename(folder)), files };
}

/** The manifest among a package's files. Throws CBB_GATE_FAILED. */
export function readManifest(files: readonly PackageFile[], name: string): CbbManifest {
  const file = files.find((candidate) => candidate.path === MANIFEST_FILE);
  if (file === undefined) throw refuse(name, `${MANIFEST_FILE} is missing`);
  let json: unknown;
  try {
    json = JSON.parse(file.bytes.toString('utf8'));
  } catch (cause) {
    throw refuse(name, `${MANIFEST_FILE} is not JSON`, cause);
  }
  const parsed = CbbManifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw refuse(
    name,
    `${MANIFEST_FILE} is invalid at ${issue?.path.join('.') ?? 'its root'}: ${issue?.message ?? 'wrong shape'}`,
  );
}

/**
 * sha256 over paths and contents. The manifest's `verification` does not count: it is what the gate found out about
 * this very source, and writing it down must not make the evidence stale.
 */
export function sourceHash(source: PackageSource): string {
  const { verification: _measured, ...claimed } = source.manifest;
  const hash = createHash('sha256');
  for (const file of source.files) {
    const bytes = file.path === MANIFEST_FILE ? Buffer.from(JSON.stringify(claimed)) : file.bytes;
    hash.update(`${file.path}\0${bytes.byteLength}\0`).update(bytes);
  }
  return hash.digest('hex');
}

/**
 * sha256 over what benches and their strength depend on: RTL, benches with their data and parameter sets, and which of
 * them the manifest names. Words about the package do not count.
 */
export function simulationHash(source: PackageSource): string {
  const { toplevel, parameters, filesets, include_dirs, entrypoints } = source.manifest;
  const hash = createHash('sha256').update(
    JSON.stringify({ toplevel, parameters: parameters.map(({ name }) => name), filesets, include_dirs, entrypoints }),
  );
  const folders = ['rtl', 'tb', ...include_dirs].map((folder) => `${folder}/`);
  for (const { path, bytes } of source.files) {
    if (folders.some((folder) => path.startsWith(folder)) || [...filesets.rtl, ...filesets.tb].includes(path))
      hash.update(`${path}\0${bytes.byteLength}\0`).update(bytes);
  }
  return hash.digest('hex');
}

async function listFiles(folder: string, under: string): Promise<string[]> {
  const found: string[] = [];
  const entries = await readdir(join(folder, under), { withFileTypes: true });
  for (const entry of entries) {
    const path = under === '' ? entry.name : `${under}/${entry.name}`;
    if (entry.isDirectory()) {
      found.push(...(await listFiles(folder, path)));
    } else if (entry.isFile()) {
      const { size } = await lstat(join(folder, path));
      if (size > MAX_FILE_BYTES) throw refuse(basename(folder), `${path} is larger than ${MAX_FILE_BYTES} bytes`);
      found.push(path);
    } else {
      throw refuse(basename(folder), `${path} is neither a file nor a folder; links are not packed`);
    }
    if (found.length > MAX_FILES) throw refuse(basename(folder), `there are more than ${MAX_FILES} files`);
  }
  return found.sort(byCodeUnit);
}

/** The order of an archive: by code unit, whatever the locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function refuse(name: string, what: string, cause?: unknown): GenrtlError {
  return new GenrtlError('CBB_GATE_FAILED', `${name}: ${what}.`, { cause });
}
