// A package is signed with the key of its registry, not with a key that came along.
import { generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { voucherText, type KeyVoucher } from '@genrtl/contracts';
import { connectBackend } from '../processes/backend.ts';
import { REGISTRY_KEYS_FILE, requireRegistryKey } from './registry-keys.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'genrtl-keys-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const signed = (public_key: string) => [{ cbb_id: 'cbb_counter', version: '1.0.0', public_key }];
const URL_A = 'https://registry.example/api';
const refused = { code: 'CBB_SIGNATURE_INVALID' };

test('the first key of a registry stays its key; another registry has its own', async () => {
  await requireRegistryKey({ home, url: URL_A }, signed('A'));
  await requireRegistryKey({ home, url: URL_A }, signed('A'));
  await requireRegistryKey({ home, url: 'https://other.example' }, signed('B'));
  const kept = readFileSync(path.join(home, REGISTRY_KEYS_FILE), 'utf8');
  await expect(requireRegistryKey({ home, url: URL_A }, signed('B'))).rejects.toMatchObject(refused);
  // one of several is enough, and nothing is learnt from it
  await expect(requireRegistryKey({ home, url: URL_A }, [...signed('A'), ...signed('C')])).rejects.toMatchObject(
    refused,
  );
  expect(readFileSync(path.join(home, REGISTRY_KEYS_FILE), 'utf8')).toBe(kept);
});

test('a named key counts from the first package on', async () => {
  await expect(requireRegistryKey({ home, url: URL_A, named: 'A' }, signed('B'))).rejects.toMatchObject(refused);
  await requireRegistryKey({ home, url: URL_A, named: 'A' }, signed('A'));
});

describe('a registry that changes its key', () => {
  interface Key {
    readonly name: string;
    vouch(as: KeyVoucher['as'], other: Key): KeyVoucher;
  }
  const key = (): Key => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const name = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    return {
      name,
      vouch: (as, other) => ({
        as,
        by: name,
        public_key: other.name,
        signature: sign(null, Buffer.from(voucherText({ as, public_key: other.name })), privateKey).toString('base64'),
      }),
    };
  };
  const [first, second, third, stranger] = [key(), key(), key(), key()];
  const delivered = (signer: Key, current: Key, vouchers: KeyVoucher[]) => [
    { ...signed(signer.name)[0]!, registry: { current: current.name, vouchers } },
  ];
  const accept = (...of: Parameters<typeof delivered>) => requireRegistryKey({ home, url: URL_A }, delivered(...of));
  const rotated = [first.vouch('next', second), second.vouch('before', first)];

  test('is followed, over several changes too, and packages of before still count', async () => {
    await requireRegistryKey({ home, url: URL_A }, signed(first.name));
    const all = [...rotated, second.vouch('next', third), third.vouch('before', second)];
    await accept(third, third, all);
    await accept(first, third, all);
    expect(readFileSync(path.join(home, REGISTRY_KEYS_FILE), 'utf8')).toContain(third.name);
  });

  test('is refused without the voucher, with a forged one, and with one of another kind', async () => {
    await requireRegistryKey({ home, url: URL_A }, signed(first.name));
    await expect(accept(second, second, [])).rejects.toMatchObject(refused);
    await expect(
      accept(stranger, stranger, [{ ...stranger.vouch('next', stranger), by: first.name }]),
    ).rejects.toMatchObject(refused);
    await expect(accept(second, second, [first.vouch('before', second)])).rejects.toMatchObject(refused);
  });

  test('an old key in other hands signs nothing any more once it is distrusted, and names no successor', async () => {
    await requireRegistryKey({ home, url: URL_A }, signed(first.name));
    await accept(second, second, [first.vouch('next', second)]);
    await expect(accept(first, second, [first.vouch('next', second)])).rejects.toMatchObject(refused);
    await expect(accept(stranger, stranger, [...rotated, first.vouch('next', stranger)])).rejects.toMatchObject(
      refused,
    );
  });
});

test('a damaged file of keys is no reason to trust anew', async () => {
  writeFileSync(path.join(home, REGISTRY_KEYS_FILE), '{"keys":');
  await expect(requireRegistryKey({ home, url: URL_A }, signed('A'))).rejects.toMatchObject(refused);
});

test('a registry that changes its key is refused by the client, before anything is downloaded', async () => {
  let key = 'A';
  const server = createServer((_request, response) => {
    const delivery = {
      receipt_id: 'r',
      cbb_id: 'cbb_counter',
      version: '1.0.0',
      download_url: 'http://127.0.0.1/x',
      sha256: 'a'.repeat(64),
      size_bytes: 1,
      expires_in: 600,
      signature: 'AA==',
      public_key: key,
    };
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ deliveries: [delivery] }));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { client } = await connectBackend({ GENRTL_BACKEND_URL: url, GENRTL_HOME: home });
    expect(await client.deliver(['r'])).toHaveLength(1);
    key = 'B';
    await expect(client.deliver(['r'])).rejects.toMatchObject(refused);
  } finally {
    server.close();
  }
});
