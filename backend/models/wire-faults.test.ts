// Faults of model servers by name, and calls that are cancelled.
import { afterEach, describe, expect, it } from 'vitest';
import { readModelConfig } from './config.ts';
import { usageOf } from './progress.ts';
import { buildModelRouter } from './router.ts';
import { KINDS, PROMPT, SECRET, ask, closeFake, failure, fake, start } from './wire-fixture.ts';

afterEach(closeFake);

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
