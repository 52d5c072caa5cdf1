// What is done again while the database is away. A running job or an open stream outlives its restart.
import { setTimeout as delay } from 'node:timers/promises';

/** A managed database that changes its machine is back within half a minute; the embedded one within a second. */
const RECONNECT_LIMIT_MS = 60_000;

/**
 * SQLSTATE class 08 (connection), 57P0x (shutdown, crash, starting), 53300 (connections), 40001 (serialisation), 40P01
 * (deadlock).
 */
const REPEATABLE_STATES = /^(08...|57P0[1-3]|53300|40001|40P01)$/;
const REPEATABLE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

export function isRepeatable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && (REPEATABLE_CODES.has(code) || REPEATABLE_STATES.test(code))) return true;
  return /Connection terminated|connection timeout|timeout exceeded when trying to connect|Client has encountered a connection error/i.test(
    error.message,
  );
}

/** Runs it again while the database is lost and comes back; what it does must be safe to repeat. */
export async function repeating<T>(attempt: () => Promise<T>): Promise<T> {
  const started = Date.now();
  for (let round = 0; ; round++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isRepeatable(error) || Date.now() - started > RECONNECT_LIMIT_MS) throw error;
      await delay(Math.min(25 * 2 ** round, 500));
    }
  }
}

/** A statement that changes nothing, so that a lost answer of it may be asked for again. News are told once. */
export function onlyReads(text: string): boolean {
  return /^\s*(SELECT|WITH)\b/i.test(text) && !/\b(INSERT|UPDATE|DELETE|MERGE|pg_notify)\b/i.test(text);
}
