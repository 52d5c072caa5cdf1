// Reads that many runs want at the same moment, done once for all of them: who asks while a read is under way shares the
// next one, so that nobody is told what was true before it asked.

export class SharedReads<T> {
  readonly #running = new Map<string, Promise<T>>();
  readonly #next = new Map<string, Promise<T>>();

  read(key: string, work: () => Promise<T>): Promise<T> {
    const running = this.#running.get(key);
    if (running === undefined) return this.#run(key, work);
    const next = this.#next.get(key);
    if (next !== undefined) return next;
    const after = running
      .catch(() => undefined)
      .then(() => {
        this.#next.delete(key);
        return this.#run(key, work);
      });
    this.#next.set(key, after);
    return after;
  }

  #run(key: string, work: () => Promise<T>): Promise<T> {
    const running = work().finally(() => {
      if (this.#running.get(key) === running) this.#running.delete(key);
    });
    this.#running.set(key, running);
    return running;
  }
}
