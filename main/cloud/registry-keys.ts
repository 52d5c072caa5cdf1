// The key that signs a hosted registry's packages is the one that was seen first, or the one that was named, and those
// that it vouches for when the registry changes its key; a delivery that comes with another one is refused. Kept in
// GENRTL_HOME, one key for each backend's address.
import { createPublicKey, verify } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { GenrtlError, voucherText } from '@genrtl/contracts';
import type { Delivery, KeyVoucher } from '@genrtl/contracts';
import { writeJson } from '@genrtl/disk/records.ts';
import { z } from 'zod';

export const REGISTRY_KEYS_FILE = 'registry-keys.json';
const RegistryKeys = z.object({
  schema_version: z.literal(1),
  /** base64 SPKI by the origin of the backend's address */
  keys: z.record(z.string(), z.string()),
});

export interface RegistryKeyOptions {
  readonly home: string;
  /** the backend's address */
  readonly url: string;
  /** GENRTL_REGISTRY_KEY: the only key that counts, nothing is remembered */
  readonly named?: string | undefined;
}

/** Throws CBB_SIGNATURE_INVALID for another key, and for a file of keys that cannot be read: it is not trusted anew. */
export async function requireRegistryKey(
  { home, url, named }: RegistryKeyOptions,
  deliveries: readonly Pick<Delivery, 'cbb_id' | 'version' | 'public_key' | 'registry'>[],
): Promise<void> {
  const file = path.join(home, REGISTRY_KEYS_FILE);
  const { origin } = new URL(url);
  for (const delivery of deliveries) {
    const known = named === undefined ? await readKeys(file) : { [origin]: named };
    const expected = known[origin];
    const now = presentKey(expected, delivery);
    if (now !== null) {
      // Once it was followed to the present key, only what that one vouches for counts.
      if (named === undefined && now !== expected)
        await writeJson(file, { schema_version: 1, keys: { ...known, [origin]: now } });
    } else {
      throw new GenrtlError(
        'CBB_SIGNATURE_INVALID',
        `${delivery.cbb_id} ${delivery.version} comes signed with another key than ${
          named === undefined ? `the packages of ${origin} before it` : 'GENRTL_REGISTRY_KEY names'
        }.`,
        {
          hint:
            named === undefined
              ? `Ask who runs ${origin} whether its key was changed. If it was, remove its line from ${file}.`
              : `Ask who runs ${origin} for the key of its registry.`,
          details: { expected, received: delivery.public_key },
        },
      );
    }
  }
}

/**
 * The registry's present key, when it leads from the expected one to there and from there to the one that signed; null
 * when it does not. Nothing expected: the registry is seen for the first time, and is believed.
 */
function presentKey(
  expected: string | undefined,
  { public_key: signer, registry }: Pick<Delivery, 'public_key' | 'registry'>,
): string | null {
  const vouchers = (registry?.vouchers ?? []).filter(isGenuine);
  const present = registry?.current ?? signer;
  const known = expected ?? present;
  return leadsTo(known, present, vouchers, 'next') && leadsTo(present, signer, vouchers, 'before') ? present : null;
}

function leadsTo(from: string, to: string, vouchers: readonly KeyVoucher[], as: KeyVoucher['as']): boolean {
  const reached = new Set([from]);
  // sets grow while they are walked
  for (const key of reached)
    for (const voucher of vouchers) if (voucher.as === as && voucher.by === key) reached.add(voucher.public_key);
  return reached.has(to);
}

function isGenuine(voucher: KeyVoucher): boolean {
  const { by, signature } = voucher;
  try {
    const key = createPublicKey({ key: Buffer.from(by, 'base64'), format: 'der', type: 'spki' });
    return (
      key.asymmetricKeyType === 'ed25519' &&
      verify(null, Buffer.from(voucherText(voucher)), key, Buffer.from(signature, 'base64'))
    );
  } catch {
    return false;
  }
}

async function readKeys(file: string): Promise<Record<string, string>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw unreadable(file, error);
  }
  try {
    return RegistryKeys.parse(JSON.parse(text)).keys;
  } catch (error) {
    throw unreadable(file, error);
  }
}

function unreadable(file: string, cause: unknown): GenrtlError {
  return new GenrtlError('CBB_SIGNATURE_INVALID', `The keys of registries in ${file} cannot be read.`, {
    hint: 'Restore the file, or remove it to trust the next key that a registry shows.',
    cause,
  });
}
