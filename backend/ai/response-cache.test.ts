// An answer is found again for the same question only.
import { describe, expect, it } from 'vitest';
import { readAiRequest, type AiRequestBody } from '@genrtl/contracts/http/ai.ts';
import type { ModelUsage } from '@genrtl/contracts';
import { FLOWS } from '../flows/index.ts';
import { cacheKey, ResponseCache, type CacheQuestion } from './response-cache.ts';

const limits = { maxModelTokens: null, reservedOutputTokens: 100, maxInputTokens: 10_000 };
const snapshot = 'a [START_SELECTION]b[END_SELECTION] c';

function question(body: AiRequestBody = {}, more: Partial<CacheQuestion> = {}): CacheQuestion {
  const request = readAiRequest('rewrite', { context: { text: 'x' }, selectionRef: { snapshot }, ...body });
  const [flow] = FLOWS.intents.rewrite;
  const [template] = flow.templates;
  return {
    accountId: 'one',
    flow,
    template,
    model: { id: 'compatible/m', provider: 'compatible', rateCard: 'card@1' },
    request,
    renderMode: 'atomic-patch',
    prompt: flow.prompt?.(request, request.context.text, limits, template).prompt ?? null,
    ...more,
  };
}

describe('the key', () => {
  const key = cacheKey(question());

  it('is the same for the same question, whoever carries it', () => {
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(cacheKey(question({ client: { runId: 'another' } }))).toBe(key);
    expect(cacheKey(question({ options: { budgetUsd: '1', cancelOnDisconnect: true } }))).toBe(key);
  });

  it.each<[string, CacheQuestion]>([
    ['another account', question({}, { accountId: 'two' })],
    ['another model', question({}, { model: { id: 'compatible/n', provider: 'compatible', rateCard: 'card@1' } })],
    ['another rate card', question({}, { model: { id: 'compatible/m', provider: 'compatible', rateCard: 'card@2' } })],
    ['another version of the flow', question({}, { flow: { ...FLOWS.intents.rewrite[0], version: 99 } })],
    ['another template', question({}, { template: { id: 'rewrite@v99', text: '' } })],
    ['another render mode', question({}, { renderMode: 'streaming-text' })],
    ['another option', question({ options: { temperature: 1 } })],
    ['another language', question({ options: { locale: 'zh-CN' } })],
    ['another schema', question({ schema: { type: 'string' } })],
    ['another selection', question({ selectionRef: { snapshot: 'a b[START_SELECTION][END_SELECTION] c' } })],
    ['another context', question({ context: { text: 'y' } })],
    ['other words', question({ instruction: 'shorter' })],
  ])('differs for %s', (_name, other) => {
    expect(cacheKey(other)).not.toBe(key);
  });

  it('is none where nothing may be kept, and for a conversation', () => {
    expect(cacheKey(question({ options: { retention: 'none' } }))).toBe(null);
    expect(cacheKey(question({}, { flow: FLOWS.intents.chat[0] }))).toBe(null);
  });
});

describe('the cache', () => {
  const usage = {} as ModelUsage;

  it('forgets after its time, and the oldest when it is full', () => {
    let now = 0;
    const cache = new ResponseCache(() => now);
    cache.put('a', { text: 'x', usage });
    expect(cache.get('a')?.text).toBe('x');
    now = 11 * 60_000;
    expect(cache.get('a')).toBe(null);
    for (const key of ['b', 'c', 'd']) cache.put(key, { text: 'x'.repeat(12 << 20), usage });
    expect([cache.get('b'), cache.get('d')?.text.length]).toEqual([null, 12 << 20]);
    expect(cache.get(null)).toBe(null);
  });
});
