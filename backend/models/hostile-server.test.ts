// Servers that mean harm: a bounded answer in bounded time and memory, and no key in other hands.
import { afterEach, describe, expect, it } from 'vitest';
import type { GenrtlError } from '@genrtl/contracts';
import { ATTACKS, redirectTo, startHostile } from '../../test/fakes/models/hostile.ts';
import type { Attack, HostileServer } from '../../test/fakes/models/hostile.ts';
import type { ModelAnswer, ModelPrompt } from './model.ts';
import { readModelConfig } from './config.ts';
import { buildModelRouter } from './router.ts';

const KEY = 'sk-hostile-0123456789';
const PROMPT: ModelPrompt = {
  service: 'plan',
  template: 'plan@1',
  system: 's',
  messages: [{ role: 'user', content: 'u' }],
  maxOutputTokens: 100,
  composer: {
    spec: '',
    specName: 's.md',
    request: {
      kind: 'design',
      job_id: 'j',
      step_id: 'plan_1',
      attempt: 1,
      workspace_id: 'w',
      model: null,
      cap_usd: '1',
      spec: '0'.repeat(64),
      spec_name: 's.md',
    },
  },
};
const servers: HostileServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function hostile(attack: Attack): Promise<HostileServer> {
  const server = await startHostile(attack);
  servers.push(server);
  return server;
}

/** Patient by default, so that a busy machine does not turn every attack into a time-out. */
function call(url: string, limits: { firstByteMs?: number; totalMs?: number } = {}): Promise<ModelAnswer> {
  const router = buildModelRouter({
    config: readModelConfig({
      OPENAI_BASE_URL: `${url}/v1`,
      OPENAI_API_KEY: KEY,
      GENRTL_MODEL: 'm',
      GENRTL_MODEL_PRICES: '{"m":{"input":"1","output":"1"}}',
      GENRTL_MODEL_FIRST_BYTE_TIMEOUT_MS: String(limits.firstByteMs ?? 10_000),
      GENRTL_MODEL_TOTAL_TIMEOUT_MS: String(limits.totalMs ?? 20_000),
    }),
    composer: { call: () => Promise.reject(new Error('unused')) },
  });
  return router.call(router.choose('plan', null)[0]!, PROMPT, {
    signal: new AbortController().signal,
    onToken: () => undefined,
    catalog: [],
  });
}

async function failure(promise: Promise<unknown>): Promise<GenrtlError> {
  return promise.then(
    (value) => {
      throw new Error(`expected a failure, got ${JSON.stringify(value).slice(0, 200)}`);
    },
    (error: unknown) => error as GenrtlError,
  );
}

const EXPECTED: Record<
  Exclude<
    keyof typeof ATTACKS,
    | 'usage from another world'
    | 'interim responses without end'
    | 'comments without end'
    | 'a header that drips'
    | 'comments that drip'
  >,
  string
> = {
  'endless headers': 'MODEL_MALFORMED',
  'one header without end': 'MODEL_MALFORMED',
  'not HTTP': 'MODEL_MALFORMED',
  'gzip bomb': 'MODEL_MALFORMED',
  'gzip bomb as error': 'MODEL_MALFORMED',
  'a line of 100 MB': 'MODEL_MALFORMED',
  'an event of many lines without end': 'MODEL_MALFORMED',
  'an error body without end': 'MODEL_UNAVAILABLE',
  'an answer without end': 'MODEL_MALFORMED',
  'trailers without end': 'MODEL_MALFORMED',
  'chunk extensions without end': 'MODEL_TRUNCATED',
  'brackets without end': 'MODEL_MALFORMED',
};

describe('attacks', () => {
  it.each(Object.entries(EXPECTED))('%s', async (name, code) => {
    const server = await hostile(ATTACKS[name as keyof typeof ATTACKS]);
    const before = process.memoryUsage().rss;
    const error = await failure(call(server.url));
    expect(error.code).toBe(code);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024);
    expect(JSON.stringify(error.toBody())).not.toContain(KEY);
    expect(error.message.length).toBeLessThan(500);
  });

  it.each(['interim responses without end', 'a header that drips'] as const)(
    '%s: the first-byte limit',
    async (name) => {
      const server = await hostile(ATTACKS[name]);
      expect(await failure(call(server.url, { firstByteMs: 300 }))).toMatchObject({
        code: 'MODEL_TIMEOUT',
        details: { phase: 'first_byte' },
      });
    },
  );

  it.each(['comments without end', 'comments that drip'] as const)('%s: the total limit', async (name) => {
    const server = await hostile(ATTACKS[name]);
    expect((await failure(call(server.url, { totalMs: 300 }))).code).toBe('MODEL_TIMEOUT');
  });

  it('a line of 100 MB is given up after little of it', async () => {
    const server = await hostile(ATTACKS['a line of 100 MB']);
    await failure(call(server.url));
    expect(server.sentBytes()).toBeLessThan(12 * 1024 * 1024);
  });

  it('usage from another world is estimated instead', async () => {
    const server = await hostile(ATTACKS['usage from another world']);
    const { usage } = await call(server.url);
    expect(usage).toMatchObject({ estimated: true, output_tokens: 1, cached_tokens: 0 });
    expect(usage.input_tokens).toBeLessThan(100);
  });

  it('a redirect to another host carries no key there and is not followed', async () => {
    const elsewhere = await hostile(redirectTo('http://127.0.0.1:1/'));
    const server = await hostile(redirectTo(`${elsewhere.url}/v1/chat/completions`));
    const error = await failure(call(server.url));
    expect(error).toMatchObject({ code: 'MODEL_UNAVAILABLE', message: expect.stringContaining('redirect') });
    expect(server.heads).toHaveLength(1);
    expect(elsewhere.heads).toHaveLength(0);
  });
});
