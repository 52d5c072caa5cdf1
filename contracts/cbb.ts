// CBB packages: manifest, listing, quote, receipt, delivery, lockfile.
import { z } from 'zod';
import { CbbId, Instant, Semver, Sha256 } from './primitives.ts';
import { UsdString } from './money.ts';
import { Bucket } from './usage.ts';

export const CbbParameter = z.object({
  name: z.string(),
  type: z.enum(['int', 'bit', 'bits', 'string']),
  /** SystemVerilog literal without quotes for int, bit and bits */
  default: z.string(),
  min: z.number().optional(),
  max: z.number().optional(),
  allowed: z.array(z.string()).optional(),
  description: z.string(),
});
export const CbbPortRole = z.enum(['clock', 'reset', 'data', 'control', 'status', 'bus']);
export const CbbPort = z.object({
  name: z.string(),
  direction: z.enum(['input', 'output', 'inout']),
  /** number or expression over the parameters, `$clog2` allowed */
  width: z.string(),
  role: CbbPortRole,
  description: z.string(),
});
/** How a signal comes from another clock, or from a pin without one, into the registers of a clock. */
export const CbbCrossing = z.object({
  /** a clock, or an input port that belongs to no clock */
  from: z.string(),
  /** the clock that it arrives in */
  to: z.string(),
  /**
   * bit: one bit through two flops or more; gray: a counter of which one bit changes at a time, through two flops or
   * more; reset: an asynchronous reset whose release is synchronised; guarded: words that stand still while they are
   * read, which another crossing tells
   */
  kind: z.enum(['bit', 'gray', 'reset', 'guarded']),
  /**
   * register that arrives first, below the toplevel: `wr_gray_meta`, `there[0]`; for guarded the memory or register
   * read
   */
  into: z.string().regex(/^[A-Za-z_][\w$.]*(\[\d+\])?$/),
});
export type CbbCrossing = z.infer<typeof CbbCrossing>;
export const CbbManifest = z.object({
  schema_version: z.literal(1),
  cbb_id: CbbId,
  version: Semver,
  title: z.string(),
  function: z.string(),
  description: z.string(),
  /** lower-case words and synonyms that resolve to this package */
  tags: z.array(z.string()),
  protocols: z.array(z.string()),
  license: z.string(),
  price_usd: UsdString,
  toplevel: z.string(),
  parameters: z.array(CbbParameter),
  ports: z.array(CbbPort),
  clock_domains: z.array(z.object({ name: z.string(), clock: z.string(), reset: z.string().optional() })),
  resets: z.array(
    z.object({ name: z.string(), active: z.enum(['low', 'high']), async: z.boolean(), clock: z.string().optional() }),
  ),
  /** all crossings there are; none when it is left out */
  crossings: z.array(CbbCrossing).optional(),
  filesets: z.object({ rtl: z.array(z.string()), tb: z.array(z.string()) }),
  include_dirs: z.array(z.string()),
  entrypoints: z.object({ top: z.string(), tb: z.string(), filelist: z.string() }),
  dependencies: z.array(z.object({ cbb_id: CbbId, range: z.string() })),
  compatibility: z.object({ tools: z.array(z.string()), notes: z.string() }),
  verification: z.object({
    tools: z.array(z.object({ name: z.string(), version: z.string() })),
    tests: z.number().int(),
    mutants: z.object({ killed: z.number().int(), total: z.number().int() }),
    coverage: z.string(),
  }),
});
export type CbbManifest = z.infer<typeof CbbManifest>;

/**
 * What the publishing gate measured; holds no times and no machine names, so that the same source gives the same
 * evidence.
 */
export const CbbEvidence = z.object({
  schema_version: z.literal(1),
  cbb_id: CbbId,
  version: Semver,
  /** over the package's files, the manifest's `verification` left out */
  source_sha256: Sha256,
  /** over what benches and strength depend on; while it and the tools stay, they need not run again */
  simulation_sha256: Sha256.optional(),
  gate_version: z.number().int().positive(),
  tools: z.array(z.object({ name: z.string(), version: z.string() })),
  checks: z.array(z.object({ name: z.string(), passed: z.boolean(), findings: z.array(z.string()) })),
  parameter_sets: z.array(
    z.object({
      name: z.string(),
      parameters: z.record(z.string(), z.string()),
      benches: z.array(z.object({ tb: z.string(), tool: z.string(), passed: z.boolean() })),
    }),
  ),
  mutants: z.object({ killed: z.number().int(), total: z.number().int() }),
  survivors: z.array(z.object({ file: z.string(), line: z.number().int(), description: z.string() })),
  stubs: z.array(z.object({ tied_to: z.enum(['0', '1', 'x']), failed: z.boolean() })),
  passed: z.boolean(),
});
export type CbbEvidence = z.infer<typeof CbbEvidence>;

export const CbbVisibility = z.enum(['public', 'private']);
export type CbbVisibility = z.infer<typeof CbbVisibility>;

/** A published version as the registry lists it. */
export const CbbListing = z.object({
  manifest: CbbManifest,
  sha256: Sha256,
  size_bytes: z.number().int(),
  published_at: Instant,
  evidence: CbbEvidence.optional(),
  /** withdrawn by its publisher: installed copies keep working, nothing new chooses it */
  yanked: z.object({ reason: z.string(), at: Instant }).optional(),
  /** `private`: only the members of the organisation that it belongs to see it; absent: everybody does */
  visibility: CbbVisibility.optional(),
  /** archives delivered, and jobs that ended `done` with it; absent from registries that do not count */
  counts: z.object({ downloads: z.number().int(), passes: z.number().int() }).optional(),
  /** the package's README.md; only in the answer about one version */
  readme: z.string().optional(),
});
export type CbbListing = z.infer<typeof CbbListing>;

export const Quote = z.object({
  cbb_id: CbbId,
  version: Semver,
  price_usd: UsdString,
  sha256: Sha256,
  /** true when the account already holds the entitlement for this workspace: checkout costs 0 */
  owned: z.boolean(),
  compatibility: z.object({ tools: z.array(z.string()), notes: z.string() }),
  entrypoints: z.object({ top: z.string(), tb: z.string(), filelist: z.string() }),
});
export type Quote = z.infer<typeof Quote>;

export const Receipt = z.object({
  receipt_id: z.string(),
  cbb_id: CbbId,
  version: Semver,
  workspace_id: z.string(),
  /** what this checkout charged: the price, or 0.00 for a repeat */
  charged_usd: UsdString,
  price_usd: UsdString,
  bucket: Bucket,
  sha256: Sha256,
  at: Instant,
});
export type Receipt = z.infer<typeof Receipt>;

/** One key of a registry signs another. Keys are base64 SPKI. */
export const KeyVoucher = z.object({
  /**
   * `next`: it takes my place; `before`: what it signed still counts. Told apart, so that a key of before cannot name a
   * successor to those who have left it
   */
  as: z.enum(['next', 'before']),
  by: z.string(),
  public_key: z.string(),
  signature: z.string(),
});
export type KeyVoucher = z.infer<typeof KeyVoucher>;
/** What is signed. */
export const voucherText = ({ as, public_key: key }: Pick<KeyVoucher, 'as' | 'public_key'>): string =>
  `genrtl.cbb.key/1\n${as}\n${key}`;

/** The key that a registry signs with now, and what its keys vouch for, the oldest first. */
export const RegistryKeys = z.object({ current: z.string(), vouchers: z.array(KeyVoucher) });
export type RegistryKeys = z.infer<typeof RegistryKeys>;

export const Delivery = z.object({
  receipt_id: z.string(),
  cbb_id: CbbId,
  version: Semver,
  /** absolute URL, short-lived */
  download_url: z.string(),
  sha256: Sha256,
  size_bytes: z.number().int(),
  expires_in: z.number().int(),
  /** base64 detached Ed25519 signature over the archive's bytes */
  signature: z.string(),
  /** base64 SPKI of the publishing key */
  public_key: z.string(),
  /** how that key comes to the one that the client knows; absent from backends whose key was never another */
  registry: RegistryKeys.optional(),
});
export type Delivery = z.infer<typeof Delivery>;

export const LockfileEntry = z.object({
  cbb_id: CbbId,
  version: Semver,
  receipt_id: z.string(),
  price_usd: UsdString,
  sha256: Sha256,
  installed_at: Instant,
  verified_with: z.array(z.object({ tool: z.string(), version: z.string(), passed: z.boolean() })),
});
export type LockfileEntry = z.infer<typeof LockfileEntry>;

/** An installed package with what its integrity check found; null means whole. */
export const InstalledPackage = LockfileEntry.extend({ damage: z.string().nullable() });
export type InstalledPackage = z.infer<typeof InstalledPackage>;

export const Lockfile = z.object({
  lockfile_version: z.literal(1),
  workspace_id: z.string(),
  installed: z.array(LockfileEntry),
});
export type Lockfile = z.infer<typeof Lockfile>;
