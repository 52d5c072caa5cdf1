// A flow that asks a model once: the prompt, then the draft.
import type { AiIntent } from '@genrtl/contracts';
import type { AiRequest } from '@genrtl/contracts/http/ai.ts';
import type { ModelPrompt } from '../../models/model.ts';
import type { InlineCtx } from '../context.ts';
import { ASKS_A_MODEL, COMPUTES, NO_TOOLS, steps, type InlineFlow, type PromptTemplate, type Step } from '../flow.ts';
import { answerLong } from '../long/answer-long.ts';
import { promptOf } from './intent-prompt.ts';

interface OneAnswer {
  readonly intent: AiIntent;
  readonly version: number;
  readonly template: PromptTemplate;
  readonly timeoutMs?: number;
  readonly cached?: boolean;
}

interface Made {
  readonly of: Parameters<typeof promptOf>;
  readonly made: ReturnType<typeof promptOf>;
}
const MADE = new WeakMap<AiRequest, Made>();

/** Admission has made it when the first step asks for it: nothing of it is written, or counted, again. */
function promptOnce(...of: Parameters<typeof promptOf>): ReturnType<typeof promptOf> {
  const [, request] = of;
  const known = MADE.get(request);
  if (known?.of.every((part, nth) => part === of[nth]) === true) return known.made;
  const made = promptOf(...of);
  MADE.set(request, { of, made });
  return made;
}

const promptBuild: Step<InlineCtx, unknown, ModelPrompt> = {
  name: 'prompt_build',
  ...COMPUTES,
  run: async (_input, { request, contextText, limits, template, long }) =>
    promptOnce(template, request, long === null ? await contextText() : '', limits).prompt,
};

const draft: Step<InlineCtx, ModelPrompt, string> = {
  name: 'draft',
  ...ASKS_A_MODEL,
  async run(prompt, ctx) {
    if (ctx.long !== null) return answerLong(ctx, ctx.long);
    if (ctx.renderMode === 'atomic-patch') ctx.emit({ type: 'progress', name: 'calling_model' });
    return (await ctx.ask('draft', prompt)).text;
  },
};

export function oneAnswer({ intent, version, template, timeoutMs = 180_000, cached = true }: OneAnswer): InlineFlow {
  return {
    runner: 'inline',
    name: intent,
    version,
    intent,
    templates: [template],
    steps: steps(promptBuild, draft),
    retry: { maxAttempts: 3, maxDelayMs: 4_000 },
    timeoutMs,
    budget: null,
    tools: NO_TOOLS,
    keepsPayloads: 'failure',
    cached,
    prompt: (request, text, limits, chosen) => promptOnce(chosen, request, text, limits),
  };
}
