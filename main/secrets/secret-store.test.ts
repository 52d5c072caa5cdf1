import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GenrtlError } from '@genrtl/contracts';
import { openSecrets } from './secret-store.ts';
import type { SecretCipher } from './secret-store.ts';

const KEY = 'sk-test-0123456789';
/** Turns bits round: enough to see that no key lies on disk as it is. */
const cipher = (refused = false): SecretCipher => ({
  refusal: async () => (refused ? new GenrtlError('SECRET_STORE_UNAVAILABLE', 'No key ring.') : null),
  encrypt: async (secret) => Buffer.from(secret).map((byte) => byte ^ 0x5a) as Buffer,
  decrypt: async (bytes) => Buffer.from(bytes.map((byte) => byte ^ 0x5a)).toString(),
});
let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'genrtl-secrets-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));
const fromOf = async (store: ReturnType<typeof openSecrets>) =>
  Object.fromEntries((await store.view()).secrets.map(({ name, from }) => [name, from]));

describe('keys of model servers', () => {
  it('are kept encrypted, for the person alone, and read only as an environment', async () => {
    const store = openSecrets(home, {}, cipher());
    await store.write('OPENAI_API_KEY', ` ${KEY}\n`);
    expect(JSON.stringify(await store.view())).not.toContain(KEY);
    expect(await fromOf(store)).toEqual({ OPENAI_API_KEY: 'kept', ANTHROPIC_API_KEY: null });
    const file = path.join(home, 'secrets.json');
    expect(readFileSync(file, 'utf8')).not.toContain(KEY);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await openSecrets(home, {}, cipher()).environment()).toEqual({ OPENAI_API_KEY: KEY });
    await store.write('OPENAI_API_KEY', null);
    expect(await store.environment()).toEqual({});
    expect(readdirSync(home)).toEqual([]);
  });

  it.each([
    ['no key store', null],
    ['a key store that is plain text', cipher(true)],
  ])('with %s nothing reaches the disk, and the keys end with the process', async (_, without) => {
    const store = openSecrets(home, {}, without);
    await store.write('ANTHROPIC_API_KEY', KEY);
    expect(await store.environment()).toEqual({ ANTHROPIC_API_KEY: KEY });
    expect((await store.view()).keeps).toBe('memory');
    expect(readdirSync(home)).toEqual([]);
    expect(await openSecrets(home, {}, without).environment()).toEqual({});
  });

  it('without a key store a passphrase keeps them: encrypted on disk, locked after a start, moved there from memory', async () => {
    const store = openSecrets(home, {}, null);
    await store.write('OPENAI_API_KEY', KEY);
    expect(await store.view()).toMatchObject({ keeps: 'memory', vault: 'none' });
    await store.open('correct horse');
    await store.write('ANTHROPIC_API_KEY', `${KEY}-second`);
    expect(await store.view()).toMatchObject({ keeps: 'passphrase', vault: 'open' });
    const onDisk = readdirSync(home).map((name) => {
      expect(statSync(path.join(home, name)).mode & 0o777).toBe(0o600);
      return readFileSync(path.join(home, name), 'utf8');
    });
    expect(onDisk).toHaveLength(2);
    for (const text of onDisk) expect(text).not.toMatch(/correct|horse|sk-test/);

    const next = openSecrets(home, {}, null);
    expect(await next.view()).toMatchObject({ keeps: 'memory', vault: 'locked' });
    expect(await fromOf(next)).toEqual({ OPENAI_API_KEY: 'locked', ANTHROPIC_API_KEY: 'locked' });
    expect(await next.environment()).toEqual({});
    await expect(next.open('wrong horse')).rejects.toMatchObject({ code: 'SECRET_PASSPHRASE_WRONG' });
    expect(await next.environment()).toEqual({});
    await next.open('correct horse');
    expect(await next.environment()).toEqual({ OPENAI_API_KEY: KEY, ANTHROPIC_API_KEY: `${KEY}-second` });

    await next.forget();
    expect(readdirSync(home)).toEqual([]);
    expect(await next.view()).toMatchObject({ vault: 'none' });
    expect(await next.environment()).toEqual({});
  });

  it('what was changed in the encrypted file is no key', async () => {
    const store = openSecrets(home, {}, null);
    await store.open('correct horse');
    await store.write('OPENAI_API_KEY', KEY);
    const { writeFileSync } = await import('node:fs');
    const file = path.join(home, 'secrets.json');
    const kept = JSON.parse(readFileSync(file, 'utf8')) as { secrets: Record<string, string> };
    const bytes = Buffer.from(kept.secrets['OPENAI_API_KEY'] ?? '', 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(file, JSON.stringify({ ...kept, secrets: { OPENAI_API_KEY: bytes.toString('base64') } }));
    expect(await store.environment()).toEqual({});
  });

  it('give way to the environment', async () => {
    const store = openSecrets(home, { OPENAI_API_KEY: 'from-the-shell' }, cipher());
    await store.write('OPENAI_API_KEY', KEY);
    expect(await fromOf(store)).toMatchObject({ OPENAI_API_KEY: 'environment' });
    expect(await store.environment()).toEqual({});
  });

  it.each(['', 'short', 'two words here', `${KEY}\r\nX-Header: 1`, `${KEY}\u0000`])('%j is refused', async (value) => {
    await expect(openSecrets(home, {}, cipher()).write('OPENAI_API_KEY', value)).rejects.toMatchObject({
      code: 'REQUEST_INVALID',
    });
  });

  it('a damaged file is no key and no crash', async () => {
    const store = openSecrets(home, {}, cipher());
    await store.write('OPENAI_API_KEY', KEY);
    const { writeFileSync } = await import('node:fs');
    writeFileSync(path.join(home, 'secrets.json'), '{broken');
    expect(await store.environment()).toEqual({});
    await store.write('OPENAI_API_KEY', KEY);
    expect(await store.environment()).toEqual({ OPENAI_API_KEY: KEY });
  });
});
