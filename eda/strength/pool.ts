// A list worked on by several at a time.

/** Results in the order of the list. The first failure is thrown once all have come to an end. */
export async function inParallel<T, R>(
  list: readonly T[],
  workers: number,
  work: (one: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    while (!failed && next < list.length) {
      const at = next++;
      try {
        results[at] = await work(list[at] as T);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.max(1, Math.min(workers, list.length)) }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return results;
}
