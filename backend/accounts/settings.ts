// The settings of a hosted backend's accounts, read from its environment.
import { GenrtlError } from '@genrtl/contracts';

export interface AccountSettings {
  /** without a slash at its end */
  readonly publicUrl: string;
  readonly secret: string;
  /** null: mails go into a file */
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  /** e-mail addresses, lower case */
  readonly operators: ReadonlySet<string>;
  /** whether the last address of X-Forwarded-For is believed */
  readonly behindProxy: boolean;
  readonly socialProviders: Readonly<Record<string, { readonly clientId: string; readonly clientSecret: string }>>;
  /** the organisation's own OpenID Connect provider */
  readonly oidc: OidcSettings | null;
}

export interface OidcSettings {
  /** as the provider's discovery document names itself */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** what the sign-in page calls it */
  readonly name: string;
}

const PROVIDERS = ['google', 'github'] as const;

/** null where GENRTL_PUBLIC_URL is not set: one local account. USAGE for a setting that cannot be meant. */
export async function readAccountSettings(
  env: NodeJS.ProcessEnv,
  keptSecret: () => Promise<string>,
): Promise<AccountSettings | null> {
  const publicUrl = set(env, 'GENRTL_PUBLIC_URL')?.replace(/\/+$/, '');
  if (publicUrl === undefined) return null;
  if (!URL.canParse(publicUrl) || !/^https?:$/.test(new URL(publicUrl).protocol))
    throw new GenrtlError('USAGE', 'GENRTL_PUBLIC_URL is no http address', {
      hint: 'Give the address under which browsers reach the backend, e.g. https://genrtl.example.com',
    });
  const secret = set(env, 'GENRTL_AUTH_SECRET') ?? (await keptSecret());
  if (secret.length < 32)
    throw new GenrtlError('USAGE', 'GENRTL_AUTH_SECRET has fewer than 32 characters', {
      hint: 'Make one with: openssl rand -base64 32. All processes of one service share it.',
    });
  const smtpUrl = set(env, 'GENRTL_SMTP_URL') ?? null;
  if (smtpUrl !== null && !/^smtps?:\/\/./.test(smtpUrl))
    throw new GenrtlError('USAGE', 'GENRTL_SMTP_URL is no smtp address', {
      hint: 'e.g. smtps://user:password@mail.example.com',
    });
  return {
    publicUrl,
    secret,
    smtpUrl,
    mailFrom: set(env, 'GENRTL_MAIL_FROM') ?? `genRTL <no-reply@${new URL(publicUrl).hostname}>`,
    operators: new Set(
      (set(env, 'GENRTL_OPERATORS') ?? '')
        .split(',')
        .map((address) => address.trim().toLowerCase())
        .filter((address) => address !== ''),
    ),
    behindProxy: set(env, 'GENRTL_BEHIND_PROXY') === '1',
    socialProviders: Object.fromEntries(
      PROVIDERS.flatMap((name) => {
        const clientId = set(env, `GENRTL_${name.toUpperCase()}_CLIENT_ID`);
        const clientSecret = set(env, `GENRTL_${name.toUpperCase()}_CLIENT_SECRET`);
        return clientId === undefined || clientSecret === undefined ? [] : [[name, { clientId, clientSecret }]];
      }),
    ),
    oidc: readOidc(env),
  };
}

function readOidc(env: NodeJS.ProcessEnv): OidcSettings | null {
  const issuer = set(env, 'GENRTL_OIDC_ISSUER');
  if (issuer === undefined) return null;
  if (!URL.canParse(issuer) || !/^https?:$/.test(new URL(issuer).protocol) || /[?#]/.test(issuer))
    throw new GenrtlError('USAGE', 'GENRTL_OIDC_ISSUER is no issuer', {
      hint: 'Give the address below which the provider has /.well-known/openid-configuration',
    });
  const clientId = set(env, 'GENRTL_OIDC_CLIENT_ID');
  const clientSecret = set(env, 'GENRTL_OIDC_CLIENT_SECRET');
  if (clientId === undefined || clientSecret === undefined)
    throw new GenrtlError('USAGE', 'GENRTL_OIDC_ISSUER is set without the id and the secret of the client', {
      hint: 'Set GENRTL_OIDC_CLIENT_ID and GENRTL_OIDC_CLIENT_SECRET too.',
    });
  return { issuer, clientId, clientSecret, name: set(env, 'GENRTL_OIDC_NAME') ?? new URL(issuer).hostname };
}

function set(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}
