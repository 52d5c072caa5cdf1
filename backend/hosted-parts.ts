// Parts that only some backends have, loaded where they are needed: a name of its own among other processes, accounts,
// billing, and the way out for callbacks.
import { join } from 'node:path';
import { GenrtlError } from '@genrtl/contracts';
import type { Accounts } from './accounts/accounts.ts';
import { readAccountSettings } from './accounts/settings.ts';
import type { Billing } from './billing/billing.ts';
import type { ComposeOptions } from './compose-options.ts';
import { holdName, type HeldName } from './db/held-name.ts';
import type { Pool } from './db/index.ts';
import type { Post } from './jobs/callbacks.ts';
import type { NetworkGuard } from './network/guard.ts';
import type { GuardedFetch } from './network/guarded-fetch.ts';
import { secretOf } from './processes/home.ts';

/** A process of that name may be about to end: longer than one may drain. */
const NAME_WAIT_MS = 60_000;

/**
 * Two processes of one name would take up each other's runs. null for an embedded backend, which is alone;
 * BACKEND_START_FAILED when another process keeps the name.
 */
export async function holdOwnName(
  { databaseUrl, embedded, log }: ComposeOptions,
  name: string,
  onLost: () => void,
): Promise<HeldName | null> {
  if (embedded) return null;
  const held = await holdName(databaseUrl, name, {
    waitMs: NAME_WAIT_MS,
    onLost: () => {
      log.error('another process has the name of this one: it takes no more work and has to be ended', { name });
      onLost();
    },
  });
  if (held !== null) return held;
  throw new GenrtlError('BACKEND_START_FAILED', `Another process of this database is called ${name}`, {
    hint: 'Give each process a name of its own: GENRTL_EXECUTOR_ID.',
  });
}

/** Behind the guard, and nowhere else: the address is whatever a request names. Loaded with the first one. */
export function openPost(guard: NetworkGuard): Post {
  let send: Promise<GuardedFetch> | null = null;
  return async (url, headers, body, signal) => {
    send ??= import('./network/guarded-fetch.ts').then(({ guardedFetch }) => guardedFetch(guard));
    const response = await (await send)(url, { method: 'POST', headers, body, signal });
    await response.body?.cancel();
    return response.status;
  };
}

/** null where no money moves. Workers look after periods and payment as well; mail is sent by those that answer. */
export async function openBilling(
  pool: Pool,
  { env, embedded, log }: ComposeOptions,
  accounts: Accounts | null,
): Promise<Billing | null> {
  const publicUrl = env['GENRTL_PUBLIC_URL']?.trim().replace(/\/+$/, '') ?? '';
  if (embedded || publicUrl === '') return null;
  const [{ Billing, pageOf }, { readPlans }, { readStripeSettings }] = await Promise.all([
    import('./billing/billing.ts'),
    import('./billing/plans.ts'),
    import('./billing/stripe/settings.ts'),
  ]);
  const plans = await readPlans(env['GENRTL_PLANS']);
  const settings = readStripeSettings(env);
  const page = pageOf(publicUrl);
  const now = (): Date => new Date();
  const payment =
    settings === null
      ? null
      : (await import('./billing/stripe/index.ts')).openPayment({ pool, settings, plans, page, log, now });
  return Billing.open({ pool, plans, payment, publicUrl, log, mail: accounts?.billingMail ?? null });
}

/** null for the one local account; the identity library is loaded for hosted backends only. */
export async function openAccounts(
  pool: Pool,
  { home, databaseUrl, env, role, embedded, log }: ComposeOptions,
): Promise<Accounts | null> {
  if (embedded || role === 'worker') return null;
  const settings = await readAccountSettings(env, () => secretOf(home.secrets, 'accounts'));
  if (settings === null) return null;
  const [{ Accounts }, { openMailer }] = await Promise.all([
    import('./accounts/accounts.ts'),
    import('./accounts/mail.ts'),
  ]);
  const mailer = openMailer({
    smtpUrl: settings.smtpUrl,
    from: settings.mailFrom,
    logFile: join(home.root, 'mail.log'),
    log,
  });
  return Accounts.open({ pool, databaseUrl, settings, mailer, log });
}
