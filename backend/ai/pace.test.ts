// What waits a moment: each act once and in its order, none after another turn of the loop than it has to be.
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Pace } from './pace.ts';

it('acts once each, in the order of asking, however often it is asked', async () => {
  const pace = new Pace(5);
  const done: number[] = [];
  const acts = Array.from({ length: 30 }, (_, nth) => () => {
    done.push(nth);
  });
  for (const act of [...acts, ...acts]) pace.later(act);
  await delay(50);
  expect(done).toEqual(acts.map((_, nth) => nth));
  pace.later(acts[3] as () => void);
  await delay(50);
  expect(done.at(-1)).toBe(3);
});

it('lets others in between when much is due', async () => {
  const pace = new Pace(5);
  let done = 0;
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  for (let nth = 0; nth < 100; nth += 1)
    pace.later(() => {
      done += 1;
      resolve();
    });
  await begun;
  const seen = [done];
  while (done < 100) {
    await nextTurn();
    seen.push(done);
  }
  expect(seen.length).toBeGreaterThan(3);
});
