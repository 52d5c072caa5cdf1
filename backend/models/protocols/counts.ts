// Token counts from a server's JSON, believed only when they make sense.

/** No model reads or writes more in one call; larger numbers are a fault of the server. */
const MAX_TOKENS = 100_000_000;

/** A count, or undefined when the value is no count. */
export function tokenCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= MAX_TOKENS
    ? value
    : undefined;
}
