// A question about a text never overtakes the text: main answers about what it was told last.
import { expect, test, vi } from 'vitest';

interface Asked {
  readonly name: string;
  readonly text: string | null | undefined;
  answer(value: unknown): void;
}

const asked: Asked[] = [];
vi.stubGlobal('window', {
  genrtl: {
    call: async (name: string, request: { text?: string | null }) =>
      new Promise((end) => {
        asked.push({ name, text: request.text, answer: (value) => end({ ok: true, value }) });
      }),
    on: () => () => undefined,
  },
});
const { documentChanged, followDocument, settleDocument, settleOutline } = await import('./document-sync.ts');
const { useOutlines } = await import('./outline-store.ts');

const next = async (): Promise<Asked> => vi.waitFor(() => asked.shift() ?? expect.fail('nothing was asked'));
const turns = async (): Promise<void> => new Promise((end) => setTimeout(end, 5));

test('a question waits for a text that somebody else is telling main just now', async () => {
  let text = 'old';
  followDocument('/w', 'a.sv', () => text);
  (await next()).answer({});
  (await next()).answer({ symbols: [], folds: [], problems: [] });
  text = 'fifo u_new (';
  documentChanged('a.sv');
  // the pause is over: the text is on its way, and not there yet
  const update = await next();
  expect([update.name, update.text]).toEqual(['language.update', 'fifo u_new (']);
  let settled = false;
  const question = settleDocument('a.sv').then(() => (settled = true));
  await turns();
  expect(settled).toBe(false);
  // a key meanwhile: the question is about this text
  text = 'fifo u_new (.clk(clk), ';
  documentChanged('a.sv');
  const late = settleDocument('a.sv');
  update.answer({});
  const outline = await next();
  expect(outline.name).toBe('language.outline');
  const second = await next();
  expect([second.name, second.text]).toEqual(['language.update', 'fifo u_new (.clk(clk), ']);
  await turns();
  expect(settled).toBe(false);
  second.answer({});
  // no answer waits for the outline, which comes by itself
  await Promise.all([question, late]);
  const shown = settleOutline('a.sv');
  outline.answer({ symbols: [], folds: [[1, 2]], problems: [] });
  (await next()).answer({ symbols: [], folds: [[3, 4]], problems: [] });
  await shown;
  expect(useOutlines.getState().outlines['a.sv']?.folds).toEqual([[3, 4]]);
  expect(asked).toEqual([]);
});
