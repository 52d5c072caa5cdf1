// Calls into a worker: answers in any order, errors with their codes, death in mid-call, a new worker for the next
// call.
import { afterEach, expect, test } from 'vitest';
import { GenrtlError } from '@genrtl/contracts';
import { WorkerClient } from './worker-client.ts';

interface Fragile extends Readonly<Record<string, (...args: never[]) => Promise<unknown>>> {
  echo(value: unknown): Promise<unknown>;
  refuse(): Promise<never>;
  break(): Promise<never>;
  die(): Promise<never>;
  hang(): Promise<never>;
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
