// The two protocols' event streams, rendered as the real servers send them.
import type { FakeRequest, FakeUsage } from './script.ts';

export interface RenderOptions {
  readonly request: FakeRequest;
  readonly text: string;
  readonly reasoning?: string | undefined;
  readonly usage: FakeUsage | null;
  /** null: the stream stops after the text, as if it were cut */
  readonly stop: string | null;
}

/** Events without their line ends: each entry is the lines of one event. */
export type SseEvent = readonly string[];

export function renderEvents(options: RenderOptions): SseEvent[] {
  return options.request.protocol === 'chat-completions' ? chatCompletions(options) : anthropicMessages(options);
}

export function renderErrorEvent(request: FakeRequest, type: string, message: string): SseEvent {
  return request.protocol === 'chat-completions'
    ? [`data: ${JSON.stringify({ error: { type, message, code: type } })}`]
    : ['event: error', `data: ${JSON.stringify({ type: 'error', error: { type, message } })}`];
}

/** What each server answers to a refused request. */
export function renderErrorBody(
  request: FakeRequest,
  error: { type: string; code: string | null; message: string },
): string {
  return JSON.stringify(
    request.protocol === 'chat-completions'
      ? { error: { message: error.message, type: error.type, param: null, code: error.code } }
      : {
          type: 'error',
          error: { type: error.type, message: error.message },
          request_id: `req_${String(request.number)}`,
        },
  );
}

/** Roughly word by word, as tokens come; no piece splits a surrogate pair. */
function pieces(text: string): string[] {
  return text.match(/\s*\S{1,12}|\s+/gu) ?? [];
}

function chatCompletions({ request, text, reasoning, usage, stop }: RenderOptions): SseEvent[] {
  const chunk = (choices: unknown[], extra: Record<string, unknown> = {}): SseEvent => [
    `data: ${JSON.stringify({
      id: `chatcmpl-${String(request.number)}`,
      object: 'chat.completion.chunk',
      created: 1_700_000_000,
      model: request.model,
      choices,
      ...extra,
    })}`,
  ];
  const choice = (delta: unknown, finish: string | null): unknown => ({
    index: 0,
    delta,
    logprobs: null,
    finish_reason: finish,
  });
  const events = [chunk([choice({ role: 'assistant', content: '' }, null)])];
  for (const piece of pieces(reasoning ?? '')) events.push(chunk([choice({ reasoning_content: piece }, null)]));
  for (const piece of pieces(text)) events.push(chunk([choice({ content: piece }, null)]));
  if (stop === null) return events;
  events.push(chunk([choice({}, stop)]));
  const wanted = request.body['stream_options'];
  if (
    usage !== null &&
    typeof wanted === 'object' &&
    wanted !== null &&
    'include_usage' in wanted &&
    wanted.include_usage === true
  ) {
    events.push(
      chunk([], {
        usage: {
          prompt_tokens: usage.input,
          completion_tokens: usage.output,
          total_tokens: usage.input + usage.output,
          prompt_tokens_details: {
            cached_tokens: usage.cached ?? 0,
            audio_tokens: 0,
            ...(usage.cacheWrite === undefined ? {} : { cache_write_tokens: usage.cacheWrite }),
          },
          completion_tokens_details: { reasoning_tokens: 0 },
        },
      }),
    );
  }
  events.push(['data: [DONE]']);
  return events;
}

function anthropicMessages({ request, text, reasoning, usage, stop }: RenderOptions): SseEvent[] {
  const event = (type: string, fields: Record<string, unknown>): SseEvent => [
    `event: ${type}`,
    `data: ${JSON.stringify({ type, ...fields })}`,
  ];
  const events = [
    event('message_start', {
      message: {
        id: `msg_${String(request.number)}`,
        type: 'message',
        role: 'assistant',
        model: request.model,
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage:
          usage === null
            ? {}
            : {
                input_tokens: usage.input,
                cache_creation_input_tokens: usage.cacheWrite ?? 0,
                cache_read_input_tokens: usage.cached ?? 0,
                output_tokens: 1,
              },
      },
    }),
    event('ping', {}),
  ];
  let index = 0;
  if (reasoning !== undefined) {
    events.push(
      event('content_block_start', { index, content_block: { type: 'thinking', thinking: '', signature: '' } }),
    );
    for (const piece of pieces(reasoning))
      events.push(event('content_block_delta', { index, delta: { type: 'thinking_delta', thinking: piece } }));
    events.push(event('content_block_delta', { index, delta: { type: 'signature_delta', signature: 'c2lnbmF0dXJl' } }));
    events.push(event('content_block_stop', { index }));
    index += 1;
  }
  events.push(event('content_block_start', { index, content_block: { type: 'text', text: '' } }));
  for (const piece of pieces(text))
    events.push(event('content_block_delta', { index, delta: { type: 'text_delta', text: piece } }));
  if (stop === null) return events;
  events.push(event('content_block_stop', { index }));
  events.push(
    event('message_delta', {
      delta: { stop_reason: stop, stop_sequence: null },
      ...(usage === null ? {} : { usage: { output_tokens: usage.output } }),
    }),
  );
  events.push(event('message_stop', {}));
  return events;
}
