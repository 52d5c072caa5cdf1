// A run in memory: numbers, readers at their own pace, what holds the model back, what ends it.
import { describe, expect, it, vi } from 'vitest';
import { readAiRequest } from '@genrtl/contracts/http/ai.ts';
import { BACKLOG_CHARS, LiveRun } from './live-run.ts';
import { ThoughtFilter } from './thought-filter.ts';
import { unfenced } from '../flows/answers/unfenced.ts';

function run(options: object = {}, lastSeq = 0): LiveRun {
  return new LiveRun({
    accountId: 'a',
    runId: 'r',
    request: readAiRequest('ask', { instruction: 'x', options }),
    requestHash: '',
    renderMode: 'streaming-text',
    retained: true,
    attempt: 1,
    lastSeq,
    askedAt: 0,
    graceMs: 1_000,
    store: () => undefined,
  });
}
const token = { type: 'token', text: 'x'.repeat(1_000) } as const;

describe('a reader that takes nothing', () => {
  it('holds the model back within its backlog, until it takes something or goes', async () => {
    const live = run();
    const reader = live.attach(0);
    let emitted = 0;
    while (live.pressure() === undefined && emitted < 1_000) {
      live.emit(token);
      emitted += 1;
    }
    expect(live.entries.at(-1)?.end).toBeLessThan(BACKLOG_CHARS + 2_000);
    let released = false;
    const held = Promise.resolve(live.pressure()).then(() => {
      released = true;
    });
    await Promise.resolve();
    expect(released).toBe(false);
    await reader.take(64 * 1024);
    await held;
    expect(released).toBe(true);
  });

  it('holds nobody back while another one reads', async () => {
    const live = run();
    live.attach(0);
    const quick = live.attach(0);
    for (let nth = 0; nth < 500; nth += 1) {
      live.emit(token);
      await quick.take(1);
    }
    expect(live.pressure()).toBe(undefined);
    quick.close();
    expect(live.pressure()).toBeInstanceOf(Promise);
  });

  it('a run that is stopped waits for nobody', async () => {
    const live = run();
    live.attach(0);
    for (let nth = 0; nth < 500; nth += 1) live.emit(token);
    const held = live.pressure();
    live.stop('cancelled');
    await held;
    expect(live.stopReason).toBe('cancelled');
  });
});

describe('numbers', () => {
  it('go on above all that were sent; a reader gets what comes after its own', async () => {
    const live = run({}, 100_000);
    live.emit(token);
    live.emit(token);
    live.emit({ type: 'final', status: 'succeeded' });
    live.emit(token);
    const seen = (await live.attach(100_001).take(1e6))?.map(({ event }) => event.seq);
    expect(seen).toEqual([100_002, 100_003]);
    const reader = live.attach(100_003);
    expect(await reader.take(1)).toBe(null);
  });
});

describe('text that is said', () => {
  it('goes out at once, then with what comes in the next moment, in its place among the events', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const live = run();
      const say = (text: string): void => {
        live.say({ type: 'token', text });
      };
      const told = (): string[] => live.entries.map(({ event }) => ('text' in event ? String(event.text) : event.type));
      say('first');
      expect(told()).toEqual(['first']);
      say(' and');
      say(' more');
      expect(told()).toEqual(['first']);
      vi.advanceTimersByTime(50);
      expect(told()).toEqual(['first', ' and more']);
      say(' quick');
      live.emit({
        type: 'step',
        phase: 'start',
        name: 'draft',
        renderMode: 'streaming-text',
        docVersion: 1,
        attempt: 2,
        model: 'm',
        flow: 'ask@1',
      });
      expect(told()).toEqual(['first', ' and more', ' quick', 'step']);
      say('x'.repeat(3_000));
      say('x'.repeat(3_000));
      expect(told().length).toBe(5);
      say('end');
      live.emit({ type: 'final', status: 'succeeded' });
      say('late');
      vi.advanceTimersByTime(100);
      expect(told().slice(-2)).toEqual(['end', 'final']);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('a run without readers', () => {
  it('cancels itself after its grace, unless somebody comes', () => {
    vi.useFakeTimers();
    try {
      const live = run();
      live.attach(0).close();
      vi.advanceTimersByTime(900);
      const back = live.attach(0);
      vi.advanceTimersByTime(5_000);
      expect(live.stopReason).toBe(null);
      back.close();
      vi.advanceTimersByTime(1_000);
      expect(live.stopReason).toBe('disconnected');
      const hasty = run({ cancelOnDisconnect: true });
      hasty.attach(0).close();
      expect(hasty.stopReason).toBe('disconnected');
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('what is shown of an answer', () => {
  const shown = (text: string, size: number): string => {
    const filter = new ThoughtFilter();
    let out = '';
    for (let at = 0; at < text.length; at += size) out += filter.add(text.slice(at, at + size));
    return out + filter.end();
  };
  it.each([
    ['<think>a < b</think>\n\nanswer', 'answer'],
    ['  <Thinking>x</thinking>answer </thinking>', 'answer </thinking>'],
    ['< 3 ports', '< 3 ports'],
    ['answer with <think> inside', 'answer with <think> inside'],
    ['', ''],
  ])('%j', (text, expected) => {
    for (const size of [1, 3, 1_000]) expect(shown(text, size)).toBe(expected);
  });

  it.each([
    ['```verilog\nassign a = b;\n```', 'x', 'assign a = b;'],
    ['```\na\n```\ntext\n```\nb\n```', 'x', '```\na\n```\ntext\n```\nb\n```'],
    ['```\na\n```', '```\nold\n```', '```\na\n```'],
    ['plain', 'x', 'plain'],
  ])('a fence around the whole is none of the text: %j', (answer, replaced, expected) => {
    expect(unfenced(answer, replaced)).toBe(expected);
  });
});
