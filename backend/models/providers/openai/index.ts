// OpenAI: chat completions with strict JSON schema.
import { chatMessages, responseFormat, streamChatCompletion, temperatureOf } from '../../protocols/chat-completions.ts';
import type { Provider, ServerOptions } from '../provider.ts';

export function createOpenaiProvider({ endpoint, connection, secrets }: ServerOptions): Provider {
  const server = { title: 'OpenAI', secrets };
  return {
    call: (call) =>
      streamChatCompletion(
        { call, endpoint, connection, server, requireDone: true },
        {
          model: call.model,
          messages: chatMessages(call.prompt),
          stream: true,
          ...temperatureOf(call.prompt),
          stream_options: { include_usage: true },
          max_completion_tokens: Math.min(call.prompt.maxOutputTokens, call.card.maxOutput ?? Infinity),
          store: false,
          ...responseFormat(call.prompt),
        },
      ),
  };
}
