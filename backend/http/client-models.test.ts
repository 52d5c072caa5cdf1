// Two clients of one embedded backend, each with its own model server and key: a call is billed to the key of the
// client that asked, never to that of whoever started the backend, and no key is written anywhere.
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LEASE_HEADER, type ErrorBody, type JobRequest, type ModelEnvironment, type RunView } from '@genrtl/contracts';
import { startFakeModels, type FakeModels } from '../../test/fakes/models/server.ts';
import type { BackendHome } from '../processes/home.ts';
import { startBackend, type RunningBackend } from '../start.ts';
import { TestClient, keyOf } from '../test/client.ts';
import { makeTestHome, removeTestHome } from '../test/database.ts';

const SPEC = '# A free text\n\nA counter that counts up to ten and starts again.\n';
const STARTER_KEY = 'sk-starter-000000000001';
const servers = new Map<string, FakeModels>();
let home: BackendHome;
let backend: RunningBackend;
let client: TestClient;

async function server(name: string): Promise<FakeModels> {
  const made = await startFakeModels({ script: () => ({ kind: 'text', text: 'no plan' }) });
  servers.set(name, made);
  return made;
}

beforeAll(async () => {
  const starter = await server('starter');
  home = await makeTestHome();
  backend = await startBackend({
    home: home.root,
    role: 'all',
    embedded: true,
    firstLeaseMs: 600_000,
    env: {
      ...process.env,
      OPENAI_API_KEY: STARTER_KEY,
      OPENAI_BASE_URL: starter.openaiUrl,
      GENRTL_MODEL: 'starter-model',
      GENRTL_MODEL_PRICES: '{"starter-model":{"input":"1","output":"1"}}',
    },
  });
  client = new TestClient(backend);
}, 60_000);
afterAll(async () => {
  await backend.stop();
  for (const one of servers.values()) await one.close();
  await removeTestHome(home);
});

const own = (url: string, key: string, model: string): ModelEnvironment => ({
  OPENAI_API_KEY: key,
  OPENAI_BASE_URL: url,
  GENRTL_MODEL: model,
  GENRTL_MODEL_PRICES: JSON.stringify({ [model]: { input: '2', output: '2' } }),
});

const lease = (id: string, models: ModelEnvironment | undefined): Promise<{ status: number }> =>
  client.call('POST', '/v1/embedded/lease', { lease_id: id, ttl_ms: 120_000, ...(models ? { models } : {}) });

const submit = (request: JobRequest, leaseId: string): Promise<{ status: number; body: RunView & ErrorBody }> =>
  client.call('POST', '/v1/jobs', request, { 'idempotency-key': keyOf(request), [LEASE_HEADER]: leaseId });

const keysOf = (name: string): Set<unknown> =>
  new Set(servers.get(name)?.requests.map((request) => request.headers['authorization']));

describe('two clients of one backend', () => {
  it('are each answered by their own server, with their own key and model', async () => {
    const [one, two] = [await server('one'), await server('two')];
    await lease('one', own(one.openaiUrl, 'sk-one-0000000000001', 'model-one'));
    await lease('two', own(two.openaiUrl, 'sk-two-0000000000002', 'model-two'));
    const runs = await Promise.all(['one', 'two', 'one'].map(async (id) => submit(await client.planRequest(SPEC), id)));
    const ended = await Promise.all(runs.map(({ body }) => client.finished(body.run_id)));
    expect(ended.map((run) => run.usage[0]?.model)).toEqual([
      'compatible/model-one',
      'compatible/model-two',
      'compatible/model-one',
    ]);
    expect(keysOf('one')).toEqual(new Set(['Bearer sk-one-0000000000001']));
    expect(keysOf('two')).toEqual(new Set(['Bearer sk-two-0000000000002']));
    expect(servers.get('starter')?.requests).toEqual([]);
  });

  it('see their own models only, and one without any has none', async () => {
    const models = async (id: string): Promise<string[]> =>
      (
        await client.call<{ models: { id: string }[] }>('GET', '/v1/models', undefined, { [LEASE_HEADER]: id })
      ).body.models.map((model) => model.id);
    await lease('none', {});
    expect(await models('one')).toContain('compatible/model-one');
    expect(await models('one')).not.toContain('compatible/model-two');
    expect(await models('none')).toEqual(['builtin/composer']);
    const refused = await submit(await client.planRequest(SPEC, { model: 'openai/gpt-5.1' }), 'none');
    expect(refused.body.code).toBe('MODEL_UNKNOWN');
  });

  it('may change their settings with a renewal: the next job uses them', async () => {
    const three = await server('three');
    await lease('one', own(three.openaiUrl, 'sk-three-000000000003', 'model-three'));
    const { body } = await submit(await client.planRequest(SPEC), 'one');
    expect((await client.finished(body.run_id)).usage[0]?.model).toBe('compatible/model-three');
    expect(keysOf('three')).toEqual(new Set(['Bearer sk-three-000000000003']));
  });

  it('settings that cannot be read are told to who brought them, and to nobody else', async () => {
    await lease('broken', { OPENAI_BASE_URL: 'not a url', OPENAI_API_KEY: 'sk-broken-0000000000004' });
    const refused = await submit(await client.planRequest(SPEC), 'broken');
    expect(refused.body.code).toBe('USAGE');
    expect(JSON.stringify(refused.body)).not.toContain('sk-broken');
    expect((await submit(await client.planRequest(SPEC), 'two')).status).toBe(200);
  });

  it('a lease that has ended buys nothing any more', async () => {
    await client.call('DELETE', '/v1/embedded/lease', { lease_id: 'two', ttl_ms: 1000 });
    await lease('one', {});
    const refused = await submit(await client.planRequest(SPEC), 'two');
    expect([refused.status, refused.body.code]).toEqual([503, 'BACKEND_UNAVAILABLE']);
  });

  it('no key stands in any file of the home, the log among them', async () => {
    const files = readdirSync(home.root, { recursive: true, encoding: 'utf8' })
      .map((name) => join(home.root, name))
      .filter((file) => statSync(file).isFile());
    expect(files.length).toBeGreaterThan(3);
    const keys = ['sk-one-', 'sk-two-', 'sk-three-', 'sk-broken-'];
    for (const file of files) {
      const text = readFileSync(file, 'latin1');
      expect([file, keys.filter((key) => text.includes(key))]).toEqual([file, []]);
    }
  });
});
