// A raw log on disk: the head as it comes, then only the last part, so that a flood neither fills the disk nor loses
// its end.
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** The tail is held in memory until the log closes. */
const MAX_TAIL_BYTES = 1024 * 1024;

export class LogFile {
  bytes = 0;
  readonly #handle: FileHandle;
  readonly #headBytes: number;
  readonly #tailBytes: number;
  #written = 0;
  #tail: Buffer[] = [];
  #tailLength = 0;

  private constructor(handle: FileHandle, keepBytes: number) {
    this.#handle = handle;
    this.#tailBytes = Math.min(MAX_TAIL_BYTES, Math.floor(keepBytes / 2));
    this.#headBytes = keepBytes - this.#tailBytes;
  }

  static async create(path: string, keepBytes: number): Promise<LogFile> {
    return new LogFile(await open(path, 'w'), keepBytes);
  }

  /** Bytes that neither head nor tail holds. */
  get droppedBytes(): number {
    return this.bytes - this.#written - this.#tailLength;
  }

  async append(chunk: Buffer): Promise<void> {
    this.bytes += chunk.length;
    const room = this.#headBytes - this.#written;
    const head = chunk.length <= room ? chunk : chunk.subarray(0, room);
    if (head.length > 0) {
      this.#written += head.length;
      await this.#handle.writeFile(head);
    }
    if (head.length < chunk.length) this.#keepTail(chunk.subarray(head.length));
  }

  #keepTail(chunk: Buffer): void {
    const last = chunk.length > this.#tailBytes ? chunk.subarray(chunk.length - this.#tailBytes) : chunk;
    this.#tail.push(last);
    this.#tailLength += last.length;
    while (this.#tailLength > this.#tailBytes) {
      const first = this.#tail[0];
      if (first === undefined) break;
      const surplus = this.#tailLength - this.#tailBytes;
      if (first.length <= surplus) this.#tail.shift();
      else this.#tail[0] = first.subarray(surplus);
      this.#tailLength -= Math.min(first.length, surplus);
    }
  }

  /** Writes the tail, behind a line that tells what is missing. */
  async close(): Promise<void> {
    try {
      if (this.#tailLength > 0) {
        const dropped = this.droppedBytes;
        if (dropped > 0) await this.#handle.writeFile(`\n[genrtl: ${dropped} bytes dropped here]\n`);
        for (const chunk of this.#tail) await this.#handle.writeFile(chunk);
      }
    } finally {
      await this.#handle.close();
    }
  }
}
