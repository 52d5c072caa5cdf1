// Short-lived links to packages: the token names an object and a time, and is signed with a key of this backend.
import { createHmac } from 'node:crypto';
import { GenrtlError } from '@genrtl/contracts';
import { z } from 'zod';
import { sameSecret } from '@genrtl/disk/same-secret.ts';

const Claims = z.object({
  sha256: z.string(),
  expires: z.number(),
  cbb_id: z.string(),
  version: z.string(),
  account: z.string().nullable(),
});

/** What a link leads to. */
export interface Linked {
  readonly sha256: string;
  readonly cbb_id: string;
  readonly version: string;
  /** the only account that may follow it; null: whoever has the link may */
  readonly account: string | null;
}

export class DownloadTokens {
  readonly #secret: string;
  readonly lifetimeSeconds: number;

  constructor(secret: string, lifetimeSeconds = 600) {
    this.#secret = secret;
    this.lifetimeSeconds = lifetimeSeconds;
  }

  issue(linked: Linked, now = Date.now()): string {
    const claims = Buffer.from(JSON.stringify({ ...linked, expires: now + this.lifetimeSeconds * 1000 })).toString(
      'base64url',
    );
    return `${claims}.${this.#sign(claims)}`;
  }

  /** NOT_FOUND for a token that is forged, malformed or out of time. */
  redeem(token: string, now = Date.now()): Linked {
    const [claims = '', signature = ''] = token.split('.');
    if (!sameSecret(signature, this.#sign(claims))) throw stale();
    const parsed = Claims.safeParse(JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')));
    if (!parsed.success || parsed.data.expires < now) throw stale();
    return parsed.data;
  }

  #sign(claims: string): string {
    return createHmac('sha256', this.#secret).update(`download.${claims}`).digest('base64url');
  }
}

export function stale(): GenrtlError {
  return new GenrtlError('NOT_FOUND', 'This download link is not valid any more', {
    hint: 'Ask for the delivery again.',
  });
}
