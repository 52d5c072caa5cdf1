// A change that is told while the first answer is still on its way: what was read before it must not stay.
import { QueryObserver } from '@tanstack/react-query';
import { expect, test, vi } from 'vitest';
import { answers, onStale, refresh } from './answers.ts';

test('a first answer that was read before a change is asked for again', async () => {
  const asked: ((files: string[]) => void)[] = [];
  const observer = new QueryObserver(answers, {
    queryKey: ['workspace.files', { workspace: '/w' }],
    queryFn: () => new Promise<string[]>((resolve) => asked.push(resolve)),
  });
  const stop = observer.subscribe(() => undefined);
  await vi.waitFor(() => expect(asked).toHaveLength(1));
  // the file is made, and said to be, after the folder was read
  refresh(['workspace.files']);
  asked[0]?.(['spec.md']);
  await vi.waitFor(() => expect(asked).toHaveLength(2));
  asked[1]?.(['bad.md', 'spec.md']);
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toEqual(['bad.md', 'spec.md']));
  // and no further: nothing has changed since
  await new Promise((resolve) => setImmediate(resolve));
  expect(asked).toHaveLength(2);
  stop();
  answers.clear();
});

test('who keeps an answer elsewhere hears that it is out of date, until it stops listening', () => {
  const heard = vi.fn();
  const stop = onStale('cbb.search', heard);
  refresh(['usage.read']);
  expect(heard).not.toHaveBeenCalled();
  refresh(['usage.read', 'cbb.search']);
  stop();
  refresh(['cbb.search']);
  expect(heard).toHaveBeenCalledTimes(1);
});
