// What is decided before a long document is worked on.
import { describe, expect, it } from 'vitest';
import { microUsd } from '@genrtl/contracts';
import { readAiRequest } from '@genrtl/contracts/http/ai.ts';
import { manual } from '@genrtl/core/chunks/fixtures/manual.ts';
import type { Pool } from '../db/index.ts';
import { outputAllowance, promptRoom } from '../flows/asking/window.ts';
import { FLOWS } from '../flows/index.ts';
import { partPrompt } from '../flows/long/part-prompts.ts';
import { createModelRouter } from '../models/index.ts';
import { countPromptTokens } from '../models/progress.ts';
import { NO_CONFIG } from './config.ts';
import { longWindowModel, planLong } from './preflight.ts';

const WINDOWS = [2_600, 4_000, 8_000, 32_000, 128_000];
const router = createModelRouter({
  env: {
    OPENAI_BASE_URL: 'http://127.0.0.1:1/v1',
    GENRTL_MODEL: 'w2600',
    GENRTL_MODEL_PRICES: JSON.stringify({
      ...Object.fromEntries(WINDOWS.map((context) => [`w${String(context)}`, { input: '1', output: '2', context }])),
      dear: { input: '50', output: '50', context: 200_000 },
      undeclared: { input: '0', output: '0' },
    }),
  },
});
const modelOf = (name: string) => router.choose('assist', `compatible/${name}`).slice(0, 1);
const document = `${manual('headed', 50, 31).join('')}\n\`\`\`v\n${"assign a = 8'h5a; // 漢字\n".repeat(300)}\`\`\`\n`;

describe('a long document', () => {
  it.each(['summarize', 'rewrite'] as const)('to %s has no part whose question exceeds any model', async (intent) => {
    const [flow] = FLOWS.intents[intent];
    const [template] = flow.templates;
    const request = readAiRequest(intent, {
      context: { ref: 'a'.repeat(64) },
      instruction: 'Keep every number.',
      options: { retention: 'none' },
    });
    for (const context of WINDOWS) {
      // the longest is divided in a worker
      const contextText = context === 128_000 ? document.repeat(2) : document;
      const window = { context, maxOutput: null };
      const reservedOutputTokens = outputAllowance(window, 8_192);
      const limits = {
        maxModelTokens: context,
        reservedOutputTokens,
        maxInputTokens: promptRoom(window, reservedOutputTokens),
      };
      const models = modelOf(`w${String(context)}`);
      const long = await planLong({
        // nothing is kept without retention, so nothing is looked up
        pool: null as unknown as Pool,
        accountId: 'me',
        router,
        request,
        flow,
        template,
        models,
        limits,
        contextText,
        config: NO_CONFIG,
      });
      expect(long.parts.map(({ before, text, after }) => before + text + after).join('')).toBe(contextText);
      const largest = long.parts.map((part) => partPrompt(long.strategy, template, request, part, limits));
      const most = largest.reduce((max, prompt) => Math.max(max, countPromptTokens(prompt)), 0);
      expect(most, `${intent} ${String(context)}`).toBeLessThanOrEqual(limits.maxInputTokens);
      expect(long.parts.length).toBeGreaterThan(10);
      expect(long.cost).toBeGreaterThan(0);
    }
  });

  it('goes whole to a longer window that costs no more than its parts', () => {
    const models = modelOf('w4000');
    const prompt = { tokens: 20_000, reserved: 2_000, expected: 1_000 };
    const chosen = longWindowModel(router, models, prompt, microUsd(30_000));
    expect(chosen?.id).toBe('compatible/w32000');
    // 20,000 tokens and an answer of 1,000 are 22,000 micro-dollars
    expect(longWindowModel(router, models, prompt, microUsd(21_999))).toBe(null);
    expect(longWindowModel(router, models, { ...prompt, tokens: 150_000 }, microUsd(900_000))).toBe(null);
    expect(longWindowModel(router, models, { ...prompt, tokens: 150_000 }, microUsd(9_000_000))?.id).toBe(
      'compatible/dear',
    );
    expect(longWindowModel(router, [], prompt, microUsd(9_000_000))).toBe(null);
  });
});
