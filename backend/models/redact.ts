// Text from a model server made safe to show: no keys, no control characters, bounded.

const MAX_CHARS = 300;
/** Forms in which keys travel; a server may echo a key that is not ours to know. */
const KEY_FORMS = /\b(?:sk|pk|rk)-[A-Za-z0-9_*.-]{6,}|\bBearer\s+[^\s"',;]+|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_.-]+/g;

/** One line of at most 300 characters without any of `secrets` and without anything that looks like a key. */
export function showable(text: string, secrets: Iterable<string>): string {
  let result = text.slice(0, 8 * MAX_CHARS);
  for (const secret of secrets) {
    if (secret.length >= 4) result = result.replaceAll(secret, '[key]');
  }
  result = result
    .replace(KEY_FORMS, '[key]')
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return result.length > MAX_CHARS ? `${result.slice(0, MAX_CHARS - 1)}…` : result;
}
