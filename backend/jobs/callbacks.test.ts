// Callbacks: signed as Standard Webhooks says, told at least once whatever the receiver does, never in the way of the
// run.
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RunEnded, type CallbackSecrets } from '@genrtl/contracts/http/callbacks.ts';
import { fakeFlows, fakeRouter } from '../test/fake-models.ts';
import { makeTestHome, openTestDatabase, removeTestHome, type TestDatabase } from '../test/database.ts';
import { TestClient } from '../test/client.ts';
import { startBackend, type RunningBackend } from '../start.ts';
import type { BackendHome } from '../processes/home.ts';
import { REPLAY_WINDOW_MS, signaturesOf, verifyCallback } from './callback-signature.ts';
import { Callbacks } from './callbacks.ts';

interface Received {
  readonly headers: Record<string, string | undefined>;
  readonly body: string;
}

let database: TestDatabase;
let home: BackendHome;
let backend: RunningBackend;
let client: TestClient;
let server: Server;
let url: string;
let received: Received[];
let statuses: number[];
beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers as Received['headers'], body: Buffer.concat(chunks).toString('utf8') });
      const status = statuses.shift() ?? 204;
      response.writeHead(status, status === 302 ? { location: `${url}/elsewhere` } : {}).end();
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  [database, home] = await Promise.all([openTestDatabase({ migrated: false }), makeTestHome()]);
  backend = await startBackend({
    home: home.root,
    role: 'all',
    embedded: false,
    router: fakeRouter('/dev/null'),
    flows: fakeFlows,
    env: { ...process.env, DATABASE_URL: database.url, GENRTL_PRIVATE_NETWORKS: '127.0.0.1' },
  });
  client = new TestClient(backend);
}, 60_000);
afterAll(async () => {
  await backend.stop();
  await database.close();
  await removeTestHome(home);
  server.close();
});
beforeEach(() => {
  received = [];
  statuses = [];
});

const arrived = (count: number): Promise<void> =>
  expect.poll(() => received.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(count);

async function endedRun(callbackUrl: string): Promise<string> {
  const request = await client.planRequest('ok', { callback_url: callbackUrl } as never);
  const { body } = await client.submit(request);
  await client.finished(body.run_id);
  return body.run_id;
}

describe('a signature', () => {
  const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
  const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', timestamp: 1_614_265_330, body: '{"test": 2432232314}' };
  const headers = (signature: string) => ({
    'webhook-id': message.id,
    'webhook-timestamp': String(message.timestamp),
    'webhook-signature': signature,
  });
  const at = message.timestamp * 1_000;

  it('is that of the published example', () => {
    expect(signaturesOf(message, [secret])).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  it('holds for its body, secret and time, and for one of several', () => {
    const other = 'whsec_c2VjcmV0IG9mIGFub3RoZXI=';
    const both = headers(signaturesOf(message, [other, secret]));
    expect(verifyCallback(both, message.body, secret, at)).toBe('valid');
    expect(verifyCallback(both, message.body, other, at)).toBe('valid');
    expect(verifyCallback(both, `${message.body} `, secret, at)).toBe('signature');
    expect(verifyCallback(headers(signaturesOf(message, [other])), message.body, secret, at)).toBe('signature');
    expect(verifyCallback({ ...both, 'webhook-id': 'msg_x' }, message.body, secret, at)).toBe('signature');
    expect(verifyCallback(both, message.body, secret, at + REPLAY_WINDOW_MS + 1)).toBe('time');
    expect(verifyCallback(both, message.body, secret, at - REPLAY_WINDOW_MS - 1)).toBe('time');
    expect(verifyCallback({}, message.body, secret, at)).toBe('headers');
  });
});

describe('the end of a run', () => {
  it('is told under one id, signed, without a word of the specification, and again until it is taken', async () => {
    statuses.push(500);
    const runId = await endedRun(url);
    await arrived(2);
    const [first, second] = received;
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.body).toBe(first?.body);
    const { type, data } = RunEnded.parse(JSON.parse(first?.body ?? ''));
    expect([type, data.run_id, data.kind]).toEqual(['run.succeeded', runId, 'plan']);
    expect(Object.keys(JSON.parse(first?.body ?? '') as object).sort()).toEqual(['data', 'timestamp', 'type']);
    const callbacks = new Callbacks({
      pool: database.pool,
      log: { warn: () => undefined },
      secret: 'of another service',
      post: () => Promise.resolve(204),
    });
    const [wrong] = (await callbacks.secretsOf('local')).secrets;
    expect(verifyCallback(first?.headers ?? {}, first?.body ?? '', wrong?.secret ?? '')).toBe('signature');
    expect(
      (await database.pool.query('SELECT tries FROM callbacks WHERE run_id = $1 AND sent_at IS NOT NULL', [runId]))
        .rows,
    ).toEqual([{ tries: 2 }]);
  }, 40_000);

  it('goes to no address behind the guard, follows no redirect, and the run ends all the same', async () => {
    statuses.push(302);
    await endedRun(url);
    const hidden = await endedRun('http://169.254.169.254/latest/meta-data');
    await arrived(1);
    await expect
      .poll(
        async () =>
          (await database.pool.query('SELECT tries, sent_at FROM callbacks WHERE run_id = $1 AND tries > 0', [hidden]))
            .rows,
        { timeout: 15_000 },
      )
      .toEqual([{ tries: 1, sent_at: null }]);
    expect(received.every(({ headers }) => headers['webhook-id'] !== undefined)).toBe(true);
    expect(
      (await database.pool.query(`SELECT 1 FROM callbacks WHERE url = $1 AND sent_at IS NULL`, [url])).rowCount,
    ).toBe(1);
  }, 40_000);
});

describe('secrets', () => {
  const accountId = `acct_${randomUUID()}`;
  const open = (secret: string, now?: () => Date) => {
    const sent: { headers: Record<string, string>; body: string }[] = [];
    const callbacks = new Callbacks({
      pool: database.pool,
      log: { warn: () => undefined },
      secret,
      post: (_url, headers, body) => {
        sent.push({ headers, body });
        return Promise.resolve(204);
      },
      ...(now === undefined ? {} : { now }),
    });
    return { callbacks, sent };
  };
  const names = ({ secrets }: CallbackSecrets): string[] => secrets.map(({ secret }) => secret);

  it('are the account’s own; after a rotation both sign for a day, then the new one alone', async () => {
    await database.pool.query(`INSERT INTO accounts (account_id, kind, name) VALUES ($1, 'user', 'test')`, [accountId]);
    const { callbacks } = open('service secret');
    const [first = ''] = names(await callbacks.secretsOf(accountId));
    expect(first).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(names(await callbacks.secretsOf('acct_other'))).not.toContain(first);
    const both = names(await callbacks.rotate(accountId));
    expect(both).toEqual([expect.not.stringContaining(first), first]);
    const late = open('service secret', () => new Date(Date.now() + 25 * 3_600_000));
    expect(names(await late.callbacks.secretsOf(accountId))).toEqual([both[0]]);
    const sending = open('service secret');
    // The backend of this test looks for what is due as well, and may be the first now and then.
    for (let n = 0; sending.sent.length === 0 && n < 20; n++) {
      await database.pool.query(
        `INSERT INTO callbacks (callback_id, account_id, run_id, url, body) VALUES ($1, $2, 'run', 'http://127.0.0.1:9/', '{}')`,
        [`msg_${String(n)}`, accountId],
      );
      await sending.callbacks.look();
    }
    const [{ headers, body }] = sending.sent as [(typeof sending.sent)[0]];
    for (const secret of both) expect(verifyCallback(headers, body, secret)).toBe('valid');
  });
});
