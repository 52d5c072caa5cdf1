// What those who run a hosted backend see: accounts, unfinished runs, the state of the books, what was charged.
import { z } from 'zod';
import { UsdString } from '../money.ts';
import { CbbId, Instant, Semver } from '../primitives.ts';
import { Standing } from './billing.ts';
import { CbbPublications } from './cbb.ts';
import { JobKind, RunStatus, Waiting } from './jobs.ts';

const Count = z.number().int();

export const OperatorAccount = z.object({
  account_id: z.string(),
  kind: z.enum(['user', 'organisation']),
  name: z.string(),
  /** a person's e-mail address, an organisation's short name; null once the account was deleted */
  handle: z.string().nullable(),
  created_at: Instant,
  /** a person's address that is not confirmed yet opens nothing */
  verified: z.boolean(),
  seized_at: Instant.nullable(),
  /** of an organisation */
  members: Count.nullable(),
  plan: z.string().nullable(),
  standing: Standing,
  unfinished_runs: Count,
  /** what its own buckets paid in the last 30 days */
  charged_usd: UsdString,
});
export type OperatorAccount = z.infer<typeof OperatorAccount>;
/** The newest first, at most 100; a search narrows them. */
export const OperatorAccounts = z.object({ accounts: z.array(OperatorAccount), total: Count });
export type OperatorAccounts = z.infer<typeof OperatorAccounts>;

export const OperatorRuns = z.object({
  /** without an end, the oldest first, at most 200 */
  runs: z.array(
    z.object({
      run_id: z.string(),
      account_id: z.string(),
      account: z.string(),
      kind: JobKind,
      status: RunStatus,
      phase: z.string(),
      waiting: Waiting.nullable(),
      /** the process that took it */
      worker: z.string().nullable(),
      created_at: Instant,
    }),
  ),
  total: Count,
  workers: z.array(z.object({ worker: z.string(), capacity: Count, running: Count, seen_at: Instant })),
});
export type OperatorRuns = z.infer<typeof OperatorRuns>;

/** The checker's findings over the whole ledger; none: the books are right. */
export const OperatorLedger = z.object({
  checked_at: Instant,
  entries: Count,
  problems: z.array(z.string()),
  open_holds: Count,
  held_usd: UsdString,
});
export type OperatorLedger = z.infer<typeof OperatorLedger>;

const Costs = z.object({ calls: Count, input_tokens: Count, output_tokens: Count, charged_usd: UsdString });
export const OperatorCosts = z.object({
  from: Instant,
  /** days in UTC, the newest first */
  days: z.array(Costs.extend({ day: z.string() })),
  /** the dearest first */
  models: z.array(Costs.extend({ model: z.string() })),
  accounts: z.array(Costs.extend({ account_id: z.string(), account: z.string() })),
});
export type OperatorCosts = z.infer<typeof OperatorCosts>;

/** What waits for a look: verifications under way or refused in the last 30 days, and versions with open reports. */
export const OperatorPackages = z.object({
  publications: z.array(CbbPublications.shape.publications.element.extend({ account: z.string() })),
  reported: z.array(
    z.object({
      cbb_id: CbbId,
      version: Semver,
      /** whose package it is */
      account: z.string(),
      private: z.boolean(),
      yanked: z.boolean(),
      open_reports: Count,
      oldest_at: Instant,
    }),
  ),
});
export type OperatorPackages = z.infer<typeof OperatorPackages>;

/** The parts that this process stands on, and the breaker before each model server. */
export const OperatorHealth = z.object({
  ready: z.boolean(),
  draining: z.boolean(),
  parts: z.array(z.object({ part: z.string(), state: z.enum(['up', 'down', 'unknown']), since: Instant })),
  breakers: z.array(
    z.object({
      provider: z.string(),
      server: z.string(),
      model: z.string(),
      state: z.enum(['closed', 'open', 'half_open']),
      failures: Count,
    }),
  ),
});
export type OperatorHealth = z.infer<typeof OperatorHealth>;
