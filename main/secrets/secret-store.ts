// Keys of model servers: written by the person, read only by the process that starts the backend. On disk only what the
// system's key store or the person's passphrase encrypted.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { GenrtlError, SECRET_NAMES } from '@genrtl/contracts';
import type { SecretName, SecretsView } from '@genrtl/contracts';
import { makeFolder } from '@genrtl/disk/make-folder.ts';
import { openVault } from './passphrase-vault.ts';
import { asDiskError, readText, writeAtomic } from '@genrtl/disk/records.ts';

/** What a shell with a key store of the system offers. */
export interface SecretCipher {
  /** why secrets cannot be kept here, or null */
  refusal(): Promise<GenrtlError | null>;
  encrypt(secret: string): Promise<Buffer>;
  decrypt(encrypted: Buffer): Promise<string>;
}

export interface SecretStore {
  /** which are set and where they come from; never a value */
  view(): Promise<SecretsView>;
  /** null forgets it. Throws SECRET_STORE_UNAVAILABLE, REQUEST_INVALID for a value that is no key. */
  write(name: SecretName, value: string | null): Promise<void>;
  /** see PassphraseVault.open; keys of this session are kept from then on */
  open(passphrase: string): Promise<void>;
  /** the passphrase and every kept key */
  forget(): Promise<void>;
  /** for the environment of the backend; the environment that genRTL was started with wins */
  environment(): Promise<Record<string, string>>;
}

const Kept = z.object({ schema_version: z.literal(1), secrets: z.partialRecord(z.enum(SECRET_NAMES), z.string()) });

function checked(value: string): string {
  const trimmed = value.trim();
  // A key with a line break or a blank would end up as a second header, or as no key.
  if (!/^[\x21-\x7e]{8,4096}$/.test(trimmed))
    throw new GenrtlError(
      'REQUEST_INVALID',
      'That is no key: it has blanks, line breaks or letters that no key has, or is too short.',
    );
  return trimmed;
}

/**
 * Without a cipher the keys live in this process's memory only, until it ends, or in a file that a passphrase encrypts.
 * `home` is GENRTL_HOME.
 */
export function openSecrets(home: string, env: NodeJS.ProcessEnv, cipher: SecretCipher | null): SecretStore {
  const file = path.join(home, 'secrets.json');
  const vault = openVault(home);
  const memory = new Map<SecretName, string>();
  const given = (name: SecretName): boolean => (env[name] ?? '').trim() !== '';

  const readKept = async (): Promise<Partial<Record<SecretName, string>>> => {
    const text = await readText(file);
    if (text === null) return {};
    try {
      return Kept.parse(JSON.parse(text)).secrets;
    } catch {
      // a damaged file holds no key that anything could read
      return {};
    }
  };
  const writeKept = async (secrets: Partial<Record<SecretName, string>>): Promise<void> => {
    if (Object.keys(secrets).length === 0) {
      await rm(file, { force: true });
      return;
    }
    try {
      makeFolder(home, 0o700);
    } catch (error) {
      throw asDiskError(error, home);
    }
    await writeAtomic(file, `${JSON.stringify({ schema_version: 1, secrets })}\n`, 0o600);
  };
  type Keeper = Pick<SecretCipher, 'encrypt' | 'decrypt'>;
  const system = async (): Promise<Keeper | null> =>
    cipher !== null && (await cipher.refusal()) === null ? cipher : null;
  const usable = async (): Promise<Keeper | null> =>
    (await system()) ?? ((await vault.state()) === 'open' ? vault : null);
  const keep = async (keeper: Keeper, name: SecretName, secret: string | null): Promise<void> => {
    const { [name]: _, ...others } = await readKept();
    await writeKept(
      secret === null ? others : { ...others, [name]: (await keeper.encrypt(secret)).toString('base64') },
    );
  };

  return {
    view: async () => {
      const store = await system();
      const state = store === null ? await vault.state() : null;
      const kept = store === null && state === 'none' ? {} : await readKept();
      const from = state === 'locked' ? ('locked' as const) : ('kept' as const);
      return {
        keeps: store !== null ? 'key_store' : state === 'open' ? 'passphrase' : 'memory',
        vault: state,
        secrets: SECRET_NAMES.map((name) => ({
          name,
          from: given(name)
            ? ('environment' as const)
            : memory.has(name)
              ? ('kept' as const)
              : kept[name] !== undefined
                ? from
                : null,
        })),
      };
    },
    write: async (name, value) => {
      const secret = value === null ? null : checked(value);
      const keeper = await usable();
      if (keeper === null) {
        if (secret === null) memory.delete(name);
        else memory.set(name, secret);
        return;
      }
      await keep(keeper, name, secret);
    },
    open: async (passphrase) => {
      await vault.open(passphrase);
      for (const [name, secret] of memory) {
        await keep(vault, name, secret);
        memory.delete(name);
      }
    },
    forget: async () => {
      await vault.forget();
      await rm(file, { force: true });
    },
    environment: async () => {
      const keeper = await usable();
      const kept = keeper === null ? {} : await readKept();
      const found: Record<string, string> = Object.fromEntries(memory);
      for (const name of SECRET_NAMES) {
        const encrypted = kept[name];
        // A key of another account or key ring is as good as none; the settings show what is missing.
        if (keeper !== null && encrypted !== undefined)
          await keeper.decrypt(Buffer.from(encrypted, 'base64')).then(
            (secret) => {
              found[name] = secret;
            },
            () => undefined,
          );
      }
      return Object.fromEntries(Object.entries(found).filter(([name]) => !given(name as SecretName)));
    },
  };
}
