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
import type { NoText } from './no-text.ts';

export type ChatCompletionsBody = ChatCompletionCreateParamsStreaming;

/** System and conversation as this protocol wants them. */
export function chatMessages(prompt: ModelPrompt): ChatCompletionsBody['messages'] {
  return [
    { role: 'system', content: prompt.system },
    ...prompt.messages.map((message) => ({ role: message.role, content: message.content })),
  ];
}

/** The schema of the answer, where the prompt has one. */
export function responseFormat({ schema, service }: ModelPrompt): Pick<ChatCompletionsBody, 'response_format'> {
  return schema === undefined
    ? {}
    : { response_format: { type: 'json_schema', json_schema: { name: service, strict: true, schema } } };
}

export function temperatureOf({ temperature }: ModelPrompt): Pick<ChatCompletionsBody, 'temperature'> {
  return temperature === undefined ? {} : { temperature };
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
  const key = `${endpoint.baseUrl} ${body.model}`;
  let sent = without(body, REFUSED.get(key) ?? []);
  for (;;) {
    const reader = createChunkReader({ server, progress: call.progress, requireDone });
    try {
      reader.finish(
        await exchange({
          url: `${endpoint.baseUrl}/chat/completions`,
          headers: endpoint.key === null ? {} : { authorization: `Bearer ${endpoint.key}` },
          body: sent,
          server,
          connection,
          signal: call.signal,
          began: () => {
            call.progress.began();
          },
          onEvent: (event) => reader.onEvent(event),
        }),
      );
      return;
    } catch (error) {
      const field = refusedField(error, sent);
      if (field === null) throw error;
      REFUSED.set(key, [...(REFUSED.get(key) ?? []), field]);
      sent = without(sent, [field]);
    }
  }
}

/** What not every server of this protocol takes, and what its refusal speaks of. */
const OPTIONAL = {
  temperature: /temperature/i,
  stream_options: /stream_options|include_usage/i,
  response_format: /response_format|json_schema|guided|structured|grammar|strict/i,
} as const satisfies Partial<Record<keyof ChatCompletionsBody, RegExp>>;
type OptionalField = keyof typeof OPTIONAL;

/** Fields that a server's model refused; asked once in the life of the process. */
const REFUSED = new Map<string, readonly OptionalField[]>();

function without(body: ChatCompletionsBody, fields: readonly OptionalField[]): ChatCompletionsBody {
  const rest = { ...body };
  for (const field of fields) delete rest[field];
  return rest;
}

/** A field that the server refuses (400, 422 or 501) before it begins to work, so that nothing was consumed. */
function refusedField(error: unknown, body: ChatCompletionsBody): OptionalField | null {
  if (!(error instanceof GenrtlError) || ![400, 422, 501].includes(Number(error.details?.['status']))) return null;
  const fields = Object.keys(OPTIONAL) as OptionalField[];
  return fields.find((field) => body[field] !== undefined && OPTIONAL[field].test(error.message)) ?? null;
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
  let reasoned = false;
  let calledTools = false;

  function malformed(what: string): GenrtlError {
    return new GenrtlError('MODEL_MALFORMED', `${server.title} sent ${what}.`);
  }

  function noText(what: string, answer: NoText): GenrtlError {
    return new GenrtlError('MODEL_MALFORMED', `${server.title} sent ${what}.`, { details: { answer } });
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
        if (typeof reasoning === 'string' && reasoning !== '') reasoned = true;
      }
      if (Array.isArray(delta['tool_calls']) || isRecord(delta['function_call'])) calledTools = true;
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
      if (chars === 0 && (calledTools || (finishReason !== null && finishReason !== 'stop')))
        throw noText('an answer that calls tools although it was given none', 'tool_calls');
      if (chars === 0)
        throw reasoned
          ? noText('an answer that holds nothing but reasoning', 'reasoning_only')
          : noText('an empty answer', 'empty');
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
