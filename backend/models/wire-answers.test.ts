// Answers over the real protocols: what is sent, what comes back, and the way through a proxy.
import { afterEach, describe, expect, it } from 'vitest';
import type { ModelPrompt } from './model.ts';
import { readModelConfig } from './config.ts';
import type { Environment } from './config.ts';
import { buildModelRouter } from './router.ts';
import { KINDS, MODELS, PROMPT, SECRET, ask, closeFake, failure, fake, serve, start, unused } from './wire-fixture.ts';

afterEach(closeFake);

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

describe('a proxy', () => {
  it('is used for other hosts, never for loopback, and NO_PROXY is heard', async () => {
    const proxy = await serve(() => ({ kind: 'text', text: 'through the proxy' }));
    const through = (env: Environment) =>
      buildModelRouter({
        config: readModelConfig({
          OPENAI_BASE_URL: 'http://models.invalid:8000/v1',
          GENRTL_MODEL: 'local',
          GENRTL_MODEL_PRICES: '{"local":{"input":"0","output":"0"}}',
          http_proxy: proxy.url,
          ...env,
        }),
        composer: unused,
      });
    expect((await ask(through({}), 'compatible')).text).toBe('through the proxy');
    expect(proxy.requests[0]!.path).toBe('http://models.invalid:8000/v1/chat/completions');
    expect((await failure(ask(through({ NO_PROXY: 'models.invalid' }), 'compatible'))).code).toBe('MODEL_UNAVAILABLE');
    const direct = await ask(
      through({ OPENAI_BASE_URL: proxy.openaiUrl, http_proxy: 'http://127.0.0.1:1' }),
      'compatible',
    );
    expect(direct.text).toBe('through the proxy');
  });
});
