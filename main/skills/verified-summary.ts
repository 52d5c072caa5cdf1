// A summary that may be believed: of a job that is done, as it was written, and still what its reports say.
import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { ContractSnapshot } from '@genrtl/contracts/skill-contract.ts';
import { GenrtlError } from '@genrtl/contracts';
import { JobManifest, SkillSummary } from '@genrtl/contracts/skill-run.ts';
import { readJson, readText, sha256 } from '@genrtl/disk/records.ts';
import { readMetrics } from './metrics.ts';
import { sha256OfFile } from './parameters.ts';
import type { RunDir } from './run-dir.ts';

/**
 * Throws SUMMARY_UNVERIFIED for a job that did not end as DONE, for a summary or report that changed since it was
 * written, and for metrics that the reports do not hold; STATE_UNREADABLE for files that are none.
 */
export async function readVerifiedSummary(dir: RunDir): Promise<SkillSummary> {
  const name = path.basename(dir.root);
  const refuse = (why: string): GenrtlError =>
    new GenrtlError('SUMMARY_UNVERIFIED', `${name} has no result to believe: ${why}.`);
  const manifest = await readJson(dir.manifest, JobManifest);
  if (manifest === null) throw refuse('its job_manifest.json is missing');
  if (manifest.status !== 'DONE')
    throw refuse(
      `the job is ${manifest.status}${manifest.error_type === null ? '' : ` (${manifest.error_type}: ${manifest.error?.message ?? ''})`}`.replace(
        /\.?\)$/,
        ')',
      ),
    );
  const text = await readText(dir.summaryJson);
  if (text === null) throw refuse('its summary.json is missing');
  // summaries of older versions have no hash in the manifest; their reports still have to say the same
  if (typeof manifest.summary_sha256 === 'string' && sha256(text) !== manifest.summary_sha256)
    throw refuse('its summary.json is not the one that the job wrote');
  const [summary, contract] = await Promise.all([
    readJson(dir.summaryJson, SkillSummary),
    readJson(dir.contract, ContractSnapshot),
  ]);
  if (summary === null || contract === null) throw refuse('its contract.json is missing');
  if (
    summary.job_id !== manifest.job_id ||
    summary.skill.name !== contract.contract.name ||
    summary.design !== manifest.design ||
    !isDeepStrictEqual(summary.parameters, manifest.parameters)
  )
    throw refuse('its summary.json belongs to another job');
  for (const output of summary.outputs) {
    const file = path.join(dir.root, output.path);
    const info = await lstat(file).catch(() => null);
    if (info?.isFile() !== true || (await sha256OfFile(file)) !== output.sha256)
      throw refuse(`${output.path} is not the report that the job wrote`);
  }
  const metrics = await readMetrics(dir, contract.metrics).catch(() => null);
  if (!isDeepStrictEqual(metrics, summary.metrics)) throw refuse('its reports hold other values than its summary.json');
  return summary;
}
