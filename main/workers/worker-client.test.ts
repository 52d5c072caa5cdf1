// Calls into a worker: answers in any order, errors with their codes, death in mid-call, a new worker for the next
// call, the end of one that nobody asks anything; and what the app's own workers do not load.
import { mkdtempSync, existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, test, vi } from 'vitest';
import { GenrtlError } from '@genrtl/contracts/errors.ts';
import { WorkerClient } from './worker-client.ts';

interface Fragile extends Readonly<Record<string, (...args: never[]) => Promise<unknown>>> {
  echo(value: unknown): Promise<unknown>;
  refuse(): Promise<never>;
  break(): Promise<never>;
  die(): Promise<never>;
  hang(): Promise<never>;
  mark(): Promise<void>;
}
const client = new WorkerClient<Fragile>(new URL('./fixtures/fragile.ts', import.meta.url));
afterEach(() => client.close());

test('answers reach their callers', async () => {
  expect(client.started).toBe(false);
  expect(
    await Promise.all([client.call('echo', 1), client.call('echo', { a: [2] }), client.call('echo', 'x')]),
  ).toEqual([1, { a: [2] }, 'x']);
  expect(client.started).toBe(true);
});

test('a product error keeps code and hint, any other error its text', async () => {
  await expect(client.call('refuse')).rejects.toMatchObject({ code: 'NOT_FOUND', hint: 'look elsewhere' });
  await expect(client.call('break')).rejects.toThrow('our bug');
  await expect(client.call('nothing')).rejects.toThrow('no function nothing');
});

test('a worker that dies fails its open calls; the next call gets a new one', async () => {
  const hanging = client.call('hang');
  const dying = client.call('die');
  await expect(dying).rejects.toMatchObject({ code: 'INTERNAL' });
  await expect(hanging).rejects.toMatchObject({ code: 'INTERNAL' });
  expect(client.started).toBe(false);
  expect(await client.call('echo', 'again')).toBe('again');
});

test('closing fails what is open with the given reason', async () => {
  const hanging = client.call('hang');
  const closing = client.close(new GenrtlError('CANCELLED', 'not needed any more'));
  await expect(hanging).rejects.toMatchObject({ code: 'CANCELLED' });
  await closing;
});

test('a worker that nobody asks anything ends after its last call; the next call gets a new one', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'genrtl-worker-'));
  const mark = path.join(folder, 'mark');
  const idle = new WorkerClient<Fragile>(new URL('./fixtures/fragile.ts', import.meta.url), {
    env: { MARK: mark },
    idle: { afterMs: 200, lastCall: 'mark' },
  });
  try {
    const asked = [idle.call('echo', 1), idle.call('echo', 2)];
    expect(await Promise.all(asked)).toEqual([1, 2]);
    expect(existsSync(mark)).toBe(false);
    await vi.waitFor(() => expect(existsSync(mark)).toBe(true), { timeout: 10_000, interval: 20 });
    expect(idle.started).toBe(false);
    expect(await idle.call('echo', 3)).toBe(3);
    // an open call is no rest
    const hanging = expect(idle.call('hang')).rejects.toMatchObject({ code: 'CANCELLED' });
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(idle.started).toBe(true);
    await idle.close(new GenrtlError('CANCELLED', 'not needed any more'));
    await hanging;
  } finally {
    await idle.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

// each thread has a heap of its own, and the schemas are ten times what a worker's own code takes
test.each(['language/language-worker', 'workspace/search-worker', 'waves/wave-worker'])(
  '%s loads no schemas',
  async (name) => {
    const refuse =
      'import { registerHooks } from "node:module"; registerHooks({ resolve(name, context, next) {' +
      ' if (name === "zod") throw new Error(`schemas from ${context.parentURL}`); return next(name, context); } });';
    const worker = new Worker(new URL(`../${name}.ts`, import.meta.url), {
      execArgv: ['--import', `data:text/javascript,${encodeURIComponent(refuse)}`],
    });
    const answer = await new Promise((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
      worker.postMessage({ id: 1, name: 'no such function', args: [] });
    });
    await worker.terminate();
    expect(answer).toMatchObject({ id: 1, ok: false });
  },
);
