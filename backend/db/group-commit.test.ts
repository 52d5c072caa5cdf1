// Rounds of many callers: what is gathered, what is kept apart, and who is told of a fault.
import { describe, expect, it } from 'vitest';
import { GroupCommit, type Verdict } from './group-commit.ts';

/** A writer whose rounds end when they are let. */
function held() {
  const rounds: { items: readonly string[]; end: (error?: Error) => void }[] = [];
  const group = new GroupCommit<string, string>(
    (items) =>
      new Promise((resolve, reject) => {
        rounds.push({
          items,
          end: (error) => {
            if (error === undefined) resolve(items.map((item) => ({ ok: true, value: `${item}!` })));
            else reject(error);
          },
        });
      }),
  );
  return { rounds, group };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('group commit', () => {
  it('begins at once, and what comes meanwhile is one round', async () => {
    const { rounds, group } = held();
    const first = group.add('a', '1');
    const later = ['2', '3', '4'].map((item) => group.add('a', item));
    expect(rounds.map(({ items }) => items)).toEqual([['1']]);
    rounds[0]?.end();
    expect(await first).toBe('1!');
    await turn();
    expect(rounds.map(({ items }) => items)).toEqual([['1'], ['2', '3', '4']]);
    rounds[1]?.end();
    expect(await Promise.all(later)).toEqual(['2!', '3!', '4!']);
  });

  it('a second round takes what the first one does not lock', async () => {
    const { rounds, group } = held();
    const all = [group.add('a', '1'), group.add('a', '2'), group.add('b', '3'), group.add('c', '4')];
    expect(rounds.map(({ items }) => items)).toEqual([['1'], ['3']]);
    rounds[1]?.end();
    await turn();
    expect(rounds.map(({ items }) => items)).toEqual([['1'], ['3'], ['4']]);
    rounds[0]?.end();
    await turn();
    rounds[2]?.end();
    rounds[3]?.end();
    expect(rounds.map(({ items }) => items)).toEqual([['1'], ['3'], ['4'], ['2']]);
    expect(await Promise.all(all)).toEqual(['1!', '2!', '3!', '4!']);
  });

  it('a fault is told to the one that has it, and the others are written', async () => {
    const written: string[] = [];
    const group = new GroupCommit<string, string>(async (items) => {
      await turn();
      if (items.includes('bad')) throw new Error(`refused: ${items.join()}`);
      written.push(...items);
      return items.map((value): Verdict<string> => ({ ok: true, value }));
    });
    const ends = await Promise.allSettled(['1', '2', '3', 'bad', '5', '6'].map((item) => group.add('a', item)));
    expect(ends.map(({ status }) => status)).toEqual([
      ...Array.from({ length: 3 }, () => 'fulfilled'),
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    expect(ends[3]).toMatchObject({ reason: { message: 'refused: bad' } });
    expect(written.sort()).toEqual(['1', '2', '3', '5', '6']);
  });

  it('a verdict refuses one without a second round', async () => {
    let rounds = 0;
    const group = new GroupCommit<string, string>(async (items) => {
      rounds += 1;
      return items.map(
        (value): Verdict<string> => (value === '2' ? { ok: false, error: new Error('no') } : { ok: true, value }),
      );
    });
    const ends = await Promise.allSettled(['1', '2', '3'].map((item) => group.add(item, item)));
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(rounds).toBeLessThanOrEqual(3);
  });

  it('a database that is away is away for all of a round: nobody asks it again for each', async () => {
    const { rounds, group } = held();
    const first = group.add('a', '1');
    const rest = Promise.allSettled(['2', '3'].map((item) => group.add('a', item)));
    rounds[0]?.end();
    await first;
    await turn();
    rounds[1]?.end(Object.assign(new Error('lost'), { code: 'ECONNRESET' }));
    expect((await rest).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(rounds.length).toBe(2);
    const again = group.add('a', '4');
    await turn();
    rounds[2]?.end();
    expect(await again).toBe('4!');
  });
});
