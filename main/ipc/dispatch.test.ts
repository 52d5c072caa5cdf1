// The door of the page: whatever comes in, the answer is an IpcAnswer, and no handler sees a payload that its schema
// refuses.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GenrtlError } from '@genrtl/contracts';
import { IPC_CALLS, IpcAnswer } from '@genrtl/contracts/ipc/index.ts';
import type { IpcCall, IpcHandlers } from '@genrtl/contracts/ipc/index.ts';
import { createDispatch } from './dispatch.ts';

function recording(behaviour: (name: IpcCall, request: unknown) => unknown): {
  handlers: IpcHandlers;
  seen: [IpcCall, unknown][];
} {
  const seen: [IpcCall, unknown][] = [];
  const handlers = Object.fromEntries(
    (Object.keys(IPC_CALLS) as IpcCall[]).map((name) => [
      name,
      async (request: unknown) => {
        seen.push([name, request]);
        return behaviour(name, request);
      },
    ]),
  );
  return { handlers: handlers as unknown as IpcHandlers, seen };
}

describe('dispatch', () => {
  test('hands a valid request to its handler and the answer back', async () => {
    const { handlers, seen } = recording(() => ({ workspaces: ['/w'] }));
    const dispatch = createDispatch(handlers, () => undefined);
    expect(await dispatch('app.recent', {})).toEqual({ ok: true, value: { workspaces: ['/w'] } });
    expect(seen).toEqual([['app.recent', {}]]);
  });

  test('refuses a payload of the wrong shape before the handler runs, naming the field', async () => {
    const { handlers, seen } = recording(() => ({}));
    const answer = await createDispatch(handlers, () => undefined)('workspace.read', { workspace: '/w', path: 7 });
    expect(answer).toMatchObject({ ok: false, error: { code: 'REQUEST_INVALID' } });
    expect(answer.ok ? '' : answer.error.message).toContain('path');
    expect(seen).toEqual([]);
  });

  test.each(['toString', '__proto__', 'constructor', 'app', '', 'app.nothing', null, 7, {}])(
    'refuses the name %j',
    async (name) => {
      const { handlers, seen } = recording(() => ({}));
      expect(await createDispatch(handlers, () => undefined)(name, {})).toMatchObject({
        ok: false,
        error: { code: 'REQUEST_INVALID' },
      });
      expect(seen).toEqual([]);
    },
  );

  test('a product error keeps code and hint; any other error is INTERNAL without its text and is told to main', async () => {
    const told: unknown[] = [];
    const { handlers } = recording((name) => {
      if (name === 'tools.list') throw new GenrtlError('TOOL_MISSING', 'no yosys');
      throw new Error('ENOENT /srv/secret');
    });
    const dispatch = createDispatch(handlers, (_call, error) => told.push(error));
    expect(await dispatch('tools.list', {})).toMatchObject({
      ok: false,
      error: { code: 'TOOL_MISSING', message: 'no yosys' },
    });
    const answer = await dispatch('models.list', {});
    expect(answer).toMatchObject({ ok: false, error: { code: 'INTERNAL' } });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(told).toHaveLength(1);
  });

  test('1,000 malformed messages: each is refused or valid by its schema, none throws', async () => {
    const { handlers, seen } = recording(() => ({}));
    const dispatch = createDispatch(handlers, () => undefined);
    const names = fc.oneof(fc.constantFrom(...Object.keys(IPC_CALLS)), fc.string());
    await fc.assert(
      fc.asyncProperty(
        names,
        fc.anything({ withNullPrototype: true, withBigInt: true, withMap: true }),
        async (name, payload) => {
          seen.length = 0;
          const answer = await dispatch(name, payload);
          expect(IpcAnswer.safeParse(answer).success).toBe(true);
          for (const [call, request] of seen) expect(IPC_CALLS[call].request.safeParse(request).success).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
