// The two readers against anything that JSON can hold: an answer, or a coded error, never an accident.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GenrtlError } from '@genrtl/contracts';
import type { TokenUsage } from '../pricing.ts';
import type { Progress } from '../providers/provider.ts';
import { createMessageReader } from './anthropic-messages.ts';
import { createChunkReader } from './chat-completions.ts';

interface Seen {
  text: string;
  hidden: string;
  usage: Partial<TokenUsage>;
  final: boolean;
}

function progress(): { seen: Seen; sink: Progress } {
  const seen: Seen = { text: '', hidden: '', usage: {}, final: false };
  return {
    seen,
    sink: {
      began: () => undefined,
      text: (piece) => {
        seen.text += piece;
      },
      hidden: (piece) => {
        seen.hidden += piece;
      },
      usage: (count, final) => {
        seen.usage = { ...seen.usage, ...count };
        seen.final ||= final;
      },
    },
  };
}
const server = { title: 'S', secrets: [] };

/** Values where the protocol expects objects, and objects with the protocol's own keys. */
const keys = [
  'type',
  'choices',
  'delta',
  'content',
  'text',
  'usage',
  'message',
  'finish_reason',
  'stop_reason',
  'error',
  'code',
  'input_tokens',
  'output_tokens',
  'prompt_tokens',
  'completion_tokens',
  'prompt_tokens_details',
  'cached_tokens',
  'cache_read_input_tokens',
  'reasoning_content',
  'thinking',
  'refusal',
  'index',
];
const types = [
  'message_start',
  'content_block_start',
  'content_block_delta',
  'message_delta',
  'message_stop',
  'error',
  'ping',
  'text_delta',
  'thinking_delta',
  'stop',
  'length',
  'end_turn',
  'max_tokens',
  'refusal',
  'rate_limit_error',
];
const { event } = fc.letrec<{ event: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.oneof(fc.constantFrom(...types), fc.constant(null), fc.double(), fc.integer(), fc.string(), fc.boolean()),
  event: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    tie('leaf'),
    fc.array(tie('event'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...keys), tie('event'), { maxKeys: 6 }),
  ),
}));

describe('readers', () => {
  it.each(['chat completions', 'messages'] as const)('%s: any events', (which) => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(event, event, fc.constant('[DONE]')), { maxLength: 8 }),
        fc.boolean(),
        (events, done) => {
          const { seen, sink } = progress();
          const reader =
            which === 'messages'
              ? createMessageReader({ server, progress: sink })
              : createChunkReader({ server, progress: sink, requireDone: false });
          try {
            for (const value of events)
              void reader.onEvent({ data: value === '[DONE]' ? '[DONE]' : JSON.stringify(value) });
            reader.finish(done);
            expect(seen.text).not.toBe('');
          } catch (error) {
            expect(error).toBeInstanceOf(GenrtlError);
            expect((error as GenrtlError).code).toMatch(/^MODEL_/);
          }
          for (const count of Object.values(seen.usage)) expect(Number.isSafeInteger(count) && count >= 0).toBe(true);
          expect((seen.usage.cached ?? 0) + (seen.usage.cacheWrite ?? 0)).toBeLessThanOrEqual(seen.usage.input ?? 0);
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('a running usage count is final only once the answer is finished', () => {
    const { seen, sink } = progress();
    const reader = createChunkReader({ server, progress: sink, requireDone: false });
    const usage = (output: number) => ({ prompt_tokens: 10, completion_tokens: output });
    void reader.onEvent({ data: JSON.stringify({ choices: [{ delta: { content: 'a' } }], usage: usage(1) }) });
    expect(seen).toMatchObject({ final: false, usage: { output: 1 } });
    void reader.onEvent({ data: JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }], usage: usage(2) }) });
    expect(seen).toMatchObject({ final: true, usage: { input: 10, output: 2 } });
  });

  it('Anthropic’s first count is not the whole answer', () => {
    const { seen, sink } = progress();
    const reader = createMessageReader({ server, progress: sink });
    void reader.onEvent({
      data: JSON.stringify({
        type: 'message_start',
        message: {
          usage: { input_tokens: 5, cache_read_input_tokens: 7, cache_creation_input_tokens: 3, output_tokens: 1 },
        },
      }),
    });
    expect(seen).toMatchObject({ final: false, usage: { input: 15, cached: 7, cacheWrite: 3, output: 1 } });
    void reader.onEvent({
      data: JSON.stringify({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } }),
    });
    expect(seen).toMatchObject({ final: true, usage: { input: 15, output: 9 } });
  });

  it('a finish reason ends a compatible server’s answer, OpenAI’s only [DONE]', () => {
    for (const requireDone of [false, true]) {
      const { sink } = progress();
      const reader = createChunkReader({ server, progress: sink, requireDone });
      void reader.onEvent({ data: JSON.stringify({ choices: [{ delta: { content: 'a' }, finish_reason: 'stop' }] }) });
      if (requireDone)
        expect(() => {
          reader.finish(false);
        }).toThrowError(expect.objectContaining({ code: 'MODEL_TRUNCATED' }));
      else reader.finish(false);
    }
  });
});
