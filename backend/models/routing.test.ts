import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readModelConfig, secretsOf } from './config.ts';
import type { Environment } from './config.ts';
import { KeyFile } from './key-file.ts';
import { showable } from './redact.ts';
import { buildModelRouter, type Routes } from './router.ts';
import { compatibleEndpoint } from './servers.ts';
import { unused } from './wire-fixture.ts';

const OPENAI = { OPENAI_API_KEY: 'sk-openai-test' };
const ANTHROPIC = { ANTHROPIC_API_KEY: 'sk-ant-test' };
const LOCAL = {
  OPENAI_BASE_URL: 'http://gpu:8000/v1',
  GENRTL_MODEL: 'llama',
  GENRTL_MODEL_PRICES: '{"llama":{"input":"0","output":"0"}}',
};
const router = (env: Environment) =>
  buildModelRouter({ config: readModelConfig(env), composer: { call: () => Promise.reject(new Error('unused')) } });
const ids = (env: Environment, service: 'plan' | 'implement' | 'repair', requested: string | null = null) =>
  router(env)
    .choose(service, requested)
    .map((model) => model.id);
const code = (value: string) => expect.objectContaining({ code: value });

describe('several servers', () => {
  const SERVERS = {
    GENRTL_MODEL_SERVERS: JSON.stringify([
      { name: 'gpu2', url: 'http://gpu2:8000/v1/', models: ['qwen3-coder', 'openai/gpt-oss-120b'], key_env: null },
      { name: 'gateway', url: 'https://gateway/v1', models: ['big'], key_env: 'GATEWAY_API_KEY' },
    ]),
    GATEWAY_API_KEY: 'sk-gateway-test',
    GENRTL_MODEL_PRICES:
      '{"qwen3-coder":{"input":"0","output":"0"},"openai/gpt-oss-120b":{"input":"0","output":"0"},"big":{"input":"1","output":"1"},"llama":{"input":"0","output":"0"}}',
  };

  it('a model goes to the server that lists it, and each gets its own key only', () => {
    const config = readModelConfig({ ...OPENAI, ...ANTHROPIC, ...SERVERS });
    expect(compatibleEndpoint(config, 'qwen3-coder')).toEqual({ baseUrl: 'http://gpu2:8000/v1', key: null });
    expect(compatibleEndpoint(config, 'big')).toEqual({ baseUrl: 'https://gateway/v1', key: 'sk-gateway-test' });
    expect(compatibleEndpoint(config, 'unknown')).toBeNull();
    expect([...secretsOf(config)]).toContain('sk-gateway-test');
    const env = { ...OPENAI, ...ANTHROPIC, ...SERVERS };
    expect(ids(env, 'plan', 'qwen3-coder')).toEqual(['compatible/qwen3-coder']);
    expect(ids(env, 'plan', 'openai/gpt-oss-120b')).toEqual(['compatible/openai/gpt-oss-120b']);
    expect(ids(env, 'plan', 'compatible/big')).toEqual(['compatible/big']);
    expect(() => ids(env, 'plan', 'compatible/unknown')).toThrowError(code('MODEL_UNKNOWN'));
    expect(
      router(env)
        .list()
        .map(({ id }) => id),
    ).toEqual(expect.arrayContaining(['compatible/big', 'compatible/qwen3-coder']));
  });

  it('beside the first server, and alone', () => {
    const both = readModelConfig({ ...LOCAL, ...SERVERS });
    expect(compatibleEndpoint(both, 'llama')?.baseUrl).toBe('http://gpu:8000/v1');
    expect(ids({ ...LOCAL, ...SERVERS }, 'plan')).toEqual(['compatible/llama']);
    expect(ids({ ...LOCAL, ...SERVERS }, 'plan', 'big')).toEqual(['compatible/big']);
    expect(ids(SERVERS, 'plan')).toEqual(['compatible/qwen3-coder']);
    expect(ids({ ...SERVERS, GENRTL_MODEL: 'big' }, 'plan')).toEqual(['compatible/big']);
    // the person's own providers stay first choice
    expect(ids({ ...ANTHROPIC, ...SERVERS }, 'implement')[0]).toBe('anthropic/claude-sonnet-5-5');
  });

  it.each([
    '{',
    '[{"name":"x"}]',
    '[{"name":"x","url":"http://x","models":["m"],"key_env":"OPENAI_API_KEY"}]',
    '[{"name":"x","url":"ftp://x","models":["m"],"key_env":null}]',
  ])('%s is USAGE', (text) => {
    expect(() => readModelConfig({ GENRTL_MODEL_SERVERS: text })).toThrowError(code('USAGE'));
  });
});

describe('default routing', () => {
  it('plans with OpenAI and writes code with Anthropic, each the other’s fallback', () => {
    const env = { ...OPENAI, ...ANTHROPIC };
    expect(ids(env, 'plan')).toEqual(['openai/gpt-6.1-sol', 'anthropic/claude-sonnet-5-5']);
    expect(ids(env, 'implement')).toEqual(['anthropic/claude-sonnet-5-5', 'openai/gpt-6.1-sol']);
    expect(ids(env, 'repair')).toEqual(['anthropic/claude-sonnet-5-5', 'openai/gpt-6.1-sol']);
  });

  it('uses what is there', () => {
    for (const service of ['plan', 'implement', 'repair'] as const) {
      expect(ids(OPENAI, service)).toEqual(['openai/gpt-6.1-sol']);
      expect(ids(ANTHROPIC, service)).toEqual(['anthropic/claude-sonnet-5-5']);
      expect(ids(LOCAL, service)).toEqual(['compatible/llama']);
      expect(ids({}, service)).toEqual(['builtin/composer']);
    }
    expect(ids({ ...LOCAL, ...ANTHROPIC }, 'plan')).toEqual(['compatible/llama', 'anthropic/claude-sonnet-5-5']);
    expect(ids({ ...LOCAL, ...ANTHROPIC }, 'implement')).toEqual(['anthropic/claude-sonnet-5-5', 'compatible/llama']);
  });

  it('empty variables count as unset', () => {
    expect(ids({ OPENAI_API_KEY: ' ', OPENAI_BASE_URL: '', ANTHROPIC_API_KEY: '' }, 'plan')).toEqual([
      'builtin/composer',
    ]);
  });

  it('a server without a model name is not passed over in silence', () => {
    expect(() => ids({ OPENAI_BASE_URL: 'http://gpu:8000/v1' }, 'plan')).toThrowError(code('MODEL_UNKNOWN'));
    expect(ids({ OPENAI_BASE_URL: 'http://gpu:8000/v1', ...ANTHROPIC }, 'plan')).toEqual([
      'anthropic/claude-sonnet-5-5',
    ]);
  });

  it('GENRTL_MODEL also picks among a provider’s models', () => {
    expect(ids({ ...OPENAI, GENRTL_MODEL: 'gpt-5.1' }, 'plan')).toEqual(['openai/gpt-5.1']);
    expect(ids({ ...OPENAI, ...ANTHROPIC, GENRTL_MODEL: 'anthropic/claude-opus-5-5' }, 'plan')).toEqual([
      'openai/gpt-6.1-sol',
      'anthropic/claude-opus-5-5',
    ]);
  });
});

describe('names', () => {
  it.each([
    [OPENAI, 'gpt-5.1', 'openai/gpt-5.1'],
    [OPENAI, 'openai/gpt-5.1-2025-11-13', 'openai/gpt-5.1-2025-11-13'],
    [{ ...OPENAI, ...ANTHROPIC }, 'claude-haiku-4-5', 'anthropic/claude-haiku-4-5'],
    [LOCAL, 'llama', 'compatible/llama'],
    [LOCAL, 'compatible/llama', 'compatible/llama'],
    [
      { ...LOCAL, GENRTL_MODEL_PRICES: '{"meta-llama/Llama-3":{"input":"0","output":"0"}}' },
      'meta-llama/Llama-3',
      'compatible/meta-llama/Llama-3',
    ],
    [
      { ...LOCAL, GENRTL_MODEL_PRICES: '{"openai/gpt-oss-120b":{"input":"0","output":"0"}}' },
      'openai/gpt-oss-120b',
      'compatible/openai/gpt-oss-120b',
    ],
    [{ ...LOCAL, GENRTL_MODEL_PRICES: '{"compatible/qwen":{"input":"0","output":"0"}}' }, 'qwen', 'compatible/qwen'],
    [
      { ...ANTHROPIC, GENRTL_MODEL_PRICES: '{"my-finetune":{"input":"1","output":"1"}}' },
      'my-finetune',
      'anthropic/my-finetune',
    ],
    [OPENAI, 'builtin/composer', 'builtin/composer'],
    [OPENAI, 'composer', 'builtin/composer'],
  ] as [Environment, string, string][])('%j %s → %s', (env, requested, id) => {
    expect(ids(env, 'plan', requested)).toEqual([id]);
  });

  it.each([
    [OPENAI, 'claude-sonnet-4-5', 'MODEL_UNKNOWN'],
    [OPENAI, 'anthropic/claude-sonnet-4-5', 'MODEL_UNKNOWN'],
    [{}, 'gpt-5.1', 'MODEL_UNKNOWN'],
    [{ ...OPENAI, ...ANTHROPIC }, 'whatever', 'MODEL_UNKNOWN'],
    [{}, 'builtin/other', 'MODEL_UNKNOWN'],
    [OPENAI, 'gpt-99', 'MODEL_UNPRICED'],
    [LOCAL, 'mistral', 'MODEL_UNPRICED'],
    [LOCAL, 'gpt-5.1', 'MODEL_UNPRICED'],
  ] as [Environment, string, string][])('%j %s is %s', (env, requested, expected) => {
    expect(() => ids(env, 'plan', requested)).toThrowError(code(expected));
  });

  it('a fallback without a price is left out, a first choice without one refused', () => {
    const unpriced = { OPENAI_BASE_URL: 'http://gpu:8000/v1', GENRTL_MODEL: 'llama', ...ANTHROPIC };
    expect(ids(unpriced, 'implement')).toEqual(['anthropic/claude-sonnet-5-5']);
    expect(() => ids(unpriced, 'plan')).toThrowError(code('MODEL_UNPRICED'));
  });
});

describe('the list', () => {
  it('names every model with its price and what it is the default for', () => {
    const list = router({ ...OPENAI, ...ANTHROPIC }).list();
    expect(list.find((model) => model.id === 'openai/gpt-6.1-sol')).toEqual({
      id: 'openai/gpt-6.1-sol',
      provider: 'openai',
      priced: true,
      input_usd_per_mtok: '2.00',
      output_usd_per_mtok: '10.00',
      default_for: ['plan'],
    });
    expect(list.find((model) => model.id === 'anthropic/claude-sonnet-5-5')?.default_for).toEqual([
      'implement',
      'repair',
      'assist',
    ]);
    expect(list.at(-1)).toMatchObject({ id: 'builtin/composer', priced: true, default_for: [] });
    expect(router({}).list()).toEqual([
      expect.objectContaining({ id: 'builtin/composer', default_for: ['plan', 'implement', 'repair'] }),
    ]);
    expect(router({ OPENAI_BASE_URL: 'http://gpu:8000/v1', GENRTL_MODEL: 'llama' }).list()).toContainEqual(
      expect.objectContaining({ id: 'compatible/llama', priced: false, input_usd_per_mtok: null }),
    );
  });

  it('holds no key', () => {
    expect(JSON.stringify(router({ ...OPENAI, ...ANTHROPIC }).list())).not.toMatch(/sk-/);
  });
});

describe('configuration', () => {
  it.each([
    { OPENAI_BASE_URL: 'not a url' },
    { OPENAI_BASE_URL: 'ftp://x/v1' },
    { OPENAI_BASE_URL: 'http://user:pw@x/v1' },
    { OPENAI_BASE_URL: 'http://x/v1?key=1' },
    { OPENAI_API_KEY: 'a\r\nx-evil: 1' },
    { GENRTL_MODEL_IDLE_TIMEOUT_MS: 'soon' },
    { GENRTL_MODEL_PRICES: '{' },
  ])('%j is USAGE', (env) => {
    expect(() => readModelConfig(env)).toThrowError(code('USAGE'));
  });

  it('api.openai.com stays OpenAI, anything else is compatible, with or without a key', () => {
    expect(readModelConfig({ ...OPENAI, OPENAI_BASE_URL: 'https://api.openai.com/v1/' })).toMatchObject({
      openai: { baseUrl: 'https://api.openai.com/v1' },
      compatible: null,
    });
    expect(readModelConfig({ OPENAI_BASE_URL: 'http://gpu:8000/v1/' })).toMatchObject({
      openai: null,
      compatible: { baseUrl: 'http://gpu:8000/v1', key: null },
    });
    expect(readModelConfig({ ...ANTHROPIC, ANTHROPIC_BASE_URL: 'http://proxy/v1' })).toMatchObject({
      anthropic: { baseUrl: 'http://proxy' },
    });
  });

  it('the environment wins over settings', () => {
    expect(
      readModelConfig(OPENAI, {
        openaiApiKey: 'other',
        anthropicApiKey: 'a',
        prices: { m: { input: '1', output: '1' } },
      }),
    ).toMatchObject({ openai: { key: 'sk-openai-test' }, anthropic: { key: 'a' }, prices: { m: { input: '1' } } });
  });

  it('a model chosen before its server was unset cannot be called', () => {
    expect(() =>
      router({}).maxCost({ id: 'openai/gpt-5.1', provider: 'openai', rateCard: 'x' }, {} as never),
    ).toThrowError(code('MODEL_UNKNOWN'));
  });
});

describe('what an operator changes while it runs', () => {
  it('routes are asked for with each choice; servers that are not there are left out', () => {
    let routes: Routes = {};
    const router = buildModelRouter({
      config: readModelConfig({ OPENAI_API_KEY: 'sk-1', ANTHROPIC_API_KEY: 'sk-2' }),
      composer: unused,
      routes: () => routes,
    });
    const plan = () => router.choose('plan', null).map(({ id }) => id);
    const before = plan();
    routes = { plan: ['anthropic/claude-sonnet-4-5', 'compatible/llama3', 'openai/gpt-5.1'] };
    expect(plan()).toEqual(['anthropic/claude-sonnet-4-5', 'openai/gpt-5.1']);
    expect(router.choose('plan', 'openai/gpt-5.1').map(({ id }) => id)).toEqual(['openai/gpt-5.1']);
    routes = {};
    expect(plan()).toEqual(before);
  });

  it('a key in a file is rotated without a restart, and earlier ones stay secret', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'genrtl-key-'));
    const file = join(folder, 'key');
    let nowMs = 0;
    writeFileSync(file, 'canary-first-key\n');
    const keys = new KeyFile('OPENAI_API_KEY_FILE', file, () => nowMs);
    expect(keys.key).toBe('canary-first-key');
    writeFileSync(file, 'canary-second-key-longer\n');
    nowMs += 1_000;
    expect(keys.key).toBe('canary-second-key-longer');
    writeFileSync(file, '');
    nowMs += 1_000;
    expect(keys.key).toBe('canary-second-key-longer');
    rmSync(file);
    nowMs += 1_000;
    expect(keys.key).toBe('canary-second-key-longer');
    expect(keys.all).toEqual(['canary-first-key', 'canary-second-key-longer']);

    writeFileSync(file, 'canary-third-key');
    const config = readModelConfig({ OPENAI_API_KEY_FILE: file });
    expect(config.openai?.key).toBe('canary-third-key');
    expect(showable('wrong key canary-third-key', secretsOf(config))).toBe('wrong key [key]');
    expect(() => readModelConfig({ OPENAI_API_KEY_FILE: join(folder, 'none') })).toThrow('holds no key');
    rmSync(folder, { recursive: true });
  });
});
