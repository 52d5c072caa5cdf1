// Reads of many callers: what one statement answers, and what the next one does.
import { describe, expect, it } from 'vitest';
import { readTogether, type ReadMany } from './group-read.ts';
import type { Pool } from './pool.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A read whose statements end when they are let. */
function held() {
  const statements: { questions: readonly string[]; end: (error?: Error) => void }[] = [];
  const read: ReadMany<string, string> = (_tx, questions) =>
    new Promise((resolve, reject) => {
      statements.push({
        questions,
        end: (error) => {
          if (error === undefined) resolve(questions.map((question) => `${question}!`));
          else reject(error);
        },
      });
    });
  return { statements, read };
}

const pool = (): Pool => ({}) as unknown as Pool;

describe('reads of many', () => {
  it('the first begins at once; who asks meanwhile is answered by the next, not by what was read before he asked', async () => {
    const { statements, read } = held();
    const database = pool();
    const first = readTogether(database, read, '1');
    const later = ['2', '1'].map((question) => readTogether(database, read, question));
    expect(statements.map(({ questions }) => questions)).toEqual([['1']]);
    statements[0]?.end();
    expect(await first).toBe('1!');
    await turn();
    expect(statements.map(({ questions }) => questions)).toEqual([['1'], ['2', '1']]);
    statements[1]?.end();
    expect(await Promise.all(later)).toEqual(['2!', '1!']);
  });

  it('a fault is told to those whose statement it was, and the next ones are read', async () => {
    const { statements, read } = held();
    const database = pool();
    const first = readTogether(database, read, '1');
    const second = readTogether(database, read, '2');
    statements[0]?.end(new Error('no such column'));
    await expect(first).rejects.toThrow('no such column');
    await turn();
    statements[1]?.end();
    expect(await second).toBe('2!');
  });

  it('databases and kinds of questions are kept apart', async () => {
    const [one, other] = [held(), held()];
    const [database, another] = [pool(), pool()];
    void readTogether(database, one.read, '1');
    void readTogether(another, one.read, '2');
    void readTogether(database, other.read, '3');
    expect([...one.statements, ...other.statements].map(({ questions }) => questions)).toEqual([['1'], ['2'], ['3']]);
  });
});
