// Where the system has no key store (a server over SSH), keys are kept encrypted with a passphrase of the person's: the
// passphrase itself is written nowhere and has to be said once each time genRTL starts.
import { createCipheriv, createDecipheriv, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { GenrtlError } from '@genrtl/contracts';
import { makeFolder } from '@genrtl/disk/make-folder.ts';
import { asDiskError, readText, writeAtomic } from '@genrtl/disk/records.ts';

/** 64 MB and a tenth of a second for each guess (RFC 7914). */
const COST = { N: 2 ** 16, r: 8, p: 1 } as const;
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

const Vault = z.object({
  schema_version: z.literal(1),
  salt: z.base64(),
  /** read back from the file, so bounded: a file of others must not take all memory */
  cost: z.object({
    N: z
      .number()
      .int()
      .min(2)
      .max(2 ** 20),
    r: z.number().int().min(1).max(16),
    p: z.number().int().min(1).max(4),
  }),
  /** half of what scrypt gives: tells a wrong passphrase; the other half is the key */
  check: z.base64(),
});
type Vault = z.infer<typeof Vault>;

export interface PassphraseVault {
  /** none: no passphrase was chosen; locked: one was, and was not said since the start */
  state(): Promise<'none' | 'locked' | 'open'>;
  /** Makes the vault where there is none. Throws SECRET_PASSPHRASE_WRONG. */
  open(passphrase: string): Promise<void>;
  /** forgets the passphrase; what it encrypted can be read by nobody any more */
  forget(): Promise<void>;
  encrypt(secret: string): Promise<Buffer>;
  decrypt(encrypted: Buffer): Promise<string>;
}

async function derive(passphrase: string, salt: Buffer, cost: Vault['cost']): Promise<{ key: Buffer; check: Buffer }> {
  const bytes = await new Promise<Buffer>((resolve, reject) => {
    const options = { ...cost, maxmem: 256 * cost.N * cost.r };
    // the same passphrase, however a keyboard composes its letters
    scrypt(passphrase.normalize('NFKC'), salt, 2 * KEY_BYTES, options, (error, derived) =>
      error === null ? resolve(derived) : reject(error),
    );
  });
  return { key: bytes.subarray(0, KEY_BYTES), check: bytes.subarray(KEY_BYTES) };
}

export function openVault(home: string): PassphraseVault {
  const file = path.join(home, 'secrets-vault.json');
  let key: Buffer | null = null;
  const read = async (): Promise<Vault | null> => {
    const text = await readText(file);
    if (text === null) return null;
    try {
      return Vault.parse(JSON.parse(text));
    } catch {
      // without its salt nothing can be read: as good as none
      return null;
    }
  };
  const unlocked = (): Buffer => {
    if (key === null)
      throw new GenrtlError('SECRET_STORE_UNAVAILABLE', 'The kept keys are locked.', {
        hint: 'Say the passphrase in the settings, Models.',
      });
    return key;
  };
  return {
    state: async () => (key !== null ? 'open' : (await read()) === null ? 'none' : 'locked'),
    open: async (passphrase) => {
      const vault = await read();
      if (vault !== null) {
        const found = await derive(passphrase, Buffer.from(vault.salt, 'base64'), vault.cost);
        const check = Buffer.from(vault.check, 'base64');
        if (check.length !== found.check.length || !timingSafeEqual(check, found.check))
          throw new GenrtlError('SECRET_PASSPHRASE_WRONG', 'That is not the passphrase of the kept keys.');
        key = found.key;
        return;
      }
      const salt = randomBytes(16);
      const made = await derive(passphrase, salt, COST);
      const written: Vault = {
        schema_version: 1,
        salt: salt.toString('base64'),
        cost: COST,
        check: made.check.toString('base64'),
      };
      try {
        makeFolder(home, 0o700);
      } catch (error) {
        throw asDiskError(error, home);
      }
      await writeAtomic(file, `${JSON.stringify(written)}\n`, 0o600);
      key = made.key;
    },
    forget: async () => {
      key = null;
      await rm(file, { force: true });
    },
    encrypt: async (secret) => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', unlocked(), iv);
      const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), body]);
    },
    decrypt: async (encrypted) => {
      const decipher = createDecipheriv('aes-256-gcm', unlocked(), encrypted.subarray(0, IV_BYTES), {
        authTagLength: TAG_BYTES,
      });
      decipher.setAuthTag(encrypted.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(encrypted.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString();
    },
  };
}
