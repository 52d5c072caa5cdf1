// The backend's log: one JSON object a line, secrets scrubbed, the file kept within bounds.
import { open, readFile, stat } from 'node:fs/promises';
import pino from 'pino';

const LIMIT_BYTES = 8 << 20;
const KEPT_BYTES = 1 << 20;

const SECRETS: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{8,}/gi, '$1 …'],
  [/\b(sk|pk|rk|xox[a-z]|gh[a-z])[-_][A-Za-z0-9_-]{8,}/g, '$1-…'],
  [/(\w+:\/\/[^\s:/@]*):[^\s@/]+@/g, '$1:…@'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '…private key…'],
];

/** The text without keys, tokens and passwords that happen to stand in messages, URLs and stacks. */
export function scrub(text: string): string {
  return SECRETS.reduce((clean, [pattern, replacement]) => clean.replace(pattern, replacement), text);
}

export interface Log {
  info(message: string, details?: Record<string, unknown>): void;
  warn(message: string, details?: Record<string, unknown>): void;
  error(message: string, details?: Record<string, unknown>): void;
}

export interface BackendLog extends Log {
  /** Cuts the file down to its last part when it has grown too long. */
  bound(): Promise<void>;
}

export function openLog(file: string): BackendLog {
  const logger = pino(
    {
      base: { pid: process.pid },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: file, sync: true, append: true, mode: 0o600 }),
  );
  const write =
    (level: 'info' | 'warn' | 'error') =>
    (message: string, details: Record<string, unknown> = {}): void => {
      logger[level](scrubbed(details), scrub(message));
    };
  return {
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    bound: () => cutDown(file),
  };
}

function scrubbed(details: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => [key, typeof value === 'string' ? scrub(value) : value]),
  );
}

/** Every writer appends, so the file can be rewritten under them. */
async function cutDown(file: string): Promise<void> {
  const size = await stat(file).then(
    (info) => info.size,
    () => 0,
  );
  if (size <= LIMIT_BYTES) return;
  const tail = (await readFile(file)).subarray(-KEPT_BYTES);
  const handle = await open(file, 'r+');
  try {
    await handle.truncate(0);
    await handle.write(tail.subarray(tail.indexOf(0x0a) + 1), 0, undefined, 0);
  } finally {
    await handle.close();
  }
}
