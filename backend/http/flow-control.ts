// Waiting at the pace of a reader.
import type { ServerResponse } from 'node:http';

/**
 * Resolves when at most so many bytes wait for the reader: true. False when it has gone, or took nothing for too long;
 * then its connection is ended.
 */
export async function drained(response: ServerResponse, limitBytes: number, stalledMs: number): Promise<boolean> {
  if (response.closed || response.destroyed) return false;
  if (response.writableLength <= limitBytes) return true;
  return new Promise<boolean>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      response.off('drain', done);
      response.off('close', done);
      resolve(!response.closed && !response.destroyed);
    };
    const timer = setTimeout(() => {
      response.destroy();
      done();
    }, stalledMs);
    response.on('drain', done);
    response.on('close', done);
  });
}

/** Remembers that something happened until somebody has waited for it. */
export class Latch {
  #set = false;
  #wake: (() => void) | null = null;

  set(): void {
    this.#set = true;
    this.#wake?.();
  }

  /** Also returns after so long without news. */
  async wait(limitMs?: number): Promise<void> {
    if (!this.#set) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const timer = limitMs === undefined ? null : setTimeout(resolve, limitMs);
      await promise;
      if (timer !== null) clearTimeout(timer);
    }
    this.#set = false;
    this.#wake = null;
  }
}
