// A model router and flows for tests of the durable machinery: what they answer is fixed, each upstream call is written
// to a file, so that calls can be counted over the deaths of processes.
import { appendFileSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import {
  GenrtlError,
  microUsd,
  type JobKind,
  type JobOutputOf,
  type JobRequest,
  type ModelUsage,
  type Plan,
} from '@genrtl/contracts';
import type { JobCtx } from '../flows/context.ts';
import type { ModelAnswer, ModelPrompt, ModelRouter, RoutedModel } from '../models/model.ts';
import { catalogOf } from '../flows/catalog.ts';
import { ASKS_A_MODEL, COMPUTES, jobFlow, steps, type JobFlow, type Step } from '../flows/flow.ts';
import { FLOWS } from '../flows/index.ts';

export const HOLD_MICRO = 50_000;

const MODELS: RoutedModel[] = [
  { id: 'fake/first', provider: 'compatible', rateCard: 'fake@1' },
  { id: 'fake/second', provider: 'compatible', rateCard: 'fake@1' },
];

/**
 * The prompt's system text scripts the call: `ok`, `slow`, `fail-first` (the first model fails, retried once), `hang`,
 * `silent` (hangs without a word), `spec`, `nul`, `breaks-once` (a job's second question has no answer when it is first
 * asked, of any model). Of an interactive prompt the person's words do.
 */
export function fakeRouter(upstreamFile: string): ModelRouter {
  return {
    list: () => [
      {
        id: 'fake/first',
        provider: 'compatible',
        priced: true,
        input_usd_per_mtok: '1.00',
        output_usd_per_mtok: '1.00',
        default_for: ['plan'],
      },
    ],
    choose: (_service, requested) => {
      if (requested === 'fake/unknown') throw new GenrtlError('MODEL_UNKNOWN', 'No such model');
      return MODELS;
    },
    window: () => ({ context: null, maxOutput: null }),
    maxCost: () => microUsd(HOLD_MICRO),
    costOf: () => microUsd(10_000),
    call: (model, prompt, options) => call(upstreamFile, model, prompt, options),
    refusal: () => null,
    retryDelayMs: (error, n) =>
      error instanceof GenrtlError && error.code === 'MODEL_RATE_LIMITED' && n < 2 ? 10 : null,
  };
}

async function call(
  upstreamFile: string,
  model: RoutedModel,
  prompt: ModelPrompt,
  { signal, onToken }: { signal: AbortSignal; onToken: (text: string) => void | Promise<void> },
): Promise<ModelAnswer> {
  appendFileSync(
    upstreamFile,
    `${prompt.composer?.request.job_id ?? 'ai'} ${prompt.messages[0]?.content ?? ''} ${model.id}\n`,
  );
  const script = prompt.service === 'assist' ? (prompt.messages.at(-1)?.content ?? '') : prompt.system;
  if (script === 'fail-first' && model.id === 'fake/first') throw new GenrtlError('MODEL_RATE_LIMITED', 'slow down');
  if (script === 'spec') throw new GenrtlError('SPEC_WIDTH', 'widths differ', { details: { diagnostics: [] } });
  const asked = prompt.messages[0]?.content ?? '';
  if (script === 'breaks-once' && asked.endsWith('/second')) {
    const before = upstreamCalls(upstreamFile, prompt.composer?.request.job_id ?? '').filter((line) =>
      line.includes(` ${asked} `),
    );
    if (before.length <= MODELS.length) throw new GenrtlError('MODEL_UNAVAILABLE', 'The server is away');
  }
  if (script === 'silent') {
    await delay(600_000, undefined, { signal, ref: false }).catch(() => {
      throw new GenrtlError('CANCELLED', 'Cancelled');
    });
  }
  for (let part = 0; part < (script === 'slow' || script === 'hang' ? 400 : 3); part++) {
    await onToken(`part ${part} `);
    await delay(script === 'slow' || script === 'hang' ? 10 : 1, undefined, { signal }).catch(() => {
      throw new GenrtlError('CANCELLED', 'Cancelled', {
        details: { usage: { ...usage(model), cost_usd: '0.004', estimated: true } },
      });
    });
    if (script === 'slow' && part > 8) break;
  }
  const name = prompt.messages[0]?.content ?? '';
  return { text: script === 'nul' ? `answer \u0000\ud800 ${name}` : `answer ${name}`, usage: usage(model) };
}

function usage(model: RoutedModel): ModelUsage {
  return {
    model: model.id,
    rate_card: model.rateCard,
    input_tokens: 100,
    output_tokens: 20,
    cached_tokens: 40,
    cost_usd: '0.01',
    estimated: false,
    ...(model.insteadOf === undefined ? {} : { instead_of: model.insteadOf }),
  };
}

/** The upstream calls that a job made, over all processes. */
export function upstreamCalls(upstreamFile: string, jobId: string): string[] {
  try {
    return readFileSync(upstreamFile, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith(`${jobId} `));
  } catch {
    return [];
  }
}

function prompt(script: string, name: string, context: JobCtx): ModelPrompt {
  return {
    service: 'plan',
    template: 'test@1',
    system: script,
    messages: [{ role: 'user', content: name }],
    maxOutputTokens: 100,
    composer: { spec: '', specName: 'spec.md', request: context.request },
  };
}

export function planNamed(title: string): Plan {
  return {
    title,
    summary: '',
    modules: [],
    cbb_requirements: [],
    verification: { checks: [] },
    files: [],
    assumptions: [],
    questions: [],
    top: { name: 'top', purpose: '', ports: [], parameters: [], clocks: [], resets: [], instances: [] },
  };
}

/** Two calls in every flow that has a specification; its text is the script. */
const reading: Step<JobCtx, JobRequest, { script: string; first: string }> = {
  name: 'reading',
  ...ASKS_A_MODEL,
  async run(request, context) {
    if (!('spec' in request)) throw new Error(`${request.kind} has no specification`);
    const script = (await context.readText(request.spec)).trim();
    const first = await context.ask('first', prompt(script, `${request.step_id}/first`, context));
    return { script, first: first.text };
  },
};

function checking<K extends JobKind>(
  output: (text: string) => JobOutputOf<K>,
): Step<JobCtx, { script: string; first: string }, JobOutputOf<K>> {
  return {
    name: 'checking',
    ...ASKS_A_MODEL,
    async run({ script, first }, context) {
      const second = await context.ask(
        'second',
        prompt(script === 'fail-first' ? 'ok' : script, `${context.request.step_id}/second`, context),
      );
      return output(`${first} + ${second.text}`);
    },
  };
}

const resolving: Step<JobCtx, JobRequest, JobRequest> = {
  name: 'resolving',
  ...COMPUTES,
  async run(request, context) {
    const quotes = await context.resolve([]);
    if (quotes.length > 0) throw new Error('none asked for');
    return request;
  },
};

const fakes: readonly JobFlow[] = [
  jobFlow({
    kind: 'plan',
    version: 1,
    services: ['plan'],
    steps: steps(
      reading,
      checking<'plan'>((text) => ({ kind: 'plan', plan: planNamed(text) })),
    ),
  }),
  jobFlow({
    kind: 'implement',
    version: 1,
    services: ['implement'],
    steps: steps(
      reading,
      checking<'implement'>((patch) => ({ kind: 'implement', patch })),
    ),
  }),
  jobFlow({
    kind: 'repair',
    version: 1,
    services: ['repair'],
    steps: steps(
      reading,
      checking<'repair'>((patch) => ({ kind: 'repair', patch })),
    ),
  }),
  jobFlow({
    kind: 'design',
    version: 1,
    services: ['plan', 'implement'],
    steps: steps(
      resolving,
      reading,
      checking<'design'>((text) => ({ kind: 'design', plan: planNamed(text), quotes: [], patch: '' })),
    ),
  }),
];

export const fakeFlows = catalogOf([
  ...FLOWS.list.filter(({ runner, name }) => runner === 'inline' || name.startsWith('cloud-')),
  ...fakes,
]);
