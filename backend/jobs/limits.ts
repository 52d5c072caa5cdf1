// How much of the service a principal may use at once. Plans decide; whoever knows them gives a LimitsOf.
import { GenrtlError } from '@genrtl/contracts';

export interface JobLimits {
  /** jobs of one person that run at once */
  readonly perUser: number;
  /** jobs of one account (a person or an organisation) that run at once */
  readonly perAccount: number;
  /** all accounts of a plan together; null without plans */
  readonly plan: { readonly id: string; readonly concurrent: number } | null;
  /** unfinished jobs of one account; more are refused */
  readonly unfinished: number;
  /** weight among accounts while places are scarce: an account with 2 gets twice the places of one with 1 */
  readonly share: number;
  /** HTTP requests of one person; null: not counted */
  readonly requests: RequestLimits | null;
}

export interface RequestLimits {
  readonly perMinute: number;
  /** at once, before the rate counts */
  readonly burst: number;
}

export interface JobOwner {
  readonly accountId: string;
  /** empty for the local account */
  readonly userId: string;
}

/** Asked with each submission and each dispatch; answers from memory in the common case. */
export type LimitsOf = (owner: JobOwner) => JobLimits | Promise<JobLimits>;

/** Unfinished jobs of an account where nothing else is set: a program that submits in a loop by mistake ends here. */
const UNFINISHED = 32;

/** The person's own machine: everything runs at once. */
export const OWN_MACHINE: JobLimits = {
  perUser: Infinity,
  perAccount: Infinity,
  plan: null,
  unfinished: UNFINISHED,
  share: 1,
  requests: null,
};

/** A hosted backend without plans, by its environment. */
export function limitsFromEnvironment(env: Readonly<Record<string, string | undefined>>): JobLimits {
  return {
    perUser: countOf(env, 'GENRTL_JOBS_PER_USER', 8),
    perAccount: countOf(env, 'GENRTL_JOBS_PER_ACCOUNT', 8),
    plan: null,
    unfinished: countOf(env, 'GENRTL_JOBS_UNFINISHED', UNFINISHED),
    share: 1,
    requests: {
      perMinute: countOf(env, 'GENRTL_REQUESTS_PER_MINUTE', 6_000),
      burst: countOf(env, 'GENRTL_REQUESTS_BURST', 1_000),
    },
  };
}

/** A whole number of at least 1. USAGE for anything else. */
export function countOf(env: Readonly<Record<string, string | undefined>>, name: string, otherwise: number): number {
  const text = env[name]?.trim() ?? '';
  if (text === '') return otherwise;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new GenrtlError('USAGE', `${name} must be a whole number of at least 1.`);
  return Number(text);
}
