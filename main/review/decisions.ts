// `.genRTL/review.json`: what the person decided about a job's changes. Rejections outlive their job, so that nothing
// rejected comes back unnoticed.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { z } from 'zod';
import { RejectedHunk } from '@genrtl/contracts/review.ts';
import { readText, writeJson } from '@genrtl/disk/records.ts';

const Rejection = RejectedHunk.extend({
  /** applies the hunk again, for who changes their mind */
  diff: z.string(),
});
export type Rejection = z.infer<typeof Rejection>;

const Decisions = z.object({
  schema_version: z.literal(1),
  /** ids of accepted hunks of the present job */
  accepted: z.array(z.object({ job_id: z.string(), path: z.string(), hunk: z.string() })),
  rejected: z.array(Rejection),
});
export type Decisions = z.infer<typeof Decisions>;

/** Older rejections are dropped first. */
const KEPT = 2000;

const fileOf = (workspace: string): string => path.join(workspace, '.genRTL', 'review.json');

export async function readDecisions(workspace: string): Promise<Decisions> {
  const text = await readText(fileOf(workspace));
  const nothing: Decisions = { schema_version: 1, accepted: [], rejected: [] };
  if (text === null) return nothing;
  try {
    return Decisions.parse(JSON.parse(text));
  } catch {
    // a damaged memory of decisions must not stop a review
    return nothing;
  }
}

export async function writeDecisions(workspace: string, decisions: Decisions): Promise<void> {
  await writeJson(fileOf(workspace), { ...decisions, rejected: decisions.rejected.slice(-KEPT) });
}

export function rejectionId(hunk: Pick<RejectedHunk, 'path' | 'removed' | 'added'>): string {
  return createHash('sha256')
    .update(JSON.stringify([hunk.path, hunk.removed, hunk.added]))
    .digest('hex')
    .slice(0, 16);
}
