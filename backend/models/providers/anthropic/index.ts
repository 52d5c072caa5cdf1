// Anthropic: the messages API with JSON output by schema.
import type { TextBlockParam } from '@anthropic-ai/sdk/resources/messages';
import { streamMessage } from '../../protocols/anthropic-messages.ts';
import type { Provider, ServerOptions } from '../provider.ts';

const EPHEMERAL = { type: 'ephemeral' } as const;
/** The protocol takes four breakpoints a request; one stands behind the system text. */
const MAX_BREAKPOINTS = 3;

/** The message cut where a cache may end. A text without such places stays one string. */
function blocksOf(content: string, stable: readonly number[] = []): string | TextBlockParam[] {
  const cuts = stable.filter((at) => at > 0 && at < content.length).slice(-MAX_BREAKPOINTS);
  if (cuts.length === 0) return content;
  return [...cuts, content.length].map((end, nth) => ({
    type: 'text',
    text: content.slice(cuts[nth - 1] ?? 0, end),
    ...(end === content.length ? {} : { cache_control: EPHEMERAL }),
  }));
}

export function createAnthropicProvider({ endpoint, connection, secrets }: ServerOptions): Provider {
  const server = { title: 'Anthropic', secrets };
  return {
    call: (call) =>
      streamMessage(
        { call, endpoint, connection, server },
        {
          model: call.model,
          system: [{ type: 'text', text: call.prompt.system, cache_control: EPHEMERAL }],
          messages: call.prompt.messages.map(({ role, content, stable }) => ({
            role,
            content: blocksOf(content, stable),
          })),
          stream: true,
          ...(call.prompt.temperature === undefined ? {} : { temperature: Math.min(call.prompt.temperature, 1) }),
          max_tokens: Math.min(call.prompt.maxOutputTokens, call.card.maxOutput ?? Infinity),
          ...(call.prompt.schema === undefined
            ? {}
            : { output_config: { format: { type: 'json_schema', schema: call.prompt.schema } } }),
        },
      ),
  };
}
