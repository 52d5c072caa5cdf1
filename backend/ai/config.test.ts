// The configuration file: an example with every key reads, faults are told with their place and change nothing.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { readAiRequest } from '@genrtl/contracts/http/ai.ts';
import { AiConfigFile } from './config-file.ts';
import { limitsFor, readAiConfig, routeOf, unheeded, type AiConfig } from './config.ts';

const EXAMPLE = `version: 1
models:
  - name: gpt-4.1-mini
    provider: openai
    max_model_tokens: 128000
    reserved_output_tokens: 1024
    cost: { input_per_1k: 0.003, output_per_1k: 0.006 }
limits:
  default:
    max_input_tokens: auto
    budget_usd: 0.05
  chat:
    budget_usd: 0.5
lcg:
  chunking:
    strategy: markdown
    max_chunk_tokens: auto
    overlap_ratio: 0.08
  map:
    concurrency: 4
  reduce:
    aggregator: concat
rendering:
  defaults:
    "/api/chat": streaming-text
    "/api/edit": atomic-patch
routing:
  rules:
    - when: { intent: summarize, length: ">=80k" }
      use:  { model: long-context-priority }
    - when: { intent: rewrite, length: "<16k" }
      use:  { strategy: DIRECT, model: gpt-4.1-mini }
`;
const config = readAiConfig(EXAMPLE, 'ai.yaml') as AiConfig;

describe('the configuration', () => {
  it('routes by intent and length, bounds by intent and model', () => {
    const model = (intent: 'summarize' | 'rewrite', chars: number) =>
      routeOf(config, readAiRequest(intent, { instruction: 'x' }), chars).model;
    expect([model('summarize', 80_000), model('summarize', 79_999)]).toEqual(['long-context-priority', null]);
    expect([model('rewrite', 15_999), model('rewrite', 16_000)]).toEqual(['gpt-4.1-mini', null]);
    expect(limitsFor(config, 'chat', 'openai/gpt-4.1-mini')).toEqual({
      maxInputTokens: Infinity,
      maxModelTokens: 128_000,
      reservedOutputTokens: 1_024,
      budgetMicro: 500_000,
    });
    expect(limitsFor(config, 'ask', 'openai/other').budgetMicro).toBe(50_000);
  });

  it('what is not heeded is told', () => {
    expect(unheeded(config).map((text) => text.split(':')[0])).toEqual(['lcg', 'models']);
  });

  it.each([
    ['a field that there is not', 'version: 1\nlimit: {}\n', 2, 1],
    ['a length that is none', EXAMPLE.replace('">=80k"', '"many"'), 29, 42],
    [
      'a mode that a path does not have',
      EXAMPLE.replace('"/api/chat": streaming-text', '"/api/chat": atomic-patch'),
      25,
      18,
    ],
    ['no YAML', 'version: [1\n', 2, 1],
  ])('told with line and column: %s', (_name, text, line, column) => {
    expect(readAiConfig(text, 'ai.yaml')).toMatchObject([{ file: 'ai.yaml', code: 'CONFIG_INVALID', line, column }]);
  });
});

describe('the file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'genrtl-ai-config-'));
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('is read again when it changes; a faulty one keeps the earlier; one that is gone holds no more', async () => {
    const told: unknown[] = [];
    const log = {
      info: () => undefined,
      warn: () => undefined,
      error: (_text: string, more?: object) => told.push(more),
    };
    const path = join(folder, 'ai.yaml');
    const file = new AiConfigFile(path, log);
    await file.look();
    expect(file.current.routing.rules).toEqual([]);
    writeFileSync(path, EXAMPLE);
    await file.look();
    expect(file.current.routing.rules.length).toBe(2);
    writeFileSync(path, `${EXAMPLE}more: 1\n`);
    await file.look();
    expect(file.current.routing.rules.length).toBe(2);
    expect(told).toMatchObject([{ line: 33, column: 1 }]);
    rmSync(path);
    await file.look();
    expect(file.current.routing.rules).toEqual([]);
  });
});
