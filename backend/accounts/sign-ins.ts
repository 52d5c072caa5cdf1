// Sign-in of programs: device codes (RFC 8628), codes over a loopback redirection with PKCE (RFC 8252, RFC 7636), short
// access tokens and refresh tokens that are used once, with reuse detection (RFC 9700 section 4.14).
import { createHash, randomUUID } from 'node:crypto';
import {
  DEVICE_GRANT,
  OAUTH_CLIENT_ID,
  type AuthorizeRequest,
  type DeviceCode,
  type DeviceView,
  type OauthErrorCode,
  type SignInView,
  type TokenRequest,
  type TokenResponse,
} from '@genrtl/contracts/http/accounts.ts';
import { GenrtlError } from '@genrtl/contracts';
import { sameSecret } from '@genrtl/disk/same-secret.ts';
import { inTransaction, type Pool, type Transaction } from '../db/index.ts';
import { personOf, type Principal } from './principal.ts';
import * as credentials from './repository/credentials.ts';
import * as grants from './repository/grants.ts';
import { hashOf, makeSecret, makeUserCode, normalUserCode } from './secrets.ts';

/** An answer of RFC 6749 section 5.2. */
export class OauthRefusal extends Error {
  readonly code: OauthErrorCode;

  constructor(code: OauthErrorCode, description: string) {
    super(description);
    this.name = 'OauthRefusal';
    this.code = code;
  }
}

/**
 * Two windows of one app may refresh with the same token at the same moment, and an answer may be lost on its way: for
 * so long a used token still gives new ones. Later it was stolen, and its whole family ends.
 */
const SAME_MOMENT_S = 30;
/** Open device codes of one address. */
const MOST_OPEN_GRANTS = 20;
const MOST_WRONG_CODES = 10;
/** RFC 8252 section 7.3: the address itself, any port; `localhost` may resolve to something else. */
const REDIRECT = /^http:\/\/127\.0\.0\.1:([1-9]\d{0,4})\/callback$/;
const VERIFIER = /^[A-Za-z0-9._~-]{43,128}$/;

export function requireClient(clientId: string): void {
  if (clientId !== OAUTH_CLIENT_ID) throw new OauthRefusal('invalid_client', 'This client is not known');
}

/** RATE_LIMITED when one address has asked for many codes that nobody decided about. */
export async function beginDevice(
  pool: Pool,
  device: string,
  place: string,
  verificationUri: string,
): Promise<DeviceCode> {
  const code = makeSecret('device');
  const userCode = makeUserCode();
  await inTransaction(pool, 'sign_in.ask', async (tx) => {
    if ((await grants.openGrantsFrom(tx, place)) >= MOST_OPEN_GRANTS)
      throw new GenrtlError('RATE_LIMITED', 'Too many devices ask from this address');
    await grants.insertDeviceGrant(tx, { hash: hashOf(code), userCode, device, place });
  });
  return {
    device_code: code,
    user_code: userCode,
    verification_uri: verificationUri,
    verification_uri_complete: `${verificationUri}?user_code=${userCode}`,
    expires_in: grants.DEVICE_GRANT_S,
    interval: grants.POLL_INTERVAL_S,
  };
}

/** What a person is asked to approve. NOT_FOUND for a code that no device shows; after ten of them RATE_LIMITED. */
export function deviceOf(pool: Pool, userId: string, typed: string): Promise<DeviceView> {
  return withGrant(pool, userId, typed, (_tx, grant) =>
    Promise.resolve({
      user_code: grant.user_code,
      device: grant.device,
      place: grant.place,
      asked_at: grant.created_at.toISOString(),
    }),
  );
}

export async function decideDevice(pool: Pool, userId: string, typed: string, approve: boolean): Promise<void> {
  const decided = approve ? 'approved' : 'denied';
  await withGrant(pool, userId, typed, (tx, grant) =>
    grants.decideDeviceGrant(tx, grant.device_code_hash, userId, decided),
  );
}

async function withGrant<T>(
  pool: Pool,
  userId: string,
  typed: string,
  act: (tx: Transaction, grant: grants.DeviceGrantRow) => Promise<T>,
): Promise<T> {
  const guess = `guess_${randomUUID()}`;
  const outcome = await inTransaction(pool, 'sign_in.decide', async (tx) => {
    if ((await grants.wrongCodesOf(tx, userId)) >= MOST_WRONG_CODES) return 'too_many';
    const grant = await grants.deviceGrantByUserCode(tx, normalUserCode(typed));
    // One that the same person decided about is a repeat; one that another did is none of theirs.
    if (grant === null || grant.sign_in_id !== null || (grant.user_id !== null && grant.user_id !== userId)) {
      await grants.noteWrongCode(tx, userId, guess);
      return 'wrong';
    }
    return { value: await act(tx, grant) };
  });
  if (outcome === 'too_many')
    throw new GenrtlError('RATE_LIMITED', 'Too many wrong codes', { hint: 'Wait ten minutes.' });
  if (outcome === 'wrong')
    throw new GenrtlError('NOT_FOUND', 'No device shows this code', {
      hint: 'Compare it with the code on the device; it holds ten minutes.',
    });
  return outcome.value;
}

/**
 * The address that the browser goes to with the code, or with the refusal. REQUEST_INVALID for any other redirection than to this machine.
 */
export async function authorize(pool: Pool, userId: string, request: AuthorizeRequest): Promise<string> {
  const port = REDIRECT.exec(request.redirect_uri)?.[1];
  if (request.client_id !== OAUTH_CLIENT_ID || port === undefined || Number(port) > 65_535)
    throw new GenrtlError('REQUEST_INVALID', 'redirect_uri: only http://127.0.0.1:<port>/callback');
  const target = new URL(request.redirect_uri);
  target.searchParams.set('state', request.state);
  if (!request.approve) {
    target.searchParams.set('error', 'access_denied');
    return target.href;
  }
  const code = makeSecret('code');
  await inTransaction(pool, 'sign_in.ask', (tx) =>
    grants.insertCodeGrant(tx, {
      hash: hashOf(code),
      userId,
      redirectUri: request.redirect_uri,
      codeChallenge: request.code_challenge,
      device: request.device,
    }),
  );
  target.searchParams.set('code', code);
  return target.href;
}

/** Throws OauthRefusal. `place`: where the program asks from. */
export async function issueTokens(pool: Pool, request: TokenRequest, place: string): Promise<TokenResponse> {
  requireClient(request.client_id);
  const pair = { access: makeSecret('access'), refresh: makeSecret('refresh') };
  const hashes = { access: hashOf(pair.access), refresh: hashOf(pair.refresh) };
  const refusal = await grantOf(pool, request, hashes, place);
  if (refusal !== null) throw refusal;
  return {
    access_token: pair.access,
    token_type: 'Bearer',
    expires_in: credentials.ACCESS_TOKEN_S,
    refresh_token: pair.refresh,
  };
}

function grantOf(
  pool: Pool,
  request: TokenRequest,
  hashes: credentials.TokenHashes,
  place: string,
): Promise<OauthRefusal | null> {
  switch (request.grant_type) {
    case DEVICE_GRANT:
      return redeemDevice(pool, needed(request, 'device_code'), hashes);
    case 'authorization_code':
      return redeemCode(pool, request, hashes, place);
    case 'refresh_token':
      return refresh(pool, needed(request, 'refresh_token'), hashes);
    default:
      throw new OauthRefusal('unsupported_grant_type', 'Device codes, authorization codes and refresh tokens only');
  }
}

function needed(request: TokenRequest, field: 'device_code' | 'code' | 'code_verifier' | 'refresh_token'): string {
  const value = request[field];
  if (value === undefined || value === '') throw new OauthRefusal('invalid_request', `${field} is missing`);
  return value;
}

/** Refusals are returned, so that what they write down is committed. */
async function redeemDevice(pool: Pool, code: string, hashes: credentials.TokenHashes): Promise<OauthRefusal | null> {
  const hash = hashOf(code);
  const signInId = `signin_${randomUUID()}`;
  const pollId = { counted: false };
  return inTransaction(pool, 'sign_in.redeem', async (tx) => {
    const grant = await grants.lockDeviceGrant(tx, hash);
    if (grant === null) return new OauthRefusal('invalid_grant', 'This device code is not known');
    if (grant.sign_in_id !== null && grant.sign_in_id !== signInId)
      return new OauthRefusal('invalid_grant', 'This device code was used');
    if (grant.expired) return new OauthRefusal('expired_token', 'The code has expired');
    if (grant.decided === 'denied') return new OauthRefusal('access_denied', 'The sign-in was refused');
    if (grant.decided === null || grant.user_id === null) {
      if (!pollId.counted) await grants.notePoll(tx, hash, grant.too_early);
      pollId.counted = true;
      return grant.too_early
        ? new OauthRefusal('slow_down', 'Ask less often: the interval is five seconds longer now')
        : new OauthRefusal('authorization_pending', 'Nobody has decided yet');
    }
    await credentials.insertSignIn(tx, {
      signInId,
      userId: grant.user_id,
      device: grant.device,
      place: grant.place,
    });
    await credentials.insertTokens(tx, signInId, hashes);
    await grants.redeemDeviceGrant(tx, hash, signInId);
    return null;
  });
}

async function redeemCode(
  pool: Pool,
  request: TokenRequest,
  hashes: credentials.TokenHashes,
  place: string,
): Promise<OauthRefusal | null> {
  const hash = hashOf(needed(request, 'code'));
  const verifier = needed(request, 'code_verifier');
  const signInId = `signin_${randomUUID()}`;
  const refused = new OauthRefusal('invalid_grant', 'The code is not valid');
  return inTransaction(pool, 'sign_in.redeem', async (tx) => {
    const grant = await grants.lockCodeGrant(tx, hash);
    if (grant === null) return refused;
    if (grant.sign_in_id !== null && grant.sign_in_id !== signInId) {
      // RFC 6749 section 4.1.2: one of the two who have it stole it, so what came of it ends.
      await credentials.revokeSignIn(tx, grant.sign_in_id, null, 'second_redemption');
      return refused;
    }
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    if (
      grant.expired ||
      grant.redirect_uri !== request.redirect_uri ||
      !VERIFIER.test(verifier) ||
      !sameSecret(challenge, grant.code_challenge)
    )
      return refused;
    await credentials.insertSignIn(tx, { signInId, userId: grant.user_id, device: grant.device, place });
    await credentials.insertTokens(tx, signInId, hashes);
    await grants.redeemCodeGrant(tx, hash, signInId);
    return null;
  });
}

async function refresh(pool: Pool, token: string, hashes: credentials.TokenHashes): Promise<OauthRefusal | null> {
  const hash = hashOf(token);
  return inTransaction(pool, 'sign_in.refresh', async (tx) => {
    const row = await credentials.lockRefreshToken(tx, hash);
    if (row === null || row.revoked || row.expired) return new OauthRefusal('invalid_grant', 'Sign in again');
    if (row.used_s_ago !== null && row.used_s_ago > SAME_MOMENT_S) {
      await credentials.revokeSignIn(tx, row.sign_in_id, null, 'reuse');
      return new OauthRefusal('invalid_grant', 'This sign-in was used twice and is ended; sign in again');
    }
    await credentials.markRefreshUsed(tx, hash);
    await credentials.insertTokens(tx, row.sign_in_id, hashes);
    return null;
  });
}

/** RFC 7009: whoever has a token of a sign-in may end it; an unknown one is no error. */
export async function revokeByToken(pool: Pool, token: string): Promise<void> {
  await inTransaction(pool, 'account.revoke', async (tx) => {
    const signInId = await credentials.signInOfToken(tx, hashOf(token));
    if (signInId !== null) await credentials.revokeSignIn(tx, signInId, null, 'signed_out');
  });
}

/** A browser's session or a device; NOT_FOUND for another person's. */
export async function endSignIn(pool: Pool, userId: string, id: string): Promise<void> {
  // A repeat after a lost answer finds no session any more.
  let ended = false;
  await inTransaction(pool, 'account.revoke', async (tx) => {
    const device = await credentials.revokeSignIn(tx, id, userId, 'signed_out');
    const browser = await credentials.deleteSession(tx, id, userId);
    ended ||= device || browser;
  });
  if (!ended) throw new GenrtlError('NOT_FOUND', `No sign-in ${id}`);
}

export async function endAllSignIns(pool: Pool, userId: string): Promise<void> {
  await inTransaction(pool, 'account.revoke', (tx) => credentials.revokeFor(tx, userId, 'signed_out_everywhere'));
}

export async function listSignIns(pool: Pool, principal: Principal): Promise<SignInView[]> {
  const rows = await credentials.signInsOf(pool, personOf(principal).id);
  return rows.map((row) => ({
    ...row,
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at.toISOString(),
    current: row.sign_in_id === principal.credentialId,
  }));
}
