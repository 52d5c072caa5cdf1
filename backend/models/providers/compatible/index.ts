// Any server that speaks OpenAI's chat completions (vLLM, Ollama, llama.cpp, gateways): what goes beyond the core of
// the protocol is left out once a server refuses it.
import { chatMessages, responseFormat, streamChatCompletion, temperatureOf } from '../../protocols/chat-completions.ts';
import type { Provider, ServerOptions } from '../provider.ts';

/** Tokens that every window has room for. */
const SHORT_ANSWER = 2_048;

export function createCompatibleProvider({ endpoint, connection, secrets }: ServerOptions): Provider {
  const server = { title: `The model server at ${new URL(endpoint.baseUrl).host}`, secrets };
  return {
    call(call) {
      // Without a price nothing is bounded by money, and a server whose context is short refuses a large max_tokens:
      // then its own limit holds.
      // A short answer is asked for as one all the same: somebody waits for it.
      const short = call.prompt.service === 'assist' && call.prompt.maxOutputTokens <= SHORT_ANSWER;
      const free = !short && call.card.rates.output === 0 && call.card.maxOutput === null;
      return streamChatCompletion(
        { call, endpoint, connection, server, requireDone: false },
        {
          model: call.model,
          messages: chatMessages(call.prompt),
          stream: true,
          ...temperatureOf(call.prompt),
          stream_options: { include_usage: true },
          ...responseFormat(call.prompt),
          ...(free ? {} : { max_tokens: Math.min(call.prompt.maxOutputTokens, call.card.maxOutput ?? Infinity) }),
        },
      );
    },
  };
}
