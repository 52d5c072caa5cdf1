// Any server that speaks OpenAI's chat completions (vLLM, Ollama, llama.cpp, gateways): nothing is assumed beyond the core of the protocol.
import type { Endpoint } from '../../config.ts';
import { chatMessages, createChunkReader } from '../../protocols/chat-completions.ts';
import type { ChatCompletionsBody } from '../../protocols/chat-completions.ts';
import { exchange } from '../../protocols/exchange.ts';
import type { Timeouts } from '../../transport/limits.ts';
import type { Provider } from '../provider.ts';

export interface CompatibleOptions {
  readonly endpoint: Endpoint;
  readonly timeouts: Timeouts;
  readonly secrets: readonly string[];
}

export function createCompatibleProvider({ endpoint, timeouts, secrets }: CompatibleOptions): Provider {
  const server = { title: `The model server at ${new URL(endpoint.baseUrl).host}`, secrets };
  return {
    async call({ model, card, prompt, signal, progress }) {
      // Without a price nothing is bounded by money, and a server whose context is short refuses a large max_tokens:
      // then its own limit holds.
      const free = card.rates.output === 0 && card.maxOutput === null;
      const body: ChatCompletionsBody = {
        model,
        messages: chatMessages(prompt),
        stream: true,
        stream_options: { include_usage: true },
        ...(free ? {} : { max_tokens: Math.min(prompt.maxOutputTokens, card.maxOutput ?? Infinity) }),
      };
      const reader = createChunkReader({ server, progress, requireDone: false });
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
