// The real router before servers that speak the real protocols: one fake, asked by each kind of provider.
import type { GenrtlError } from '@genrtl/contracts';
import { startFakeModels } from '../../test/fakes/models/server.ts';
import type { FakeModels } from '../../test/fakes/models/server.ts';
import type { FakeScript } from '../../test/fakes/models/script.ts';
import type { ModelPrompt, ModelRouter } from './model.ts';
import { readModelConfig } from './config.ts';
import type { Environment } from './config.ts';
import { buildModelRouter } from './router.ts';

export const SECRET = 'sk-test-0123456789abcdef';
export const PROMPT: ModelPrompt = {
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
export const unused = { call: () => Promise.reject(new Error('the composer was not expected')) };

/** The server of the present test. */
export let fake: FakeModels | undefined;
export async function closeFake(): Promise<void> {
  await fake?.close();
  fake = undefined;
}

export async function serve(script: FakeScript): Promise<FakeModels> {
  fake = await startFakeModels({ script });
  return fake;
}

/** All three server kinds point at the same fake; which one answers follows from the model's name. */
export async function start(
  script: FakeScript,
  env: Environment = {},
): Promise<Record<'openai' | 'anthropic' | 'compatible', ModelRouter>> {
  const fake = await serve(script);
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

export const MODELS = {
  openai: 'openai/gpt-5.1',
  anthropic: 'anthropic/claude-sonnet-4-5',
  compatible: 'compatible/local',
} as const;
export const KINDS = ['openai', 'anthropic', 'compatible'] as const;

export async function ask(
  router: ModelRouter,
  kind: keyof typeof MODELS,
  options: { signal?: AbortSignal; onToken?: (text: string) => void | Promise<void>; prompt?: ModelPrompt } = {},
) {
  const [model] = router.choose('plan', MODELS[kind]);
  if (model === undefined) throw new Error(`no model answers to ${MODELS[kind]}`);
  return router.call(model, options.prompt ?? PROMPT, {
    signal: options.signal ?? new AbortController().signal,
    onToken: options.onToken ?? (() => undefined),
    catalog: [],
  });
}

export async function failure(promise: Promise<unknown>): Promise<GenrtlError> {
  return promise.then(
    () => {
      throw new Error('expected a failure');
    },
    (error: unknown) => error as GenrtlError,
  );
}
