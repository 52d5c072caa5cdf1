// Short-lived links to packages: the token names an object and a time, and is signed with a key of this backend.
import { createHmac } from 'node:crypto';
import { GenrtlError } from '@genrtl/contracts';
import { z } from 'zod';
import { sameSecret } from '@genrtl/disk/same-secret.ts';

const Claims = z.object({ sha256: z.string(), expires: z.number() });

export class DownloadTokens {
  readonly #secret: string;
  readonly lifetimeSeconds: number;

  constructor(secret: string, lifetimeSeconds = 600) {
    this.#secret = secret;
    this.lifetimeSeconds = lifetimeSeconds;
  }

  issue(sha256: string, now = Date.now()): string {
    const claims = Buffer.from(JSON.stringify({ sha256, expires: now + this.lifetimeSeconds * 1000 })).toString(
      'base64url',
    );
    return `${claims}.${this.#sign(claims)}`;
  }

  /** The object's hash. NOT_FOUND for a token that is forged, malformed or out of time. */
  redeem(token: string, now = Date.now()): string {
    const [claims = '', signature = ''] = token.split('.');
    if (!sameSecret(signature, this.#sign(claims))) throw stale();
    const parsed = Claims.safeParse(JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')));
    if (!parsed.success || parsed.data.expires < now) throw stale();
    return parsed.data.sha256;
  }

  #sign(claims: string): string {
    return createHmac('sha256', this.#secret).update(`download.${claims}`).digest('base64url');
  }
}

function stale(): GenrtlError {
  return new GenrtlError('NOT_FOUND', 'This download link is not valid any more', {
    hint: 'Ask for the delivery again.',
  });
}
