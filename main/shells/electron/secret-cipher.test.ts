// Secrets are encrypted by a real key store or not kept at all.
import { expect, test } from 'vitest';
import { createSecretCipher } from './secret-cipher.ts';
import type { OsKeyStore } from './secret-cipher.ts';

function keyStore(change: Partial<OsKeyStore> = {}): OsKeyStore & { calls: number } {
  const store = {
    calls: 0,
    isAsyncEncryptionAvailable: async () => true,
    encryptStringAsync: async (text: string) => {
      store.calls += 1;
      return Buffer.from(text, 'utf8').map((byte) => byte ^ 0x5a);
    },
    decryptStringAsync: async (encrypted: Buffer) => ({
      result: Buffer.from(encrypted.map((byte) => byte ^ 0x5a)).toString('utf8'),
    }),
    getSelectedStorageBackend: () => 'gnome_libsecret',
    ...change,
  };
  return store as OsKeyStore & { calls: number };
}

test('what is encrypted is not the secret, and comes back as it was', async () => {
  const cipher = createSecretCipher(keyStore(), 'linux');
  const encrypted = await cipher.encrypt('sk-密钥');
  expect(encrypted.includes(Buffer.from('sk-'))).toBe(false);
  expect(await cipher.decrypt(encrypted)).toBe('sk-密钥');
});

test.each(['basic_text', 'unknown'])(
  'the Linux backend %s is refused, and nothing is handed to it',
  async (backend) => {
    const store = keyStore({ getSelectedStorageBackend: () => backend });
    const cipher = createSecretCipher(store, 'linux');
    expect(await cipher.refusal()).toMatchObject({ code: 'SECRET_STORE_UNAVAILABLE' });
    await expect(cipher.encrypt('sk-1')).rejects.toMatchObject({ code: 'SECRET_STORE_UNAVAILABLE' });
    await expect(cipher.decrypt(Buffer.from('x'))).rejects.toMatchObject({ code: 'SECRET_STORE_UNAVAILABLE' });
    expect(store.calls).toBe(0);
  },
);

test('no key store, no secrets', async () => {
  const cipher = createSecretCipher(keyStore({ isAsyncEncryptionAvailable: async () => false }), 'darwin');
  await expect(cipher.encrypt('sk-1')).rejects.toMatchObject({ code: 'SECRET_STORE_UNAVAILABLE' });
});

test('the Linux names mean nothing on other systems', async () => {
  expect(
    await createSecretCipher(keyStore({ getSelectedStorageBackend: () => 'basic_text' }), 'win32').refusal(),
  ).toBeNull();
});

test('what another key ring encrypted is a refusal with a hint, not a crash', async () => {
  const cipher = createSecretCipher(
    keyStore({
      decryptStringAsync: async () => {
        throw new Error('Error while decrypting the ciphertext');
      },
    }),
    'linux',
  );
  await expect(cipher.decrypt(Buffer.from('x'))).rejects.toMatchObject({
    code: 'SECRET_STORE_UNAVAILABLE',
    hint: expect.stringContaining('key ring') as string,
  });
});
