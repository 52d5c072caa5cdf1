// Who asks is looked up while the connection may break off: nothing is left of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { MadeKey } from '@genrtl/contracts/http/accounts.ts';
import { LeftBehind } from '../../test/left-behind.ts';
import { createPool } from '../db/index.ts';
import { fakeFlows, fakeRouter } from '../test/fake-models.ts';
import { openHosted, type Hosted } from '../test/hosted.ts';

let hosted: Hosted;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'genrtl-admission-'));
  hosted = await openHosted({ router: fakeRouter(join(folder, 'upstream.txt')), flows: fakeFlows });
}, 120_000);
afterAll(async () => {
  await hosted.close();
  rmSync(folder, { recursive: true, force: true });
});

it('connections that break off before it is known who asks leave no timer behind', async () => {
  const person = await hosted.person('Ada');
  const key = { name: 'test', scopes: ['work'], expires_in_days: null };
  // nobody has asked with it: it has to be looked up
  const { key: token } = (await person.call<MadeKey>('POST', '/v1/account/keys', key)).body;
  const { hostname, port, host } = new URL(hosted.url);
  const pool = createPool(hosted.database.url, { max: 1 });
  const left = new LeftBehind();
  const slow = await pool.connect();
  try {
    await slow.query('BEGIN; LOCK TABLE auth.api_keys');
    await Promise.all(
      Array.from(
        { length: 60 },
        () =>
          new Promise<void>((resolve, reject) => {
            const socket = connect({ host: hostname, port: Number(port) });
            socket.on('error', reject);
            socket.on('close', () => resolve());
            socket.on('connect', () => {
              const body = JSON.stringify({ instruction: 'ok', options: { cancelOnDisconnect: true } });
              const head = `POST /api/ai/ask HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${String(body.length)}\r\n\r\n`;
              socket.write(`${head}${body}`, () => socket.destroy());
            });
          }),
      ),
    );
    // the server has heard of their end
    await delay(500);
    await slow.query('COMMIT');
    // each was answered, to nobody
    await delay(2_000);
    // of the pool's connections some are left, which come and go
    await vi.waitFor(() => expect(left.open.timers).toBeLessThan(25), { timeout: 15_000 });
  } finally {
    left.stop();
    slow.release();
    await pool.end();
  }
});
