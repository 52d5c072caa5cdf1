// The steps of a flow that asks a model once: the prompt, then the draft.
import type { AiIntent } from '@genrtl/contracts';
import type { ModelPrompt } from '../../models/model.ts';
import type { FlowStep, IntentFlow, PromptTemplate } from './define-intent.ts';
import { promptOf } from './intent-prompt.ts';

interface OneAnswer {
  readonly intent: AiIntent;
  readonly version: number;
  readonly template: PromptTemplate;
  readonly timeoutMs?: number;
  readonly cached?: boolean;
}

export function oneAnswer({ intent, version, template, timeoutMs = 180_000, cached = true }: OneAnswer): IntentFlow {
  const prompt: IntentFlow['prompt'] = (request, text, limits) => promptOf(template, request, text, limits);
  const steps: readonly FlowStep[] = [
    {
      name: 'prompt_build',
      type: 'tool',
      deterministic: true,
      retryable: true,
      resumable: true,
      run: async (_input, context) => prompt(context.request, await context.contextText(), context.limits).prompt,
    },
    {
      name: 'draft',
      type: 'llm',
      deterministic: false,
      retryable: true,
      resumable: false,
      run: async (input, context) => {
        if (context.renderMode === 'atomic-patch') context.progress('calling_model');
        return context.ask('draft', input as ModelPrompt);
      },
    },
  ];
  return {
    name: intent,
    version,
    intent,
    template,
    steps,
    retry: { maxAttempts: 3, maxDelayMs: 4_000 },
    timeoutMs,
    cached,
    prompt,
  };
}
