// Accounts of a hosted backend: who is signed in, keys, devices, and the sign-in of programs (RFC 8628, RFC 7636, RFC
// 8252).
import { z } from 'zod';
import { ROLE_ACTIONS, SCOPES, type Action, type Role } from '../access.ts';
import { Instant } from '../primitives.ts';

const RoleName = z.enum(Object.keys(ROLE_ACTIONS) as [Role, ...Role[]]);
const ScopeName = z.enum(SCOPES);
const Name = z.string().trim().min(1).max(100);

export const AccountView = z.object({
  account_id: z.string(),
  /** the person's e-mail address; null where there are no persons (embedded) */
  email: z.string().nullable(),
  name: z.string(),
  role: RoleName,
  /** how the request was let in */
  via: z.enum(['local', 'session', 'sign_in', 'key']),
  scopes: z.array(ScopeName).nullable(),
  actions: z.array(z.string() as unknown as z.ZodType<Action>),
  organisations: z.array(z.object({ organisation_id: z.string(), name: z.string(), slug: z.string(), role: RoleName })),
});
export type AccountView = z.infer<typeof AccountView>;

export const KeyView = z.object({
  key_id: z.string(),
  name: z.string(),
  /** its first letters */
  prefix: z.string(),
  scopes: z.array(ScopeName),
  created_at: Instant,
  expires_at: Instant.nullable(),
  last_used_at: Instant.nullable(),
});
export type KeyView = z.infer<typeof KeyView>;
export const KeyList = z.object({ keys: z.array(KeyView) });
export type KeyList = z.infer<typeof KeyList>;
export const KeyRequest = z.object({
  name: Name,
  scopes: z.array(ScopeName).min(1).max(SCOPES.length),
  /** null: until it is revoked */
  expires_in_days: z.number().int().min(1).max(3650).nullable(),
});
export type KeyRequest = z.infer<typeof KeyRequest>;
/** The key itself is shown this once. */
export const MadeKey = KeyView.extend({ key: z.string() });
export type MadeKey = z.infer<typeof MadeKey>;

export const SignInView = z.object({
  sign_in_id: z.string(),
  kind: z.enum(['browser', 'device']),
  device: z.string(),
  place: z.string(),
  created_at: Instant,
  last_used_at: Instant,
  current: z.boolean(),
});
export type SignInView = z.infer<typeof SignInView>;
export const SignInList = z.object({ sign_ins: z.array(SignInView) });
export type SignInList = z.infer<typeof SignInList>;
export const Done = z.object({ done: z.literal(true) });
export type Done = z.infer<typeof Done>;

/** Whether persons sign in here at all, and other places where they may prove who they are. */
export const SignInProviders = z.object({
  accounts: z.boolean(),
  providers: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type SignInProviders = z.infer<typeof SignInProviders>;

/** Of a person by their e-mail address, of an organisation by its short name. */
export const DeletionRequest = z.object({ confirm: z.string().min(1).max(320) });
export type DeletionRequest = z.infer<typeof DeletionRequest>;
export const DeletionView = z.object({
  /** null: none is asked for */
  deletion: z.object({ asked_at: Instant, due_at: Instant }).nullable(),
});
export type DeletionView = z.infer<typeof DeletionView>;

/** The one public client: the desktop app and the command line. */
export const OAUTH_CLIENT_ID = 'genrtl';
export const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
const Device = z.string().trim().min(1).max(100);

export const DeviceCodeRequest = z.object({ client_id: z.string(), device: Device.default('unnamed device') });
/** RFC 8628 section 3.2; times in seconds */
export const DeviceCode = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.string(),
  verification_uri_complete: z.string(),
  expires_in: z.number().int(),
  interval: z.number().int(),
});
export type DeviceCode = z.infer<typeof DeviceCode>;
export const UserCode = z.string().trim().min(1).max(20);
/** What the person sees before the decision. */
export const DeviceView = z.object({ user_code: z.string(), device: z.string(), place: z.string(), asked_at: Instant });
export type DeviceView = z.infer<typeof DeviceView>;
export const DeviceDecision = z.object({ user_code: UserCode, approve: z.boolean() });
export type DeviceDecision = z.infer<typeof DeviceDecision>;

/** RFC 6749 section 4.1.1 with RFC 7636; the redirection goes to a port of the person's own machine (RFC 8252). */
export const AuthorizeRequest = z.object({
  client_id: z.string(),
  redirect_uri: z.string().max(200),
  state: z.string().min(1).max(500),
  code_challenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  code_challenge_method: z.literal('S256'),
  device: Device.default('unnamed device'),
  /** false: the program is told that the person refused (RFC 6749 section 4.1.2.1) */
  approve: z.boolean().default(true),
});
export type AuthorizeRequest = z.infer<typeof AuthorizeRequest>;
export const AuthorizeResponse = z.object({ redirect_to: z.string() });
export type AuthorizeResponse = z.infer<typeof AuthorizeResponse>;

/** Form fields of all grants; which are needed depends on grant_type. */
export const TokenRequest = z.object({
  grant_type: z.string(),
  client_id: z.string(),
  device_code: z.string().max(200).optional(),
  code: z.string().max(200).optional(),
  redirect_uri: z.string().max(200).optional(),
  code_verifier: z.string().max(200).optional(),
  refresh_token: z.string().max(200).optional(),
});
export type TokenRequest = z.infer<typeof TokenRequest>;
export const TokenResponse = z.object({
  access_token: z.string(),
  token_type: z.literal('Bearer'),
  /** seconds */
  expires_in: z.number().int(),
  refresh_token: z.string(),
});
export type TokenResponse = z.infer<typeof TokenResponse>;
export const RevokeTokenRequest = z.object({ token: z.string().max(200), client_id: z.string() });

/** RFC 6749 section 5.2 and RFC 8628 section 3.5. */
export const OAUTH_ERRORS = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unsupported_grant_type',
  'authorization_pending',
  'slow_down',
  'access_denied',
  'expired_token',
] as const;
export type OauthErrorCode = (typeof OAUTH_ERRORS)[number];
export const OauthError = z.object({ error: z.enum(OAUTH_ERRORS), error_description: z.string() });
export type OauthError = z.infer<typeof OauthError>;
