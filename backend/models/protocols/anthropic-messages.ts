// The Anthropic messages protocol: streamed events, end of answer, usage.
import { GenrtlError } from '@genrtl/contracts';
import type {
  MessageCreateParamsStreaming,
  RawMessageStreamEvent,
  StopReason,
} from '@anthropic-ai/sdk/resources/messages';
import type { EventSourceMessage } from 'eventsource-parser';
import { errorReportOf, fromReport, isRecord } from '../failures.ts';
import type { ServerName } from '../failures.ts';
import type { Endpoint } from '../config.ts';
import type { Progress, ProviderCall } from '../providers/provider.ts';
import { MAX_ANSWER_CHARS } from '../transport/limits.ts';
import type { NoText } from './no-text.ts';
import type { Connection } from '../transport/limits.ts';
import { tokenCount } from './counts.ts';
import { exchange, outputLimit } from './exchange.ts';

/** The version of the protocol that the reader was written for. */
const API_VERSION = '2023-06-01';

export interface MessageTarget {
  readonly call: ProviderCall;
  readonly endpoint: Endpoint;
  readonly connection: Connection;
  readonly server: ServerName;
}

/** One request and its whole answer, through the call's progress. Throws GenrtlError. */
export async function streamMessage(
  { call, endpoint, connection, server }: MessageTarget,
  body: MessageCreateParamsStreaming,
): Promise<void> {
  const reader = createMessageReader({ server, progress: call.progress });
  reader.finish(
    await exchange({
      url: `${endpoint.baseUrl}/v1/messages`,
      headers: { 'anthropic-version': API_VERSION, ...(endpoint.key === null ? {} : { 'x-api-key': endpoint.key }) },
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

export interface MessageReader {
  onEvent(event: EventSourceMessage): 'more' | 'done' | Promise<'more' | 'done'>;
  /**
   * Call once when the stream ended. Throws MODEL_TRUNCATED, MODEL_REFUSED, MODEL_CONTEXT_EXCEEDED, MODEL_MALFORMED.
   */
  finish(done: boolean): void;
}

export function createMessageReader({
  server,
  progress,
}: {
  readonly server: ServerName;
  readonly progress: Progress;
}): MessageReader {
  let stopReason: string | null = null;
  let chars = 0;
  const input = { plain: 0, cached: 0, cacheWrite: 0 };

  function noText(what: string, answer: NoText): GenrtlError {
    return new GenrtlError('MODEL_MALFORMED', `${server.title} sent ${what}.`, { details: { answer } });
  }

  function malformed(what: string): GenrtlError {
    return new GenrtlError('MODEL_MALFORMED', `${server.title} sent ${what}.`);
  }

  /** Here `input_tokens` excludes what was read from or written to the cache; counts are cumulative. */
  function readUsage(usage: unknown, final: boolean): void {
    if (!isRecord(usage)) return;
    input.plain = tokenCount(usage['input_tokens']) ?? input.plain;
    input.cached = tokenCount(usage['cache_read_input_tokens']) ?? input.cached;
    input.cacheWrite = tokenCount(usage['cache_creation_input_tokens']) ?? input.cacheWrite;
    const output = tokenCount(usage['output_tokens']);
    progress.usage(
      {
        input: input.plain + input.cached + input.cacheWrite,
        cached: input.cached,
        cacheWrite: input.cacheWrite,
        ...(output === undefined ? {} : { output }),
      },
      final && output !== undefined,
    );
  }

  return {
    onEvent(event) {
      let json: unknown;
      try {
        json = JSON.parse(event.data);
      } catch {
        throw malformed('an event that is not JSON');
      }
      if (!isRecord(json)) throw malformed('an event that is no object');
      const type = json['type'] as RawMessageStreamEvent['type'] | 'error' | 'ping' | undefined;
      switch (type) {
        case 'message_start':
          if (isRecord(json['message'])) readUsage(json['message']['usage'], false);
          return 'more';
        case 'content_block_delta': {
          const delta = json['delta'];
          if (!isRecord(delta)) throw malformed('a delta without content');
          if (delta['type'] === 'thinking_delta' && typeof delta['thinking'] === 'string')
            progress.hidden(delta['thinking']);
          const text = delta['text'];
          if (delta['type'] !== 'text_delta' || typeof text !== 'string' || text === '') return 'more';
          chars += text.length;
          if (chars > MAX_ANSWER_CHARS)
            throw malformed(`an answer of more than ${String(MAX_ANSWER_CHARS)} characters`);
          const accepted = progress.text(text);
          return accepted === undefined ? 'more' : accepted.then(() => 'more' as const);
        }
        case 'message_delta': {
          readUsage(json['usage'], true);
          const delta = json['delta'];
          if (isRecord(delta) && typeof delta['stop_reason'] === 'string') stopReason = delta['stop_reason'];
          return 'more';
        }
        case 'message_stop':
          return 'done';
        case 'error':
          throw fromReport(errorReportOf(json) ?? { type: '', code: '', message: '' }, server);
        case 'content_block_start':
        case 'content_block_stop':
        case 'ping':
        case undefined:
        default:
          // The protocol grows by new event types that readers must pass over.
          return 'more';
      }
    },
    finish(done) {
      switch (stopReason as StopReason | null) {
        case 'max_tokens':
          throw outputLimit();
        case 'refusal':
          throw new GenrtlError('MODEL_REFUSED', `${server.title} declined to answer.`);
        case 'model_context_window_exceeded':
          throw new GenrtlError(
            'MODEL_CONTEXT_EXCEEDED',
            'Prompt and answer together are longer than the model’s context.',
          );
        case 'tool_use':
        case 'pause_turn':
          throw noText('an answer that calls tools although it was given none', 'tool_calls');
        case 'end_turn':
        case 'stop_sequence':
        case null:
          break;
      }
      if (!done || stopReason === null)
        throw new GenrtlError('MODEL_TRUNCATED', `${server.title} ended its answer without the end marker.`);
      if (chars === 0) throw noText('an empty answer', 'empty');
    },
  };
}
