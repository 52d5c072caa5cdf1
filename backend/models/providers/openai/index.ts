// OpenAI: chat completions with strict JSON schema.
import { chatMessages, createChunkReader } from '../../protocols/chat-completions.ts';
import type { ChatCompletionsBody } from '../../protocols/chat-completions.ts';
import { exchange } from '../../protocols/exchange.ts';
import type { Endpoint } from '../../config.ts';
import type { Timeouts } from '../../transport/limits.ts';
import type { Provider } from '../provider.ts';

export interface OpenaiOptions {
  readonly endpoint: Endpoint;
  readonly timeouts: Timeouts;
  readonly secrets: readonly string[];
}

export function createOpenaiProvider({ endpoint, timeouts, secrets }: OpenaiOptions): Provider {
  const server = { title: 'OpenAI', secrets };
  return {
    async call({ model, card, prompt, signal, progress }) {
      const body: ChatCompletionsBody = {
        model,
        messages: chatMessages(prompt),
        stream: true,
        stream_options: { include_usage: true },
        max_completion_tokens: Math.min(prompt.maxOutputTokens, card.maxOutput ?? Infinity),
        store: false,
        ...(prompt.schema === undefined ? {} : {
          response_format: { type: 'json_schema', json_schema: { name: prompt.service, strict: true, schema: prompt.schema } },
        }),
      };
      const reader = createChunkReader({ server, progress, requireDone: true });
      const done = await exchange({
        url: `${endpoint.baseUrl}/chat/completions`,
        headers: endpoint.key === null ? {} : { authorization: `Bearer ${endpoint.key}` },
        body, server, timeouts, signal,
        began: () => { progress.began(); },
        onEvent: (event) => reader.onEvent(event),
      });
      reader.finish(done);
    },
  };
}
