// Values for jsonb and text columns. PostgreSQL stores neither NUL nor half a surrogate pair, and model answers may
// hold both.

/** The text with U+FFFD in place of what PostgreSQL cannot store. */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '\uFFFD').toWellFormed();
}

/** JSON for a jsonb column; strings and keys at any depth are made storable. */
export function toJsonb(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === 'string') return storableText(inner);
    if (inner !== null && typeof inner === 'object' && !Array.isArray(inner)) {
      const keys = Object.keys(inner);
      if (keys.some((key) => storableText(key) !== key)) {
        return Object.fromEntries(Object.entries(inner).map(([key, entry]) => [storableText(key), entry as unknown]));
      }
    }
    return inner;
  });
}

/** An escape of NUL or of half a surrogate pair, as `JSON.stringify` writes both. */
const UNSTORABLE = /\\u(?:0000|d[89a-f])/;

/**
 * JSON that was made by `JSON.stringify`, for a jsonb column: looked through once, and made anew only where it has to
 * be.
 */
export const storableJson = (json: string): string => (UNSTORABLE.test(json) ? toJsonb(JSON.parse(json)) : json);
