// Packages: search, prices, purchase, delivery, publishing.
import { z } from 'zod';
import { CbbListing, Delivery, Quote, Receipt } from '../cbb.ts';
import { UsdString } from '../money.ts';
import { Requirement } from '../plan.ts';
import { CbbId, JobId, Semver, Sha256 } from '../primitives.ts';
import { WorkspaceId } from './jobs.ts';

export const ResolveRequest = z.object({ workspace_id: z.string(), requirements: z.array(Requirement) });

export const Resolution = z.object({
  requirement_id: z.string(),
  status: z.enum(['found', 'ambiguous', 'not_found']),
  quote: Quote.nullable(),
  candidates: z.array(z.object({ cbb_id: CbbId, version: Semver, title: z.string() })),
});
export type Resolution = z.infer<typeof Resolution>;

export const ResolveResponse = z.object({ resolutions: z.array(Resolution) });

/** Binds to a priced quote: another price answers CBB_PRICE_CHANGED and charges nothing. */
export const CheckoutRequest = z.object({
  job_id: JobId.nullable(),
  step_id: z.string().max(64).nullable(),
  workspace_id: WorkspaceId,
  cbb_id: CbbId,
  version: Semver,
  price_usd: UsdString,
  /** needed when job_id is given and the job is not yet known to the server */
  cap_usd: UsdString.nullable(),
});

export const CheckoutResponse = z.object({ receipt: Receipt });

export const DeliverRequest = z.object({ receipt_ids: z.array(z.string()).min(1).max(500) });

export const DeliverResponse = z.object({ deliveries: z.array(Delivery) });

export const SearchResponse = z.object({ listings: z.array(CbbListing) });

export const CbbReport = z.object({
  cbb_id: CbbId,
  version: Semver,
  message: z.string().max(4000),
  evidence: Sha256.nullable(),
});

/**
 * The archive is a tar.gz of a package's folder, sent as a blob before. Named by its content, so asking again is always
 * safe.
 */
export const PublishRequest = z.object({ archive: Sha256 });

/**
 * `verifying`: the gate still runs; ask again with the same request. A package that the gate refuses answers
 * CBB_GATE_FAILED with `details.findings`.
 */
export const Publication = z.object({
  cbb_id: CbbId,
  version: Semver,
  status: z.enum(['verifying', 'published', 'unchanged']),
  /** the part of the gate that runs now */
  part: z.string().nullable(),
  listing: CbbListing.nullable(),
});
export type Publication = z.infer<typeof Publication>;

/** The statement is signed as these exact bytes (Ed25519): gate, tools and hashes, for a check without the network. */
export const SignedStatement = z.object({ statement: z.string(), signature: z.string(), public_key: z.string() });
export type SignedStatement = z.infer<typeof SignedStatement>;

export const YankRequest = z.object({ reason: z.string().trim().min(1).max(1000) });
export type YankRequest = z.infer<typeof YankRequest>;

/** Versions that the account published, the newest first, withdrawn ones too. */
export const OwnPackages = z.object({ listings: z.array(CbbListing) });
export type OwnPackages = z.infer<typeof OwnPackages>;

/** Reports about packages of the account that asks, the newest first. */
export const CbbReports = z.object({
  reports: z.array(
    z.object({
      report_id: z.string(),
      cbb_id: CbbId,
      version: Semver,
      message: z.string(),
      evidence: z.string().nullable(),
      at: z.string(),
    }),
  ),
});

export type CbbReports = z.infer<typeof CbbReports>;

export const CbbReportResponse = z.object({ report_id: z.string() });
