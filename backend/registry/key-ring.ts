// The registry's keys over their rotations: which one signs now, and what each vouches for. Who trusts one of them
// follows the vouchers to the present one, and from there to those that still count for what they signed.
import { generateKeyPairSync, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { KeyVoucher, voucherText, type RegistryKeys } from '@genrtl/contracts';
import { writeAtomic } from '@genrtl/disk/records.ts';
import { KEY_FILE, openSigningKey } from './sign.ts';

const RING_FILE = 'cbb-signing-keys.json';
const Ring = z.object({ schema_version: z.literal(1), vouchers: z.array(KeyVoucher) });

/** Read anew each time: another process may have rotated. */
export async function readKeyRing(secretFolder: string): Promise<RegistryKeys> {
  const { publicKey } = await openSigningKey(secretFolder);
  return { current: publicKey, vouchers: await readVouchers(secretFolder) };
}

async function readVouchers(folder: string): Promise<KeyVoucher[]> {
  const text = await readFile(join(folder, RING_FILE), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? [] : Ring.parse(JSON.parse(text)).vouchers;
}

/**
 * Makes a new key. The old one vouches for it, so that clients follow; the new one vouches for the old one, so that
 * packages of before stay deliverable, unless `distrust` says that it may be in other hands: then no key of before
 * counts any more for those who have seen the new one. Returns both public keys.
 */
export async function rotateKey(
  secretFolder: string,
  { distrust = false }: { readonly distrust?: boolean } = {},
): Promise<{ readonly old: string; readonly current: string }> {
  const old = await openSigningKey(secretFolder);
  const pair = generateKeyPairSync('ed25519');
  const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const current = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const next = { as: 'next', by: old.publicKey, public_key: current } as const;
  const before = { as: 'before', by: current, public_key: old.publicKey } as const;
  const forward: KeyVoucher = { ...next, signature: old.sign(Buffer.from(voucherText(next))) };
  const back: KeyVoucher = {
    ...before,
    signature: sign(null, Buffer.from(voucherText(before)), pair.privateKey).toString('base64'),
  };
  const vouchers = [...(await readVouchers(secretFolder)), forward, ...(distrust ? [] : [back])];
  // First who vouches for it, then the key: interrupted, a key that nobody has is vouched for, and the old one signs
  // on.
  const ring = { schema_version: 1, vouchers } satisfies z.infer<typeof Ring>;
  await writeAtomic(join(secretFolder, RING_FILE), `${JSON.stringify(ring, null, 2)}\n`, 0o600);
  await writeAtomic(join(secretFolder, KEY_FILE), pem, 0o600);
  return { old: old.publicKey, current };
}
