// Who may talk to the web host: a one-time boot token becomes a signed cookie, named per instance because cookies
// ignore ports.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sameSecret } from '@genrtl/disk/same-secret.ts';
import { homeError, makeHome } from '../../installation/home.ts';

const SESSION_MS = 7 * 24 * 3_600_000;
const BOOT_MS = 10 * 60_000;

/**
 * The signing key outlives the process (0600 file), so a page whose host was killed reconnects without a new address.
 */
function signingKey(home: string): Buffer {
  const file = path.join(home, 'web-session.key');
  try {
    const key = readFileSync(file);
    if (key.length === 32) return key;
  } catch {
    // made below
  }
  makeHome(home);
  const key = randomBytes(32);
  try {
    writeFileSync(file, key, { mode: 0o600 });
  } catch (error) {
    throw homeError(error, home);
  }
  return key;
}

export class Sessions {
  readonly cookieName: string;
  readonly #key: Buffer;
  readonly #now: () => number;
  readonly #boot = new Map<string, number>();

  /** `instance` tells hosts of one machine apart: the port or the socket's path. */
  constructor(home: string, instance: string, now: () => number = Date.now) {
    this.#key = signingKey(home);
    this.#now = now;
    this.cookieName = `genrtl_${createHash('sha256').update(`${home}\n${instance}`).digest('hex').slice(0, 12)}`;
  }

  /** Good once, for ten minutes. */
  newBootToken(): string {
    const token = randomBytes(32).toString('base64url');
    this.#boot.set(token, this.#now() + BOOT_MS);
    return token;
  }

  /** Value for Set-Cookie, or null for a token that is unknown, used or too old. */
  redeem(token: string): string | null {
    for (const [known, until] of this.#boot) {
      if (until < this.#now()) this.#boot.delete(known);
      else if (sameSecret(known, token)) {
        this.#boot.delete(known);
        return `${this.cookieName}=${this.#issue()}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${SESSION_MS / 1000}`;
      }
    }
    return null;
  }

  accepts(cookieHeader: string | undefined): boolean {
    for (const part of (cookieHeader ?? '').split(';')) {
      const [name, value = ''] = part.trim().split('=', 2);
      if (name !== this.cookieName) continue;
      const [nonce = '', until = '', signature = ''] = value.split('.');
      if (sameSecret(signature, this.#sign(nonce, until)) && Number(until) > this.#now()) return true;
    }
    return false;
  }

  #issue(): string {
    const nonce = randomBytes(18).toString('base64url');
    const until = String(this.#now() + SESSION_MS);
    return `${nonce}.${until}.${this.#sign(nonce, until)}`;
  }

  #sign(nonce: string, until: string): string {
    return createHmac('sha256', this.#key).update(`${this.cookieName}|${nonce}|${until}`).digest('base64url');
  }
}
