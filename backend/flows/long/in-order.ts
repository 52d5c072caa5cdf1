// Work on many things side by side, few at a time, whose results are taken in the things' order.

export async function inOrder<T, R>(
  things: readonly T[],
  options: {
    readonly concurrency: number;
    /** the first one is done alone before the others begin */
    readonly leads: boolean;
  },
  work: (thing: T) => Promise<R>,
  take: (thing: T, result: R) => void,
): Promise<void> {
  const done = new Map<number, R>();
  let next = 0;
  let taken = 0;
  let failed = false;
  let failure: unknown;
  const one = async (): Promise<void> => {
    const at = next;
    next += 1;
    const thing = things[at];
    if (thing === undefined) return;
    try {
      done.set(at, await work(thing));
    } catch (error) {
      // What is under way is finished and kept; nothing more begins.
      if (!failed) failure = error;
      failed = true;
      return;
    }
    for (; done.has(taken); taken += 1) {
      const ready = things[taken];
      const result = done.get(taken);
      done.delete(taken);
      if (ready !== undefined) take(ready, result as R);
    }
  };
  const worker = async (): Promise<void> => {
    while (next < things.length && !failed) await one();
  };
  if (options.leads) await one();
  await Promise.all(Array.from({ length: Math.max(1, options.concurrency) }, worker));
  if (failed) throw failure;
}
