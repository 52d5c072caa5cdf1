// Secrets that are handed out and recognised by their hash: long random words, so a plain hash hides them as well as a
// slow one would. Their first letters tell what they are, also to scanners of leaked secrets.
import { createHash, randomBytes, randomInt } from 'node:crypto';

export const SECRET_KINDS = {
  key: 'grk_',
  access: 'gra_',
  refresh: 'grr_',
  device: 'grd_',
  code: 'grc_',
} as const;
export type SecretKind = keyof typeof SECRET_KINDS;

const BYTES = 30;

export function makeSecret(kind: SecretKind): string {
  return `${SECRET_KINDS[kind]}${randomBytes(BYTES).toString('base64url')}`;
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** What a list shows of a key. */
export function prefixOf(secret: string): string {
  return secret.slice(0, 10);
}

/** RFC 8628 section 6.1: consonants only, so that no word comes out and nothing is taken for a digit. */
const USER_CODE_LETTERS = 'BCDFGHJKLMNPQRSTVWXZ';

export function makeUserCode(): string {
  const letters = Array.from({ length: 8 }, () => USER_CODE_LETTERS[randomInt(USER_CODE_LETTERS.length)] ?? 'B');
  return `${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
}

/** As a person types it: any case, with or without the dash. */
export function normalUserCode(typed: string): string {
  const letters = typed.toUpperCase().replace(/[^A-Z]/g, '');
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}
