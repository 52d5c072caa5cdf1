// The configuration as it stands in its file, read again when the file changes. A faulty file changes nothing and is
// told.
import { readFile, stat } from 'node:fs/promises';
import { FLOWS } from '../flows/index.ts';
import type { Log } from '../processes/log.ts';
import { NO_CONFIG, readAiConfig, unheeded, type AiConfig } from './config.ts';
import { unknownVariants } from './variants.ts';

const LOOK_MS = 1_000;
const MAX_BYTES = 1 << 20;

export class AiConfigFile {
  readonly #path: string;
  readonly #log: Log;
  #seen = '';
  #timer: NodeJS.Timeout | null = null;
  /** Calls that run keep the one that they began with. */
  current: AiConfig = NO_CONFIG;

  constructor(path: string, log: Log) {
    this.#path = path;
    this.#log = log;
  }

  async open(): Promise<void> {
    await this.look();
    this.#timer = setInterval(() => void this.look(), LOOK_MS);
    this.#timer.unref();
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  async look(): Promise<void> {
    try {
      const { mtimeMs, size, ino } = await stat(this.#path);
      const seen = `${String(mtimeMs)} ${String(size)} ${String(ino)}`;
      if (seen === this.#seen) return;
      this.#seen = seen;
      if (size > MAX_BYTES) throw new Error(`larger than ${String(MAX_BYTES)} bytes`);
      const read = readAiConfig(await readFile(this.#path, 'utf8'), this.#path);
      if (!('version' in read)) {
        for (const { line, column, message } of read)
          this.#log.error('the configuration of the AI module is faulty; the earlier one holds', {
            line,
            column,
            message,
          });
        return;
      }
      this.current = read;
      const unknown = unknownVariants(FLOWS, read).map((id) => `shares: ${id} is not there`);
      for (const text of [...unheeded(read), ...unknown])
        this.#log.warn('the configuration of the AI module is heeded in part', { text });
      this.#log.info('the configuration of the AI module was read', { file: this.#path });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
        // A file that is taken away takes its rules along.
        if (this.#seen !== '') this.current = NO_CONFIG;
        this.#seen = '';
        return;
      }
      this.#log.error('the configuration of the AI module cannot be read; the earlier one holds', {
        error: String(error),
      });
    }
  }
}
