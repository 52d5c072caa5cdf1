// Packages: search, prices, purchase, delivery, publishing.
import { z } from 'zod';
import { CbbListing, CbbVisibility, Delivery, Quote, Receipt } from '../cbb.ts';
import { UsdString } from '../money.ts';
import { Requirement } from '../plan.ts';
import { CbbId, Instant, JobId, Semver, Sha256 } from '../primitives.ts';
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
export const PublishRequest = z.object({
  archive: Sha256,
  /** of a package that is not there yet; of one that is, it stays as it is */
  visibility: CbbVisibility.optional(),
});

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
      /** when the maintainers were done with it; null: it waits for them */
      closed_at: Instant.nullable().optional(),
    }),
  ),
});

export type CbbReports = z.infer<typeof CbbReports>;

export const CbbReportResponse = z.object({ report_id: z.string() });

/** Takes a report out of the inbox, or puts it back. */
export const ReportState = z.object({ state: z.enum(['open', 'closed']) });
export type ReportState = z.infer<typeof ReportState>;

/** What holds for all versions of a package. */
export const CbbPackage = z.object({
  cbb_id: CbbId,
  visibility: CbbVisibility,
  /** who may publish versions of it, beside the owners and admins of the organisation; empty for who is no member */
  owners: z.array(z.object({ user_id: z.string(), name: z.string(), email: z.string() })),
  /** the newest first, withdrawn ones too */
  versions: z.array(
    z.object({
      version: Semver,
      published_at: Instant,
      yanked: z.boolean(),
      downloads: z.number().int(),
      passes: z.number().int(),
    }),
  ),
});
export type CbbPackage = z.infer<typeof CbbPackage>;

export const CbbPackageChange = z.object({ visibility: CbbVisibility });
export type CbbPackageChange = z.infer<typeof CbbPackageChange>;

/** What became of archives that were sent for publication, the newest first. */
export const CbbPublications = z.object({
  publications: z.array(
    z.object({
      cbb_id: CbbId,
      version: Semver,
      /** `interrupted`: its verification ended with the process that did it; sent again it runs anew */
      status: z.enum(['verifying', 'published', 'refused', 'interrupted']),
      /** the part of the gate that runs, or ran last */
      part: z.string().nullable(),
      findings: z.array(z.string()),
      started_at: Instant,
      ended_at: Instant.nullable(),
    }),
  ),
});
export type CbbPublications = z.infer<typeof CbbPublications>;

/** A job ended `done` with these packages; counted once for a job and version that the account has bought. */
export const PassReport = z.object({
  job_id: JobId,
  cbbs: z
    .array(z.object({ cbb_id: CbbId, version: Semver }))
    .min(1)
    .max(200),
});
export type PassReport = z.infer<typeof PassReport>;
export const PassResponse = z.object({ counted: z.number().int() });
