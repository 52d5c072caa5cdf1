// A router that tells of each upstream call: how long, how much, how it ended. What it says goes to metrics and traces.
import { GenrtlError, parseUsd, type ModelUsage } from '@genrtl/contracts';
import { signal } from '../telemetry/signals.ts';
import { traced, type TraceAttributes } from '../telemetry/traces.ts';
import type { ModelRouter } from './model.ts';
import { usageOf } from './progress.ts';

export function measured(router: ModelRouter): ModelRouter {
  return {
    ...router,
    call(model, prompt, options) {
      const begun = performance.now();
      let firstTokenMs: number | null = null;
      const report = (
        outcome: 'answered' | 'failed' | 'cancelled',
        code: string | null,
        usage: ModelUsage | null,
      ): TraceAttributes => {
        const costMicro = usage === null ? 0 : parseUsd(usage.cost_usd);
        signal('model_call', {
          provider: model.provider,
          model: model.id,
          outcome,
          code,
          firstTokenMs,
          durationMs: performance.now() - begun,
          inputTokens: usage?.input_tokens ?? 0,
          outputTokens: usage?.output_tokens ?? 0,
          cachedTokens: usage?.cached_tokens ?? 0,
          costMicro,
        });
        return {
          'gen_ai.usage.input_tokens': usage?.input_tokens ?? 0,
          'gen_ai.usage.output_tokens': usage?.output_tokens ?? 0,
          'genrtl.cost_micro_usd': costMicro,
        };
      };
      return traced(
        'model call',
        { 'gen_ai.provider.name': model.provider, 'gen_ai.request.model': model.id },
        async (annotate) => {
          try {
            const answer = await router.call(model, prompt, {
              ...options,
              onToken(text) {
                firstTokenMs ??= performance.now() - begun;
                return options.onToken(text);
              },
            });
            annotate(report('answered', null, answer.usage));
            return answer;
          } catch (error) {
            // A breaker's refusal is no call.
            if (error instanceof GenrtlError && error.details?.['not_tried'] === true) throw error;
            const code = error instanceof GenrtlError ? error.code : 'INTERNAL';
            const cancelled = options.signal.aborted || code === 'CANCELLED';
            annotate(report(cancelled ? 'cancelled' : 'failed', code, usageOf(error)));
            throw error;
          }
        },
      );
    },
  };
}
