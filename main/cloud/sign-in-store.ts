// The sign-ins of this machine, one for each hosted backend: kept in GENRTL_HOME, in a file that only the person may
// read, and refreshed before they end. Two processes may refresh at the same moment; the backend gives both new tokens.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { API_ROUTES, GenrtlError } from '@genrtl/contracts';
import { OAUTH_CLIENT_ID, OauthError, TokenResponse } from '@genrtl/contracts/http/accounts.ts';
import { makeFolder } from '@genrtl/disk/make-folder.ts';
import { asDiskError, readText, writeAtomic } from '@genrtl/disk/records.ts';
import { HttpClient, type Endpoint } from './http-client.ts';

export const SIGN_INS_FILE = 'sign-ins.json';
const SignIn = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  /** milliseconds since 1970 */
  ends_at: z.number(),
  /** that the person chose to act for; none: for themselves */
  organisation: z.string().optional(),
});
type SignIn = z.infer<typeof SignIn>;
/** By the backend's address. */
const SignIns = z.object({ schema_version: z.literal(1), sign_ins: z.record(z.string(), SignIn) });

/** A token that ends within this time is refreshed first. */
const EARLY_MS = 60_000;

async function readAll(home: string): Promise<Record<string, SignIn>> {
  const text = await readText(path.join(home, SIGN_INS_FILE));
  if (text === null) return {};
  try {
    return SignIns.parse(JSON.parse(text)).sign_ins;
  } catch {
    // a damaged file signs nobody in
    return {};
  }
}

async function writeAll(home: string, signIns: Record<string, SignIn>): Promise<void> {
  const file = path.join(home, SIGN_INS_FILE);
  if (Object.keys(signIns).length === 0) return rm(file, { force: true });
  try {
    makeFolder(home, 0o700);
    await writeAtomic(file, `${JSON.stringify({ schema_version: 1, sign_ins: signIns })}\n`, 0o600);
  } catch (error) {
    throw asDiskError(error, home);
  }
}

/** `organisation` survives a refresh; whoever signs in anew acts for themselves. */
export async function keepSignIn(
  home: string,
  url: string,
  tokens: TokenResponse,
  organisation?: string,
): Promise<void> {
  const { access_token, refresh_token, expires_in } = tokens;
  const kept = { access_token, refresh_token, ends_at: Date.now() + expires_in * 1000, organisation };
  await writeAll(home, { ...(await readAll(home)), [url]: kept });
}

/** The account that this machine acts for from now on; null: the person's own. Nothing when nobody is signed in. */
export async function keepOrganisation(home: string, url: string, organisation: string | null): Promise<void> {
  const { [url]: kept, ...others } = await readAll(home);
  if (kept === undefined) return;
  await writeAll(home, { ...others, [url]: { ...kept, organisation: organisation ?? undefined } });
}

/** Ends the sign-in at the backend, and here whatever it answers. False when nobody was signed in. */
export async function forgetSignIn(home: string, url: string, proxy: Endpoint['proxy']): Promise<boolean> {
  const { [url]: kept, ...others } = await readAll(home);
  if (kept === undefined) return false;
  await writeAll(home, others);
  const fields = { client_id: OAUTH_CLIENT_ID, token: kept.refresh_token };
  await clientOf(url, proxy).form(API_ROUTES.revokeToken, fields);
  return true;
}

export const clientOf = (url: string, proxy: Endpoint['proxy']): HttpClient =>
  new HttpClient({ url, token: '', ...(proxy === undefined ? {} : { proxy }) });

export interface KeptSignIn {
  /** Throws UNAUTHORIZED when it has ended. */
  accessToken(): Promise<string>;
  /** to be taken out of all that leaves */
  readonly secrets: readonly string[];
  /** that the person chose to act for */
  readonly organisation: string | undefined;
}

/** null when nobody is signed in there. */
export async function keptSignIn(home: string, url: string, proxy: Endpoint['proxy']): Promise<KeptSignIn | null> {
  const first = (await readAll(home))[url];
  if (first === undefined) return null;
  let known = first;
  let refreshing: Promise<string> | null = null;
  const refresh = async (): Promise<string> => {
    // Another process may have refreshed it meanwhile.
    const kept = (await readAll(home))[url];
    if (kept === undefined) throw ended();
    known = kept;
    if (known.ends_at - EARLY_MS > Date.now()) return known.access_token;
    const fields = { client_id: OAUTH_CLIENT_ID, grant_type: 'refresh_token', refresh_token: known.refresh_token };
    const answer = await clientOf(url, proxy).form(API_ROUTES.token, fields);
    const tokens = TokenResponse.safeParse(answer);
    if (!tokens.success) {
      if (!OauthError.safeParse(answer).success)
        throw new GenrtlError('BACKEND_UNAVAILABLE', 'The backend did not refresh the sign-in.');
      const { [url]: _, ...others } = await readAll(home);
      await writeAll(home, others);
      throw ended();
    }
    const { organisation } = known;
    await keepSignIn(home, url, tokens.data, organisation);
    known = { ...tokens.data, ends_at: Date.now() + tokens.data.expires_in * 1000, organisation };
    return known.access_token;
  };
  return {
    accessToken: () => {
      if (known.ends_at - EARLY_MS > Date.now()) return Promise.resolve(known.access_token);
      refreshing ??= refresh().finally(() => {
        refreshing = null;
      });
      return refreshing;
    },
    secrets: [first.access_token, first.refresh_token],
    organisation: first.organisation,
  };
}

const ended = (): GenrtlError => new GenrtlError('UNAUTHORIZED', 'The sign-in on this machine has ended.');
