// The chat-completions protocol as OpenAI defines it and many servers speak it: request body, streamed chunks, end of
// answer, usage.
import { GenrtlError } from '@genrtl/contracts';
import type { EventSourceMessage } from 'eventsource-parser';
import type { ChatCompletionCreateParamsStreaming } from 'openai/resources/chat/completions';
import type { ModelPrompt } from '../model.ts';
import { errorReportOf, fromReport, isRecord } from '../failures.ts';
import type { ServerName } from '../failures.ts';
import type { Endpoint } from '../config.ts';
import type { Progress, ProviderCall } from '../providers/provider.ts';
import { MAX_ANSWER_CHARS } from '../transport/limits.ts';
import type { Connection } from '../transport/limits.ts';
import { tokenCount } from './counts.ts';
import { exchange, outputLimit } from './exchange.ts';

export type ChatCompletionsBody = ChatCompletionCreateParamsStreaming;

/** System and conversation as this protocol wants them. */
export function chatMessages(prompt: ModelPrompt): ChatCompletionsBody['messages'] {
  return [
    { role: 'system', content: prompt.system },
    ...prompt.messages.map((message) => ({ role: message.role, content: message.content })),
  ];
}

export interface ChatTarget {
  readonly call: ProviderCall;
  readonly endpoint: Endpoint;
  readonly connection: Connection;
  readonly server: ServerName;
  /** see ChunkReaderOptions */
  readonly requireDone: boolean;
}

/** One request and its whole answer, through the call's progress. Throws GenrtlError. */
export async function streamChatCompletion(
  { call, endpoint, connection, server, requireDone }: ChatTarget,
  body: ChatCompletionsBody,
): Promise<void> {
  const reader = createChunkReader({ server, progress: call.progress, requireDone });
  reader.finish(
    await exchange({
      url: `${endpoint.baseUrl}/chat/completions`,
      headers: endpoint.key === null ? {} : { authorization: `Bearer ${endpoint.key}` },
      body,
      server,
      connection,
      signal: call.signal,
      began: () => {
        call.progress.began();
      },
      onEvent: (event) => reader.onEvent(event),
    }),
  );
}

export interface ChunkReader {
  onEvent(event: EventSourceMessage): 'more' | 'done' | Promise<'more' | 'done'>;
  /**
   * Call once when the stream ended; `done` tells whether `[DONE]` came. Throws MODEL_TRUNCATED, MODEL_REFUSED,
   * MODEL_MALFORMED.
   */
  finish(done: boolean): void;
}

export interface ChunkReaderOptions {
  readonly server: ServerName;
  readonly progress: Progress;
  /** OpenAI always ends with `[DONE]`; of other servers a finish reason is accepted too */
  readonly requireDone: boolean;
}

export function createChunkReader({ server, progress, requireDone }: ChunkReaderOptions): ChunkReader {
  let finishReason: string | null = null;
  let chars = 0;
  let refused = false;

  function malformed(what: string): GenrtlError {
    return new GenrtlError('MODEL_MALFORMED', `${server.title} sent ${what}.`);
  }

  return {
    onEvent(event) {
      if (event.data === '[DONE]') return 'done';
      let json: unknown;
      try {
        json = JSON.parse(event.data);
      } catch {
        throw malformed('an event that is not JSON');
      }
      if (!isRecord(json)) throw malformed('an event that is no object');
      if (json['error'] !== undefined && json['error'] !== null) {
        throw fromReport(errorReportOf(json) ?? { type: '', code: '', message: '' }, server);
      }
      // Only the fields that are read are trusted, and each is checked as it is read.
      const choices: unknown = json['choices'];
      const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
      if (isRecord(choice) && typeof choice['finish_reason'] === 'string') finishReason = choice['finish_reason'];
      // Some servers report a running count with every chunk; the one at or after the finish reason is the whole.
      readUsage(json['usage'], progress, finishReason !== null);
      const delta = isRecord(choice) ? choice['delta'] : undefined;
      if (!isRecord(delta)) return 'more';
      for (const field of ['reasoning_content', 'reasoning']) {
        const reasoning = delta[field];
        if (typeof reasoning === 'string') progress.hidden(reasoning);
      }
      if (typeof delta['refusal'] === 'string' && delta['refusal'] !== '') refused = true;
      const text = delta['content'];
      if (typeof text !== 'string' || text === '') return 'more';
      chars += text.length;
      if (chars > MAX_ANSWER_CHARS) throw malformed(`an answer of more than ${String(MAX_ANSWER_CHARS)} characters`);
      const accepted = progress.text(text);
      return accepted === undefined ? 'more' : accepted.then(() => 'more' as const);
    },
    finish(done) {
      if (finishReason === 'length') throw outputLimit();
      if (refused || finishReason === 'content_filter')
        throw new GenrtlError('MODEL_REFUSED', `${server.title} declined to answer.`);
      if (!done && (requireDone || finishReason === null)) {
        throw new GenrtlError('MODEL_TRUNCATED', `${server.title} ended its answer without the end marker.`);
      }
      if (finishReason !== null && finishReason !== 'stop')
        throw malformed('an answer that calls tools although it was given none');
      if (chars === 0) throw malformed('an empty answer');
    },
  };
}

function readUsage(usage: unknown, progress: Progress, finished: boolean): void {
  if (!isRecord(usage)) return;
  const details = isRecord(usage['prompt_tokens_details']) ? usage['prompt_tokens_details'] : {};
  const input = tokenCount(usage['prompt_tokens']);
  const output = tokenCount(usage['completion_tokens']);
  if (input === undefined || output === undefined) return;
  // Here the input count includes what came from the cache.
  const cached = Math.min(tokenCount(details['cached_tokens']) ?? 0, input);
  const cacheWrite = Math.min(tokenCount(details['cache_write_tokens']) ?? 0, input - cached);
  progress.usage({ input, output, cached, cacheWrite }, finished);
}
