// Calls of the page: packages.
import { z } from 'zod';
import { CbbListing, InstalledPackage } from '../cbb.ts';
import { CbbId, Semver } from '../primitives.ts';
import { call } from './call.ts';

export const CBB_CALLS = {
  'cbb.search': call(z.object({ query: z.string() }), z.object({ listings: z.array(CbbListing) })),
  /** the README of one version, from the installed package or else the registry; null when neither has one */
  'cbb.document': call(
    z.object({ workspace: z.string(), cbb_id: CbbId, version: Semver }),
    z.object({ readme: z.string().nullable() }),
  ),
  /** what is installed, each package checked against its recorded hashes */
  'cbb.installed': call(z.object({ workspace: z.string() }), z.object({ packages: z.array(InstalledPackage) })),
  /**
   * buys (the page has shown the price and asked) and installs a version with all that it needs; what is owned costs
   * nothing
   */
  'cbb.install': call(
    z.object({ workspace: z.string(), cbb_id: CbbId, version: Semver }),
    z.object({ installed: z.array(z.object({ cbb_id: CbbId, version: Semver })) }),
  ),
  /** puts damaged and missing packages back from their receipts */
  'cbb.restore': call(
    z.object({ workspace: z.string() }),
    z.object({ restored: z.array(z.object({ cbb_id: CbbId, version: Semver })) }),
  ),
} as const;
