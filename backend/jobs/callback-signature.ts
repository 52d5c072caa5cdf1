// Signatures of callbacks as Standard Webhooks 1.0 says: HMAC-SHA256 over id, time and the exact body, one for each
// secret.
import { createHmac, timingSafeEqual } from 'node:crypto';

/** Older and later messages are refused: whoever recorded one cannot send it again. */
export const REPLAY_WINDOW_MS = 5 * 60_000;

export interface SignedMessage {
  readonly id: string;
  /** seconds since 1970 */
  readonly timestamp: number;
  readonly body: string;
}

export function signaturesOf(message: SignedMessage, secrets: readonly string[]): string {
  return secrets.map((secret) => `v1,${signatureOf(message, secret)}`).join(' ');
}

export type CallbackVerdict = 'valid' | 'headers' | 'time' | 'signature';

/** What a receiver does. `headers` by lowercase names, `body` as it came. */
export function verifyCallback(
  headers: Readonly<Record<string, string | undefined>>,
  body: string,
  secret: string,
  now = Date.now(),
): CallbackVerdict {
  const { 'webhook-id': id, 'webhook-timestamp': time = '', 'webhook-signature': given } = headers;
  if (id === undefined || given === undefined || !/^\d{1,12}$/.test(time)) return 'headers';
  if (Math.abs(now - Number(time) * 1_000) > REPLAY_WINDOW_MS) return 'time';
  const expected = Buffer.from(signatureOf({ id, timestamp: Number(time), body }, secret));
  const right = given.split(' ').some((one) => {
    const [version, signature = ''] = one.split(',', 2);
    const bytes = Buffer.from(signature);
    return version === 'v1' && bytes.length === expected.length && timingSafeEqual(bytes, expected);
  });
  return right ? 'valid' : 'signature';
}

function signatureOf({ id, timestamp, body }: SignedMessage, secret: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return createHmac('sha256', key)
    .update(`${id}.${String(timestamp)}.${body}`)
    .digest('base64');
}
