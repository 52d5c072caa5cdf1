// Identities, kept by better-auth in the schema `auth`: sign-up with verification of the address, sign-in, reset,
// browser sessions, organisations. Loaded by hosted backends only. Its tables are ours (migration 0300), as is the list
// of its endpoints that are answered at all.
import { betterAuth } from 'better-auth';
import { genericOAuth, organization } from 'better-auth/plugins';
import { createAccessControl } from 'better-auth/plugins/access';
import { IDENTITY_PATH } from '@genrtl/contracts';
import { mayDo, ORGANISATION_ROLES, type OrganisationRole } from '@genrtl/contracts/access.ts';
import { createPool, type Pool } from '../db/index.ts';
import type { Log } from '../processes/log.ts';
import type { Mailer } from './mail.ts';
import type { OidcSettings } from './settings.ts';

/** The endpoints that are answered, by method; every other one of the library is not there. */
const SERVED = {
  'POST /sign-up/email': 'sign up with e-mail and password',
  'POST /sign-in/email': 'sign in',
  'POST /sign-in/social': 'begin a sign-in with another provider',
  'GET /callback/*': 'come back from another provider',
  'POST /sign-out': 'end this session',
  'GET /verify-email': 'the link of a verification mail',
  'POST /send-verification-email': 'send it again',
  'POST /request-password-reset': 'ask for a reset mail',
  'GET /reset-password/*': 'the link of a reset mail',
  'POST /reset-password': 'set the new password',
  'GET /get-session': 'who is signed in in this browser',
  'POST /organization/create': 'found an organisation',
  'POST /organization/update': 'rename it',
  'GET /organization/list': 'organisations of the person',
  'GET /organization/get-full-organization': 'one organisation with its members and invitations',
  'POST /organization/invite-member': 'invite somebody by e-mail',
  'POST /organization/accept-invitation': 'accept an invitation',
  'POST /organization/reject-invitation': 'refuse an invitation',
  'POST /organization/cancel-invitation': 'take an invitation back',
  'GET /organization/get-invitation': 'look at an invitation',
  'GET /organization/list-invitations': 'invitations of an organisation',
  'POST /organization/remove-member': 'remove a member',
  'POST /organization/update-member-role': 'change a member’s role',
  'POST /organization/leave': 'leave an organisation',
} as const;
const PATTERNS = Object.keys(SERVED).map((one) => one.split(' ') as [string, string]);

function isServed(method: string, path: string): boolean {
  return PATTERNS.some(
    ([verb, pattern]) =>
      verb === method &&
      (pattern.endsWith('/*')
        ? path.startsWith(pattern.slice(0, -1)) && /^[\w.~-]+$/.test(path.slice(pattern.length - 1))
        : pattern === path),
  );
}

export interface IdentityOptions {
  readonly databaseUrl: string;
  /** the backend's address as browsers see it */
  readonly publicUrl: string;
  readonly secret: string;
  readonly mailer: Mailer;
  readonly log: Log;
  readonly socialProviders: Readonly<Record<string, { readonly clientId: string; readonly clientSecret: string }>>;
  readonly oidc: OidcSettings | null;
}

export interface Identity {
  /** Whether a path below IDENTITY_PATH is one of those that are answered. */
  serves(method: string, path: string): boolean;
  /** Answers a request of the library's own; `address`: where it comes from. */
  handle(request: Request, address: string): Promise<Response>;
  /** Where else a person may prove who he or she is. */
  readonly providers: readonly { readonly id: string; readonly name: string }[];
  /** The session of a browser's cookie. */
  sessionOf(headers: Headers): Promise<{ sessionId: string; userId: string; expiresAt: Date } | null>;
  close(): Promise<void>;
}

/** Set by us from the connection, never taken from outside: limits count by it. */
const ADDRESS_HEADER = 'x-genrtl-address';
export const COOKIE_PREFIX = 'genrtl';
const SESSION_S = 30 * 24 * 60 * 60;
const INVITATION_S = 7 * 24 * 60 * 60;
const RESET_S = 60 * 60;
const OIDC = 'oidc';
const PROVIDER_NAMES: Readonly<Record<string, string>> = { google: 'Google', github: 'GitHub' };

export function openIdentity(options: IdentityOptions): Identity {
  const { publicUrl, log } = options;
  const url = new URL(options.databaseUrl);
  url.searchParams.set('options', `${url.searchParams.get('options') ?? ''} -c search_path=auth`.trim());
  const pool: Pool = createPool(url.href, {
    max: 6,
    onError: (error) => log.warn('a database connection of the identity library broke', { error: error.message }),
  });
  const open = () => openLibrary(options, pool);
  let auth = open();
  // A provider that could not be reached when it was looked for is looked for again by who needs it, before the answer:
  // answered a second time, a request would count twice against its limit.
  let looking: Promise<void> | null = null;
  const lookForProvider = async (): Promise<void> => {
    try {
      if ((await auth.$context).socialProviders.some(({ id }) => id === OIDC)) return;
      const next = open();
      await next.$context;
      auth = next;
    } finally {
      looking = null;
    }
  };
  return {
    serves: isServed,
    providers: [
      ...Object.keys(options.socialProviders).map((id) => ({ id, name: PROVIDER_NAMES[id] ?? id })),
      ...(options.oidc === null ? [] : [{ id: OIDC, name: options.oidc.name }]),
    ],
    async handle(request, address) {
      const headers = new Headers([...request.headers]);
      headers.set(ADDRESS_HEADER, address);
      // The path and query below our own address: the header Host is not asked what this backend is called.
      const { pathname, search } = new URL(request.url);
      const { method } = request;
      const body = method === 'GET' ? null : await request.arrayBuffer();
      if (options.oidc !== null && needsOidc(pathname, body)) await (looking ??= lookForProvider());
      return auth.handler(new Request(`${publicUrl}${pathname}${search}`, { method, headers, body }));
    },
    async sessionOf(headers) {
      const found = await auth.api.getSession({ headers, query: { disableCookieCache: true, disableRefresh: true } });
      return found === null
        ? null
        : { sessionId: found.session.id, userId: found.user.id, expiresAt: found.session.expiresAt };
    },
    close: () => pool.end(),
  };
}

const needsOidc = (pathname: string, body: ArrayBuffer | null): boolean =>
  pathname.endsWith(`/callback/${OIDC}`) ||
  (pathname.endsWith('/sign-in/social') && body !== null && new TextDecoder().decode(body).includes(`"${OIDC}"`));

/** A provider whose discovery document cannot be read now is left out; the rest works without it. */
function openLibrary(options: IdentityOptions, pool: Pool) {
  const { publicUrl, mailer, log } = options;
  return betterAuth({
    appName: 'genRTL',
    baseURL: publicUrl,
    basePath: IDENTITY_PATH,
    secret: options.secret,
    database: pool,
    trustedOrigins: [new URL(publicUrl).origin],
    telemetry: { enabled: false },
    onAPIError: { errorURL: `${publicUrl}/account` },
    emailAndPassword: {
      enabled: true,
      requireEmailVerification: true,
      minPasswordLength: 10,
      maxPasswordLength: 128,
      resetPasswordTokenExpiresIn: RESET_S,
      revokeSessionsOnPasswordReset: true,
      sendResetPassword: ({ user, url: link }) => {
        mailer.send(resetMail(user.email, link));
        return Promise.resolve();
      },
      // The same answer as for a new address; who owns it learns of the attempt.
      onExistingUserSignUp: ({ user }) => {
        mailer.send(knownMail(user.email, publicUrl));
        return Promise.resolve();
      },
    },
    emailVerification: {
      sendOnSignUp: true,
      sendOnSignIn: true,
      sendVerificationEmail: ({ user, url: link }) => {
        mailer.send(verificationMail(user.email, link));
        return Promise.resolve();
      },
    },
    // an address that the provider has not confirmed is confirmed by a mail first, and the way back says so
    socialProviders: Object.fromEntries(
      Object.entries(options.socialProviders).map(([id, one]) => [id, { ...one, requireEmailVerification: true }]),
    ),
    session: { expiresIn: SESSION_S },
    rateLimit: { enabled: true, storage: 'database', window: 60, max: 100 },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: publicUrl.startsWith('https:'),
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      database: { validateSchema: false },
    },
    logger: {
      log: (level, message) => {
        if (level === 'error') log.error(`identity library: ${message}`);
        else if (level === 'warn') log.warn(`identity library: ${message}`);
      },
    },
    plugins: [
      ...(options.oidc === null ? [] : [oidcPlugin(options.oidc)]),
      organization({
        ac: ACCESS,
        roles: ROLES,
        creatorRole: 'owner',
        disableOrganizationDeletion: true,
        requireEmailVerificationOnInvitation: true,
        invitationExpiresIn: INVITATION_S,
        cancelPendingInvitationsOnReInvite: true,
        sendInvitationEmail: ({ id, email, organization: { name }, inviter }) => {
          mailer.send(invitationMail(email, name, inviter.user.email, `${publicUrl}/invitation?id=${id}`));
          return Promise.resolve();
        },
      }),
    ],
  });
}

/** The answer's identity token is checked against the provider's keys, and against this very sign-in by its nonce. */
const oidcPlugin = ({ issuer, clientId, clientSecret }: OidcSettings) =>
  genericOAuth({
    config: [
      {
        providerId: OIDC,
        discoveryUrl: `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
        clientId,
        clientSecret,
        scopes: ['openid', 'profile', 'email'],
        pkce: true,
        requireIdTokenVerification: true,
        requireEmailVerification: true,
      },
    ],
  });

/** The library's statements, each allowed by an action of the one table. */
const STATEMENTS = {
  organization: { update: 'organisation.change' },
  member: { create: 'members.manage', update: 'members.manage', delete: 'members.manage' },
  invitation: { create: 'members.manage', cancel: 'members.manage' },
} as const;
type Statements = { -readonly [R in keyof typeof STATEMENTS]: (keyof (typeof STATEMENTS)[R])[] };

function statementsOf(role: OrganisationRole | null): Statements {
  const allowed = Object.entries(STATEMENTS).map(([resource, verbs]) => [
    resource,
    Object.entries(verbs).flatMap(([verb, action]) =>
      role === null || mayDo({ role, scopes: null }, action) ? [verb] : [],
    ),
  ]);
  return Object.fromEntries(allowed) as Statements;
}
const ACCESS = createAccessControl(statementsOf(null));
const ROLES = Object.fromEntries(ORGANISATION_ROLES.map((role) => [role, ACCESS.newRole(statementsOf(role))]));

const verificationMail = (to: string, link: string) => ({
  to,
  subject: 'Confirm your e-mail address for genRTL',
  text: `Open this link to confirm your address:\n\n${link}\n\nIf you did not sign up, do nothing: no account works without it.\n`,
});
const resetMail = (to: string, link: string) => ({
  to,
  subject: 'Set a new genRTL password',
  text: `Open this link within an hour to set a new password:\n\n${link}\n\nIt signs you out everywhere. If you did not ask for it, do nothing.\n`,
});
const knownMail = (to: string, site: string) => ({
  to,
  subject: 'You have a genRTL account already',
  text: `Somebody tried to sign up with your address. If it was you, sign in or set a new password at ${site}. If not, do nothing.\n`,
});
const invitationMail = (to: string, name: string, inviter: string, link: string) => ({
  to,
  subject: `Invitation to ${name.replace(/[\r\n]+/g, ' ')} on genRTL`,
  text: `${inviter} invites you to the organisation ${name}. Sign in with this address, then open within a week:\n\n${link}\n`,
});
