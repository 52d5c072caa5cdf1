import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { voucherText } from '@genrtl/contracts';
import { readKeyRing, rotateKey } from './key-ring.ts';
import { openSigningKey, verifySignature } from './sign.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'genrtl-sign-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('a signature holds for its bytes and its key only', async () => {
  const key = await openSigningKey(folder);
  const other = await openSigningKey(join(folder, 'other'));
  const bytes = Buffer.from('archive');
  const signature = key.sign(bytes);
  expect(verifySignature(bytes, signature, key.publicKey)).toBe(true);
  expect(verifySignature(Buffer.from('Archive'), signature, key.publicKey)).toBe(false);
  expect(verifySignature(bytes, signature, other.publicKey)).toBe(false);
  const spoilt = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  expect(verifySignature(bytes, spoilt, key.publicKey)).toBe(false);
  expect(verifySignature(bytes, 'not base64', key.publicKey)).toBe(false);
  expect(verifySignature(bytes, signature, 'not a key')).toBe(false);
});

test('the key is made once, kept, and readable by its owner only', async () => {
  const first = await openSigningKey(folder);
  expect((await openSigningKey(folder)).publicKey).toBe(first.publicKey);
  expect(statSync(join(folder, 'cbb-signing-key.pem')).mode & 0o777).toBe(0o600);
});

test('processes that start at once agree on one key and leave nothing behind', async () => {
  const keys = await Promise.all(Array.from({ length: 16 }, () => openSigningKey(folder)));
  expect(new Set(keys.map(({ publicKey }) => publicKey)).size).toBe(1);
  expect(readdirSync(folder)).toEqual(['cbb-signing-key.pem']);
});

test('a rotation makes the next key, and each vouches for the other, unless the old one is distrusted', async () => {
  const first = await openSigningKey(folder);
  expect(await readKeyRing(folder)).toEqual({ current: first.publicKey, vouchers: [] });
  const second = await rotateKey(folder);
  expect(second.old).toBe(first.publicKey);
  expect((await openSigningKey(folder)).publicKey).toBe(second.current);
  const third = await rotateKey(folder, { distrust: true });
  const { current, vouchers } = await readKeyRing(folder);
  expect(current).toBe(third.current);
  expect(vouchers.map(({ as, by, public_key: key }) => [as, by, key])).toEqual([
    ['next', first.publicKey, second.current],
    ['before', second.current, first.publicKey],
    ['next', second.current, third.current],
  ]);
  for (const voucher of vouchers)
    expect(verifySignature(Buffer.from(voucherText(voucher)), voucher.signature, voucher.by)).toBe(true);
  expect(statSync(join(folder, 'cbb-signing-key.pem')).mode & 0o777).toBe(0o600);
});

test('a damaged key is reported and never replaced', async () => {
  const path = join(folder, 'cbb-signing-key.pem');
  writeFileSync(path, 'garbage');
  chmodSync(path, 0o600);
  await expect(openSigningKey(folder)).rejects.toMatchObject({ code: 'BACKEND_START_FAILED' });
  expect(existsSync(path)).toBe(true);
});
