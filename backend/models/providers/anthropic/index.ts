// Anthropic: the messages API with JSON output by schema.
import { streamMessage } from '../../protocols/anthropic-messages.ts';
import type { Provider, ServerOptions } from '../provider.ts';

export function createAnthropicProvider({ endpoint, connection, secrets }: ServerOptions): Provider {
  const server = { title: 'Anthropic', secrets };
  return {
    call: (call) =>
      streamMessage(
        { call, endpoint, connection, server },
        {
          model: call.model,
          system: call.prompt.system,
          messages: call.prompt.messages.map((message) => ({ role: message.role, content: message.content })),
          stream: true,
          max_tokens: Math.min(call.prompt.maxOutputTokens, call.card.maxOutput ?? Infinity),
          ...(call.prompt.schema === undefined
            ? {}
            : { output_config: { format: { type: 'json_schema', schema: call.prompt.schema } } }),
        },
      ),
  };
}
