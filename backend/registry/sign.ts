// The registry's signing key: Ed25519, made once in the backend's secret folder; detached signatures over archives.
import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GenrtlError } from '@genrtl/contracts';

export const KEY_FILE = 'cbb-signing-key.pem';

export interface SigningKey {
  /** base64 of the DER-encoded SPKI, as deliveries carry it */
  readonly publicKey: string;
  /** base64 detached signature */
  sign(bytes: Uint8Array): string;
}

/**
 * Reads the key, or makes it; of several processes that start at once exactly one makes it. The file is readable by its
 * owner only.
 */
export async function openSigningKey(secretFolder: string): Promise<SigningKey> {
  const path = join(secretFolder, KEY_FILE);
  await mkdir(secretFolder, { recursive: true, mode: 0o700 });
  const pem = (await readIfPresent(path)) ?? (await createKey(secretFolder, path));
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (cause) {
    throw new GenrtlError('BACKEND_START_FAILED', `The signing key of the registry in ${path} cannot be read.`, {
      hint: 'Restore the file, or move it away to have a new key made; packages published before keep their old signature.',
      cause,
    });
  }
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
  return { publicKey, sign: (bytes) => sign(null, bytes, key).toString('base64') };
}

/** False for a wrong signature and for anything that is no Ed25519 key or no base64. */
export function verifySignature(bytes: Uint8Array, signature: string, publicKey: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519' && verify(null, bytes, key, Buffer.from(signature, 'base64'));
  } catch {
    return false;
  }
}

/** Written beside, synced and linked: a link never replaces, so the first process wins and the others read its key. */
async function createKey(folder: string, path: string): Promise<string> {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  const temporary = join(folder, `.${KEY_FILE}.${randomUUID()}`);
  const file = await open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(pem);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(temporary, path);
    return pem.toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return await readFile(path, 'utf8');
  } finally {
    await rm(temporary, { force: true });
  }
}

async function readIfPresent(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
