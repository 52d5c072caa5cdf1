// Calls of the page: the backend in use, who is signed in there, signing in and out.
import { z } from 'zod';
import { AccountView } from '../http/accounts.ts';
import { BillingView } from '../http/billing.ts';
import { ErrorBody } from '../error-body.ts';
import { call, None } from './call.ts';

/** What the person does to let this program in: nothing here is a secret of theirs. */
export const SigningIn = z.discriminatedUnion('way', [
  z.object({ way: z.literal('browser'), url: z.string(), opened: z.boolean() }),
  z.object({ way: z.literal('code'), user_code: z.string(), url: z.string() }),
]);
export type SigningIn = z.infer<typeof SigningIn>;

export const AccountState = z.object({
  /** null: the backend of this machine, which has one local account */
  url: z.string().nullable(),
  /** why it did not answer; UNAUTHORIZED is none: nobody is signed in */
  error: ErrorBody.nullable(),
  /** how this program is let in: a token of the environment, or a sign-in that was kept here */
  by: z.enum(['nothing', 'token', 'sign_in']),
  account: AccountView.pick({ account_id: true, email: true, name: true, role: true, organisations: true }).nullable(),
  /** who chose the organisation that is acted for: the environment, or the person here; null: none is */
  organisation_by: z.enum(['environment', 'person']).nullable(),
  /** as far as the backend tells it */
  billing: BillingView.pick({ plan: true, standing: true, period: true, grants: true, page: true }).nullable(),
  signing_in: SigningIn.nullable(),
});
export type AccountState = z.infer<typeof AccountState>;

export const ACCOUNT_CALLS = {
  'account.read': call(None, AccountState),
  /**
   * begins a sign-in; its end is the push `account.changed`. A second one ends the first. USAGE without a hosted
   * backend or with a token in the environment
   */
  'account.sign_in': call(z.object({ way: z.enum(['browser', 'code']) }), SigningIn),
  'account.cancel': call(None, None),
  /** null: for the person's own account. USAGE where the environment or a token decides */
  'account.act_for': call(z.object({ organisation: z.string().min(1).max(100).nullable() }), None),
  'account.sign_out': call(None, z.object({ was_signed_in: z.boolean() })),
} as const;
