// Breakers around whole answers: a clock that the test moves, and the real router before real servers.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GenrtlError } from '@genrtl/contracts';
import { startFakeModels } from '../../test/fakes/models/server.ts';
import type { FakeAnswer } from '../../test/fakes/models/script.ts';
import { Breaker, BreakerBoard, guarded } from './breaker.ts';
import { readModelConfig } from './config.ts';
import type { RoutedModel } from './model.ts';
import { withNotTried } from './retry.ts';
import { buildModelRouter } from './router.ts';
import { failure, PROMPT, unused } from './wire-fixture.ts';

let nowMs = 0;
const now = (): number => nowMs;
const random = (): number => 0.5;
const signal = new AbortController().signal;
const unavailable = (): Promise<never> => Promise.reject(new GenrtlError('MODEL_UNAVAILABLE', 'down'));

beforeEach(() => {
  nowMs = 1_000;
});

async function fail(breaker: Breaker, times: number): Promise<void> {
  for (let n = 0; n < times; n++) await failure(guarded(breaker, signal, unavailable));
}

describe('a breaker', () => {
  it('opens after five failures, is not tried while open, and lets exactly one call through afterwards', async () => {
    const breaker = new Breaker('openai/gpt', { now, random });
    await fail(breaker, 4);
    expect(breaker.snapshot.state).toBe('closed');
    await fail(breaker, 1);
    expect(breaker.snapshot).toMatchObject({ state: 'open', opened: 1, failures: 5 });

    let calls = 0;
    const refused = await failure(guarded(breaker, signal, async () => (calls += 1)));
    expect(refused).toMatchObject({ code: 'MODEL_UNAVAILABLE', details: { not_tried: true, retry_after_ms: 10_000 } });
    expect(refused.message).toBe(
      'openai/gpt was not tried: it keeps failing (MODEL_UNAVAILABLE); it is tried again in 10 s.',
    );
    nowMs += 9_999;
    await failure(guarded(breaker, signal, async () => (calls += 1)));
    expect(calls).toBe(0);

    nowMs += 1;
    const probe = Promise.withResolvers<string>();
    const first = guarded(breaker, signal, () => probe.promise);
    const others = await Promise.all([1, 2, 3].map(() => failure(guarded(breaker, signal, async () => (calls += 1)))));
    expect(others.map(({ details }) => details?.['not_tried'])).toEqual([true, true, true]);
    expect(calls).toBe(0);
    expect(breaker.snapshot.state).toBe('half_open');
    probe.resolve('well');
    await first;
    expect(breaker.snapshot).toMatchObject({ state: 'closed', failures: 0, opened: 1 });
    await guarded(breaker, signal, async () => (calls += 1));
    expect(calls).toBe(1);
  });

  it('rests twice as long after each failed try, two minutes at most', async () => {
    const breaker = new Breaker('t', { now, random });
    await fail(breaker, 5);
    const waits: unknown[] = [];
    for (let n = 0; n < 6; n++) {
      const wait = Number(breaker.refusal()?.details?.['retry_after_ms']);
      waits.push(wait);
      nowMs += wait;
      await fail(breaker, 1);
    }
    expect(waits).toEqual([10_000, 20_000, 40_000, 80_000, 120_000, 120_000]);
  });

  it('a reader who gives up teaches nothing, and frees the one try', async () => {
    const breaker = new Breaker('t', { now, random });
    const gone = new AbortController();
    gone.abort();
    for (let n = 0; n < 20; n++) await failure(guarded(breaker, gone.signal, unavailable));
    expect(breaker.snapshot).toMatchObject({ state: 'closed', failures: 0 });
    await fail(breaker, 5);
    nowMs += 10_000;
    await failure(guarded(breaker, gone.signal, unavailable));
    expect(breaker.snapshot.state).toBe('half_open');
    await guarded(breaker, signal, async () => 'well');
    expect(breaker.snapshot.state).toBe('closed');
  });

  it('refusals are answers; failures among many good answers, or long ago, open nothing', async () => {
    const breaker = new Breaker('t', { now, random });
    for (const code of ['MODEL_RATE_LIMITED', 'MODEL_AUTH', 'MODEL_REFUSED', 'MODEL_CONTEXT_EXCEEDED'] as const)
      for (let n = 0; n < 5; n++)
        await failure(guarded(breaker, signal, () => Promise.reject(new GenrtlError(code, 'no'))));
    for (const details of [{ output_limit: true }, { answer: 'empty' }])
      for (let n = 0; n < 5; n++)
        await failure(
          guarded(breaker, signal, () => Promise.reject(new GenrtlError('MODEL_TRUNCATED', 'full', { details }))),
        );
    expect(breaker.snapshot).toMatchObject({ state: 'closed', failures: 0 });
    for (let n = 0; n < 9; n++) {
      await guarded(breaker, signal, async () => 'well');
      await fail(breaker, n % 3 === 0 ? 1 : 0);
    }
    expect(breaker.snapshot.state).toBe('closed');
    nowMs += 60_001;
    await fail(breaker, 4);
    expect(breaker.snapshot).toMatchObject({ state: 'closed', failures: 4 });
  });

  it('an answer to a call from before the opening closes nothing', async () => {
    const breaker = new Breaker('t', { now, random });
    const slow = Promise.withResolvers<string>();
    const early = guarded(breaker, signal, () => slow.promise);
    await fail(breaker, 5);
    slow.resolve('well');
    await early;
    expect(breaker.snapshot.state).toBe('open');
  });
});

describe('the router with breakers', () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });

  /** Two providers on servers of their own; `broken` scripts the first. */
  async function route(broken: () => FakeAnswer) {
    let upstream = 0;
    const bad = await startFakeModels({
      script: () => {
        upstream += 1;
        return broken();
      },
    });
    const good = await startFakeModels({ script: () => ({ kind: 'text', text: 'an answer' }) });
    closing.push(
      () => bad.close(),
      () => good.close(),
    );
    const breakers = new BreakerBoard({ now, random });
    const config = readModelConfig({
      OPENAI_API_KEY: 'sk-canary-openai-1',
      ANTHROPIC_API_KEY: 'sk-canary-anthropic-1',
    });
    const router = buildModelRouter({
      config: {
        ...config,
        openai: { baseUrl: bad.openaiUrl, key: 'sk-canary-openai-1' },
        anthropic: { baseUrl: good.url, key: 'sk-canary-anthropic-1' },
      },
      composer: unused,
      breakers,
    });
    const ask = (model: RoutedModel, own: AbortSignal = signal) =>
      router.call(model, PROMPT, { signal: own, onToken: () => undefined, catalog: [] });
    return { router, breakers, ask, upstream: () => upstream, server: new URL(bad.url).host };
  }

  it('streams that break off in the middle open it; then the fallback answers and the target is left alone', async () => {
    const { router, breakers, ask, upstream, server } = await route(() => ({
      kind: 'cut',
      text: 'half of',
      how: 'reset',
    }));
    const [first, second] = router.choose('plan', null);
    for (let n = 0; n < 5; n++) expect((await failure(ask(first!))).code).toBe('MODEL_TRUNCATED');
    const refusal = router.refusal(first!);
    expect(refusal?.details?.['not_tried']).toBe(true);
    expect(router.retryDelayMs(refusal, 1)).toBeNull();
    await failure(ask(first!));
    expect(upstream()).toBe(5);
    expect(router.refusal(second!)).toBeNull();
    expect((await ask(second!)).text).toBe('an answer');
    expect(breakers.states()).toEqual([
      expect.objectContaining({ provider: 'openai', server, state: 'open', failures: 5, opened: 1 }),
      expect.objectContaining({ provider: 'anthropic', state: 'closed', failures: 0 }),
    ]);
    expect(JSON.stringify([breakers.states(), refusal?.toBody()])).not.toContain('canary');
    const told = withNotTried(new GenrtlError('MODEL_RATE_LIMITED', 'Anthropic limits requests (429).'), [refusal!]);
    expect(told.message).toMatch(/^Anthropic limits requests \(429\)\. openai\/\S+ was not tried: /);

    nowMs += 10_000;
    await failure(ask(first!));
    await failure(ask(first!));
    expect(upstream()).toBe(6);
  });

  it('answers that are given up by their readers leave it closed', async () => {
    const { router, breakers } = await route(() => ({ kind: 'stall', text: 'a long answer' }));
    const [first] = router.choose('plan', null);
    for (let n = 0; n < 6; n++) {
      const reader = new AbortController();
      const answer = failure(
        router.call(first!, PROMPT, { signal: reader.signal, onToken: () => reader.abort(), catalog: [] }),
      );
      expect((await answer).code).toBe('CANCELLED');
    }
    expect(breakers.states()).toEqual([expect.objectContaining({ state: 'closed', failures: 0 })]);
  });
});
