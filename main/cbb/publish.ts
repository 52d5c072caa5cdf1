// Publishing a package's folder: packed here, verified by the backend, which alone decides.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { create } from 'tar';
import { CbbManifest, GenrtlError, type CbbVisibility, type Publication } from '@genrtl/contracts';
import type { BackendClient } from '../cloud/backend-client.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

export type PublishClient = Pick<BackendClient, 'putBytes' | 'publish'>;

export interface PublishOptions {
  /** of a package that is not there yet */
  readonly visibility?: CbbVisibility;
  readonly signal?: AbortSignal;
  /** told when the gate comes to its next part */
  readonly onPart?: (part: string) => void;
}

/**
 * Sends the folder and waits until the backend has verified it. CBB_GATE_FAILED, with `details.findings`, for a folder
 * that is no package or does not pass; CANCELLED.
 */
export async function publishFolder(
  folder: string,
  client: PublishClient,
  options: PublishOptions = {},
): Promise<Publication> {
  await requireManifest(folder);
  const archive = await client.putBytes(await packFolder(folder));
  for (let part: string | null = null; ; ) {
    const publication = await client.publish(archive, options.signal, options.visibility);
    if (publication.status !== 'verifying') return publication;
    if (publication.part !== null && publication.part !== part) options.onPart?.(publication.part);
    part = publication.part;
  }
}

/** A folder that is no package is refused here, before anything is sent. */
async function requireManifest(folder: string): Promise<void> {
  const text = await readRegular(path.join(folder, 'manifest.json'), 'utf8').catch((cause: unknown) => {
    throw new GenrtlError('CBB_GATE_FAILED', `${folder} is no package: it has no manifest.json.`, { cause });
  });
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch (cause) {
    throw new GenrtlError('CBB_GATE_FAILED', 'manifest.json is not JSON.', { cause });
  }
  const parsed = CbbManifest.safeParse(manifest);
  if (parsed.success) return;
  const findings = parsed.error.issues.map((issue) => `manifest.json: ${issue.path.join('.')}: ${issue.message}`);
  throw new GenrtlError('CBB_GATE_FAILED', `${findings[0] ?? 'manifest.json is invalid'}.`, { details: { findings } });
}

/** A tar.gz of the folder's files, sorted and without times and owners: the same folder is the same blob. */
async function packFolder(folder: string): Promise<Buffer> {
  const files = await listFiles(folder, '');
  const chunks: Buffer[] = [];
  for await (const chunk of create(
    { cwd: folder, gzip: true, portable: true, mtime: new Date(0), noDirRecurse: true },
    files,
  ))
    chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/**
 * Hidden files and the evidence of an earlier run stay here. Links go along and are refused by the backend, which says
 * so.
 */
async function listFiles(folder: string, under: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(path.join(folder, under), { withFileTypes: true })) {
    const name = under === '' ? entry.name : `${under}/${entry.name}`;
    if (entry.name.startsWith('.') || name === 'evidence.json') continue;
    if (entry.isDirectory()) found.push(...(await listFiles(folder, name)));
    else found.push(name);
  }
  return found.sort();
}
