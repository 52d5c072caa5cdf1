// Anthropic: the messages API with JSON output by schema.
import type { MessageCreateParamsStreaming } from '@anthropic-ai/sdk/resources/messages';
import type { Endpoint } from '../../config.ts';
import { createMessageReader } from '../../protocols/anthropic-messages.ts';
import { exchange } from '../../protocols/exchange.ts';
import type { Timeouts } from '../../transport/limits.ts';
import type { Provider } from '../provider.ts';

/** The version of the protocol that the reader was written for. */
const API_VERSION = '2023-06-01';

export interface AnthropicOptions {
  readonly endpoint: Endpoint;
  readonly timeouts: Timeouts;
  readonly secrets: readonly string[];
}

export function createAnthropicProvider({ endpoint, timeouts, secrets }: AnthropicOptions): Provider {
  const server = { title: 'Anthropic', secrets };
  return {
    async call({ model, card, prompt, signal, progress }) {
      const body: MessageCreateParamsStreaming = {
        model,
        system: prompt.system,
        messages: prompt.messages.map((message) => ({ role: message.role, content: message.content })),
        stream: true,
        max_tokens: Math.min(prompt.maxOutputTokens, card.maxOutput ?? Infinity),
        ...(prompt.schema === undefined ? {} : { output_config: { format: { type: 'json_schema', schema: prompt.schema } } }),
      };
      const reader = createMessageReader({ server, progress });
      const done = await exchange({
        url: `${endpoint.baseUrl}/v1/messages`,
        headers: { 'anthropic-version': API_VERSION, ...(endpoint.key === null ? {} : { 'x-api-key': endpoint.key }) },
        body, server, timeouts, signal,
        began: () => { progress.began(); },
        onEvent: (event) => reader.onEvent(event),
      });
      reader.finish(done);
    },
  };
}
