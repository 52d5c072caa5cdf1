// The real router against servers that speak the real protocols.
import { afterEach, describe, expect, it } from 'vitest';
import type { GenrtlError } from '@genrtl/contracts';
import { startFakeModels } from '../../test/fakes/models/server.ts';
import type { FakeModels } from '../../test/fakes/models/server.ts';
import type { FakeScript } from '../../test/fakes/models/script.ts';
import type { ModelPrompt, ModelRouter } from './model.ts';
import { readModelConfig } from './config.ts';
import type { Environment } from './config.ts';
import { usageOf } from './progress.ts';
import { buildModelRouter } from './router.ts';

const SECRET = 'sk-test-0123456789abcdef';
const PROMPT: ModelPrompt = {
  service: 'plan',
  template: 'plan@1',
  system: 'You plan.',
  messages: [{ role: 'user', content: 'Plan a counter. 计数器' }],
  maxOutputTokens: 1000,
  composer: {
    spec: '',
    specName: 'spec.md',
    request: {
      kind: 'design',
      job_id: 'j',
      step_id: 'plan_1',
      attempt: 1,
      workspace_id: 'w',
      model: null,
      cap_usd: '1',
      spec: '0'.repeat(64),
      spec_name: 'spec.md',
    },
  },
};
const unused = { call: () => Promise.reject(new Error('the composer was not expected')) };

let fake: FakeModels | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

/** All three server kinds point at the same fake; which one answers follows from the model's name. */
async function start(
  script: FakeScript,
  env: Environment = {},
): Promise<Record<'openai' | 'anthropic' | 'compatible', ModelRouter>> {
  fake = await startFakeModels({ script });
  const build = (own: Environment) =>
    buildModelRouter({ config: readModelConfig({ ...own, ...env }), composer: unused });
  const compatible = build({
    OPENAI_BASE_URL: fake.openaiUrl,
    OPENAI_API_KEY: SECRET,
    GENRTL_MODEL_PRICES: '{"local":{"input":"1","output":"2","cached":"0.5"}}',
  });
  const anthropic = build({ ANTHROPIC_BASE_URL: fake.url, ANTHROPIC_API_KEY: SECRET });
  const config = readModelConfig({ OPENAI_API_KEY: SECRET, ...env });
  // api.openai.com cannot be reached from a test: the same provider is pointed at the fake.
  const openai = buildModelRouter({
    config: { ...config, openai: { baseUrl: fake.openaiUrl, key: SECRET } },
    composer: unused,
  });
  return { openai, anthropic, compatible };
}

const MODELS = {
  openai: 'openai/gpt-5.1',
  anthropic: 'anthropic/claude-sonnet-4-5',
  compatible: 'compatible/local',
} as const;
const KINDS = ['openai', 'anthropic', 'compatible'] as const;

async function ask(
  router: ModelRouter,
  kind: keyof typeof MODELS,
  options: { signal?: AbortSignal; onToken?: (text: string) => void | Promise<void>; prompt?: ModelPrompt } = {},
) {
  const [model] = router.choose('plan', MODELS[kind]);
  return router.call(model!, options.prompt ?? PROMPT, {
    signal: options.signal ?? new AbortController().signal,
    onToken: options.onToken ?? (() => undefined),
    catalog: [],
  });
}

async function failure(promise: Promise<unknown>): Promise<GenrtlError> {
  return promise.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: unknown) => error as GenrtlError,
  );
}

describe('answers', () => {
  it.each(KINDS)('%s: streams text byte for byte across awkward borders, with usage and cost', async (kind) => {
    const text = '模块 module α — "quoted"\n\n\tdata: [DONE]\r\nend 🙂🚀';
    const routers = await start(() => ({
      kind: 'text',
      text,
      usage: { input: 1000, output: 50, cached: 400 },
      chunking: { mode: 'awkward', upTo: 5 },
      lineEnd: '\r\n',
    }));
    const tokens: string[] = [];
    const answer = await ask(routers[kind], kind, {
      onToken: (token) => {
        tokens.push(token);
      },
    });
    expect(answer.text).toBe(text);
    expect(tokens.join('')).toBe(text);
    expect(tokens.length).toBeGreaterThan(3);
    // Anthropic's input excludes the cached tokens, OpenAI's includes them.
    expect(answer.usage).toMatchObject({
      model: MODELS[kind],
      input_tokens: kind === 'anthropic' ? 1400 : 1000,
      cached_tokens: 400,
      output_tokens: 50,
      estimated: false,
    });
    const expected = {
      openai: 600 * 1.25 + 400 * 0.125 + 50 * 10,
      anthropic: 1000 * 3 + 400 * 0.3 + 50 * 15,
      compatible: 600 * 1 + 400 * 0.5 + 50 * 2,
    }[kind];
    expect(Number(answer.usage.cost_usd) * 1e6).toBeCloseTo(Math.ceil(expected), 3);
  });

  it('sends the protocol of each provider', async () => {
    const routers = await start(() => ({ kind: 'text', text: 'ok' }));
    const prompt: ModelPrompt = {
      ...PROMPT,
      schema: { type: 'object', properties: {}, required: [], additionalProperties: false },
    };
    for (const kind of KINDS) await ask(routers[kind], kind, { prompt });
    const [openai, anthropic, compatible] = fake!.requests;
    expect(openai).toMatchObject({
      path: '/v1/chat/completions',
      model: 'gpt-5.1',
      system: 'You plan.',
      headers: { authorization: `Bearer ${SECRET}`, 'accept-encoding': 'identity' },
      body: {
        stream: true,
        stream_options: { include_usage: true },
        max_completion_tokens: 1000,
        response_format: { type: 'json_schema', json_schema: { strict: true } },
      },
    });
    expect(anthropic).toMatchObject({
      path: '/v1/messages',
      model: 'claude-sonnet-4-5',
      system: 'You plan.',
      headers: { 'x-api-key': SECRET, 'anthropic-version': '2023-06-01' },
      body: { stream: true, max_tokens: 1000, output_config: { format: { type: 'json_schema' } } },
    });
    expect(compatible).toMatchObject({
      path: '/v1/chat/completions',
      model: 'local',
      body: { stream: true, max_tokens: 1000 },
    });
    expect(compatible!.body['response_format']).toMatchObject({ type: 'json_schema' });
  });

  it('Anthropic is told where its cache may end, and gets the same text', async () => {
    const routers = await start((request) => ({ kind: 'text', text: `got ${request.messages[0]!.content}` }));
    const prompt = { ...PROMPT, messages: [{ role: 'user' as const, content: 'one two three', stable: [3, 7] }] };
    expect((await ask(routers.anthropic, 'anthropic', { prompt })).text).toBe('got one two three');
    expect(fake!.requests[0]?.body).toMatchObject({
      system: [{ type: 'text', cache_control: { type: 'ephemeral' } }],
      messages: [
        {
          content: [
            { text: 'one', cache_control: { type: 'ephemeral' } },
            { text: ' two', cache_control: { type: 'ephemeral' } },
            { type: 'text', text: ' three' },
          ],
        },
      ],
    });
  });

  it('half a surrogate pair in a prompt leaves as a replacement character', async () => {
    const routers = await start((request) => ({ kind: 'text', text: `got ${request.messages[0]!.content}` }));
    for (const kind of KINDS) {
      expect(
        (await ask(routers[kind], kind, { prompt: { ...PROMPT, messages: [{ role: 'user', content: 'a\ud83db' }] } }))
          .text,
      ).toBe('got a\ufffdb');
    }
  });

  it.each(KINDS)('%s: hidden reasoning is no part of the answer', async (kind) => {
    const routers = await start(() => ({ kind: 'text', text: 'answer', reasoning: 'let me think about it' }));
    expect((await ask(routers[kind], kind)).text).toBe('answer');
  });

  it('compatible: estimates usage when the server reports none, and says so', async () => {
    const routers = await start(() => ({ kind: 'text', text: 'one two three four', usage: null }));
    const { usage } = await ask(routers.compatible, 'compatible');
    expect(usage.estimated).toBe(true);
    expect(usage.output_tokens).toBe(4);
    expect(usage.input_tokens).toBeGreaterThan(5);
  });

  it.each(KINDS)('%s: a slow reader holds the server back', async (kind) => {
    const routers = await start(() => ({ kind: 'text', text: 'a b c d e f', chunking: { mode: 'whole' } }));
    let running = 0;
    let most = 0;
    await ask(routers[kind], kind, {
      onToken: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 2));
        running -= 1;
      },
    });
    expect(most).toBe(1);
  });
});

describe('faults', () => {
  it.each(KINDS)('%s: 429 with retry-after', async (kind) => {
    const routers = await start(() => ({
      kind: 'status',
      status: 429,
      headers: { 'retry-after': '7' },
      type: 'rate_limit_error',
      message: 'slow down',
    }));
    const error = await failure(ask(routers[kind], kind));
    expect(error).toMatchObject({ code: 'MODEL_RATE_LIMITED', details: { retry_after_ms: 7000 } });
    expect(routers[kind].retryDelayMs(error, 1)).toBe(7000);
    expect(usageOf(error)).toBeNull();
  });

  it.each([
    [500, 'MODEL_UNAVAILABLE'],
    [502, 'MODEL_UNAVAILABLE'],
    [503, 'MODEL_UNAVAILABLE'],
    [529, 'MODEL_UNAVAILABLE'],
    [401, 'MODEL_AUTH'],
    [402, 'MODEL_AUTH'],
    [403, 'MODEL_AUTH'],
    [404, 'MODEL_UNKNOWN'],
    [422, 'MODEL_MALFORMED'],
  ] as const)('status %i is %s', async (status, code) => {
    const routers = await start(() => ({ kind: 'status', status }));
    for (const kind of KINDS) expect((await failure(ask(routers[kind], kind))).code).toBe(code);
  });

  it('429 for want of credit is not worth waiting for', async () => {
    const routers = await start(() => ({
      kind: 'status',
      status: 429,
      type: 'insufficient_quota',
      code: 'insufficient_quota',
      message: 'You exceeded your current quota.',
    }));
    const error = await failure(ask(routers.openai, 'openai'));
    expect(error).toMatchObject({ code: 'MODEL_AUTH', hint: expect.stringContaining('billing') });
    expect(routers.openai.retryDelayMs(error, 1)).toBeNull();
  });

  it('400 about the context is MODEL_CONTEXT_EXCEEDED in every dialect', async () => {
    const dialects = [
      { code: 'context_length_exceeded', message: 'Your input exceeds the context window of this model.' },
      { type: 'invalid_request_error', message: 'prompt is too long: 210000 tokens > 200000 maximum' },
      { type: 'BadRequestError', message: "This model's maximum context length is 32768 tokens." },
    ];
    const routers = await start((request) => ({ kind: 'status', status: 400, ...dialects[(request.number - 1) % 3] }));
    for (const kind of KINDS) expect((await failure(ask(routers[kind], kind))).code).toBe('MODEL_CONTEXT_EXCEEDED');
  });

  it('refuses a prompt beyond the context before sending it, with the numbers', async () => {
    const routers = await start(() => ({ kind: 'text', text: 'never' }));
    const error = await failure(
      ask(routers.anthropic, 'anthropic', {
        prompt: { ...PROMPT, messages: [{ role: 'user', content: 'word '.repeat(260_000) }] },
      }),
    );
    expect(error.code).toBe('MODEL_CONTEXT_EXCEEDED');
    expect(error.details).toMatchObject({ context_tokens: 200_000, limit_tokens: 199_000 });
    expect(error.message).toMatch(/about 26\d{4} tokens/);
    expect(fake!.requests).toHaveLength(0);
  });

  it.each(KINDS)('%s: silence before the headers', async (kind) => {
    const routers = await start(() => ({ kind: 'hang' }), { GENRTL_MODEL_FIRST_BYTE_TIMEOUT_MS: '80' });
    const error = await failure(ask(routers[kind], kind));
    expect(error).toMatchObject({ code: 'MODEL_TIMEOUT', details: { phase: 'first_byte' } });
    expect(usageOf(error)).toBeNull();
  });

  it.each(KINDS)('%s: silence in the middle is accounted for', async (kind) => {
    const routers = await start(() => ({ kind: 'stall', text: 'one two three' }), {
      GENRTL_MODEL_IDLE_TIMEOUT_MS: '400',
    });
    const error = await failure(ask(routers[kind], kind));
    expect(error).toMatchObject({ code: 'MODEL_TIMEOUT', details: { phase: 'idle' } });
    expect(usageOf(error)).toMatchObject({ output_tokens: 3, estimated: true });
  });

  it.each(KINDS)('%s: a dripping server ends at the total limit', async (kind) => {
    const routers = await start(() => ({ kind: 'text', text: 'drip '.repeat(200), everyMs: 20 }), {
      GENRTL_MODEL_TOTAL_TIMEOUT_MS: '300',
      GENRTL_MODEL_IDLE_TIMEOUT_MS: '5000',
    });
    expect(await failure(ask(routers[kind], kind))).toMatchObject({
      code: 'MODEL_TIMEOUT',
      details: { phase: 'total' },
    });
  });

  it.each(KINDS.flatMap((kind) => (['reset', 'end'] as const).map((how) => [kind, how] as const)))(
    '%s: a stream cut by %s is no answer',
    async (kind, how) => {
      const routers = await start(() => ({ kind: 'cut', text: 'half an answer', how }));
      const error = await failure(ask(routers[kind], kind));
      expect(error.code).toBe('MODEL_TRUNCATED');
      expect(usageOf(error)).toMatchObject({ output_tokens: 3, estimated: true });
    },
  );

  it.each([
    ['openai', 'length'],
    ['compatible', 'length'],
    ['anthropic', 'max_tokens'],
  ] as const)('%s: stop reason %s is truncation that no retry mends', async (kind, stop) => {
    const routers = await start(() => ({ kind: 'text', text: 'half', stop }));
    const error = await failure(ask(routers[kind], kind));
    expect(error.code).toBe('MODEL_TRUNCATED');
    expect(usageOf(error)?.estimated).toBe(false);
    expect(routers[kind].retryDelayMs(error, 1)).toBeNull();
  });

  it.each([
    ['openai', 'content_filter'],
    ['anthropic', 'refusal'],
  ] as const)('%s: stop reason %s is a refusal', async (kind, stop) => {
    const routers = await start(() => ({ kind: 'text', text: 'no', stop }));
    expect((await failure(ask(routers[kind], kind))).code).toBe('MODEL_REFUSED');
  });

  it.each(KINDS)('%s: an empty answer', async (kind) => {
    const routers = await start(() => ({ kind: 'text', text: '' }));
    expect((await failure(ask(routers[kind], kind))).code).toBe('MODEL_MALFORMED');
  });

  it.each([
    ['overloaded_error', 'MODEL_UNAVAILABLE'],
    ['rate_limit_error', 'MODEL_RATE_LIMITED'],
    ['authentication_error', 'MODEL_AUTH'],
  ] as const)('an error event %s inside the stream', async (type, code) => {
    const routers = await start(() => ({ kind: 'error-event', text: 'begun', type, message: 'sorry' }));
    for (const kind of KINDS) {
      const error = await failure(ask(routers[kind], kind));
      expect(error.code).toBe(code);
      expect(usageOf(error)?.output_tokens).toBeGreaterThan(0);
    }
  });

  it('malformed JSON, HTML and plain JSON', async () => {
    const answers = [
      { kind: 'raw', body: 'data: {"choices":[{"delta":{"content":"x"\n\n' },
      { kind: 'raw', headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' },
      { kind: 'raw', headers: { 'content-type': 'application/json' }, body: '{"choices":[]}' },
      { kind: 'raw', body: 'data: [1,2]\n\n' },
    ] as const;
    const routers = await start((request) => answers[(request.number - 1) % 4]!);
    for (const kind of KINDS) {
      for (const hint of ['not JSON', 'HTML', 'plain JSON', 'no object']) {
        const error = await failure(ask(routers[kind], kind));
        expect(error.code).toBe('MODEL_MALFORMED');
        expect(error.message).toContain(hint);
      }
    }
  });

  it('nobody listens', async () => {
    const routers = await start(() => ({ kind: 'hang' }));
    await fake!.close();
    for (const kind of KINDS)
      expect(await failure(ask(routers[kind], kind))).toMatchObject({
        code: 'MODEL_UNAVAILABLE',
        message: expect.stringContaining('ECONNREFUSED'),
      });
  });

  it('keys never appear in messages, whatever the server says', async () => {
    const routers = await start(() => ({
      kind: 'status',
      status: 401,
      message: `Incorrect API key provided: ${SECRET}. Or sk-other-ABCDEFGH12345 or Bearer abcdef.ghi\n\u001b[31m`,
    }));
    for (const kind of KINDS) {
      const error = await failure(ask(routers[kind], kind));
      const shown = JSON.stringify(error.toBody()) + String(error.stack) + String(error.cause);
      expect(shown).not.toContain(SECRET);
      expect(shown).not.toContain('ABCDEFGH12345');
      expect(shown).not.toContain('abcdef.ghi');
      expect(error.message).toContain('Incorrect API key provided: [key]');
      expect(error.message).not.toContain('\u001b');
    }
  });
});

describe('a proxy', () => {
  it('is used for other hosts, never for loopback, and NO_PROXY is heard', async () => {
    fake = await startFakeModels({ script: () => ({ kind: 'text', text: 'through the proxy' }) });
    const through = (env: Environment) =>
      buildModelRouter({
        config: readModelConfig({
          OPENAI_BASE_URL: 'http://models.invalid:8000/v1',
          GENRTL_MODEL: 'local',
          GENRTL_MODEL_PRICES: '{"local":{"input":"0","output":"0"}}',
          http_proxy: fake!.url,
          ...env,
        }),
        composer: unused,
      });
    expect((await ask(through({}), 'compatible')).text).toBe('through the proxy');
    expect(fake.requests[0]!.path).toBe('http://models.invalid:8000/v1/chat/completions');
    expect((await failure(ask(through({ NO_PROXY: 'models.invalid' }), 'compatible'))).code).toBe('MODEL_UNAVAILABLE');
    const direct = await ask(
      through({ OPENAI_BASE_URL: fake.openaiUrl, http_proxy: 'http://127.0.0.1:1' }),
      'compatible',
    );
    expect(direct.text).toBe('through the proxy');
  });
});

describe('cancelling', () => {
  it.each(['ends quietly', 'ends with an error'])('a provider that %s after the cancel gave no answer', async (how) => {
    const cancel = new AbortController();
    const router = buildModelRouter({
      config: readModelConfig({}),
      composer: {
        async call({ progress }) {
          progress.began();
          await progress.text('half');
          cancel.abort();
          if (how === 'ends with an error') throw new Error('socket hang up');
        },
      },
    });
    const call = router.call(router.choose('plan', null)[0]!, PROMPT, {
      signal: cancel.signal,
      onToken: () => undefined,
      catalog: [],
    });
    const error = await failure(call);
    expect(error.code).toBe('CANCELLED');
    expect(usageOf(error)).toMatchObject({ output_tokens: 1, estimated: true });
  });

  it.each(KINDS)('%s: before, while waiting and in mid-stream', async (kind) => {
    const routers = await start((request) =>
      request.number === 1 ? { kind: 'hang' } : { kind: 'stall', text: 'one two three four five' },
    );
    const aborted = await failure(ask(routers[kind], kind, { signal: AbortSignal.abort() }));
    expect(aborted.code).toBe('CANCELLED');
    expect(fake!.requests).toHaveLength(0);

    const waiting = new AbortController();
    setTimeout(() => {
      waiting.abort();
    }, 50);
    const early = await failure(ask(routers[kind], kind, { signal: waiting.signal }));
    expect(early.code).toBe('CANCELLED');
    expect(usageOf(early)).toBeNull();

    const streaming = new AbortController();
    let seen = 0;
    const late = await failure(
      ask(routers[kind], kind, {
        signal: streaming.signal,
        onToken: () => {
          seen += 1;
          if (seen === 5) streaming.abort();
        },
      }),
    );
    expect(late.code).toBe('CANCELLED');
    expect(usageOf(late)).toMatchObject({ output_tokens: 5, estimated: true });
  });
});
