// Encrypts secrets with the operating system's key store. Refuses where Electron would only pretend to: on a Linux
// desktop without a key ring `safeStorage` uses a password that is compiled into the binary (`basic_text`), which is
// plain text with extra steps.
import { GenrtlError } from '@genrtl/contracts';

/**
 * The part of Electron's `safeStorage` that is used; the synchronous calls are deprecated and block on a key ring that
 * asks the person.
 */
export interface OsKeyStore {
  isAsyncEncryptionAvailable(): Promise<boolean>;
  encryptStringAsync(text: string): Promise<Buffer>;
  decryptStringAsync(encrypted: Buffer): Promise<{ readonly result: string }>;
  /** Linux only */
  getSelectedStorageBackend(): string;
}

export interface SecretCipher {
  /** Why secrets cannot be kept here, or null. */
  refusal(): Promise<GenrtlError | null>;
  /** Throws SECRET_STORE_UNAVAILABLE. */
  encrypt(secret: string): Promise<Buffer>;
  /** Throws SECRET_STORE_UNAVAILABLE, also for what another account, machine or key ring has encrypted. */
  decrypt(encrypted: Buffer): Promise<string>;
}

const HINT = 'Install and unlock a key ring (GNOME Keyring or KWallet), or set the key in the environment of genRTL.';
const unavailable = (message: string, cause?: unknown): GenrtlError =>
  new GenrtlError('SECRET_STORE_UNAVAILABLE', message, { hint: HINT, cause });

/** Usable after the app is ready. */
export function createSecretCipher(store: OsKeyStore, platform: NodeJS.Platform = process.platform): SecretCipher {
  const refusal = async (): Promise<GenrtlError | null> => {
    if (!(await store.isAsyncEncryptionAvailable())) return unavailable('The operating system offers no key store.');
    // `unknown` comes before the app is ready; a choice that is not known is not trusted
    if (platform === 'linux' && ['basic_text', 'unknown'].includes(store.getSelectedStorageBackend()))
      return unavailable('This desktop has no key ring: secrets would be kept as good as in plain text.');
    return null;
  };
  const requireStore = async (): Promise<void> => {
    const refused = await refusal();
    if (refused !== null) throw refused;
  };
  return {
    refusal,
    encrypt: async (secret) => {
      await requireStore();
      return store.encryptStringAsync(secret);
    },
    decrypt: async (encrypted) => {
      await requireStore();
      try {
        return (await store.decryptStringAsync(encrypted)).result;
      } catch (cause) {
        throw unavailable('The secret was kept by another account or key ring and cannot be read.', cause);
      }
    },
  };
}
