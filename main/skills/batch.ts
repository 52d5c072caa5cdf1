// Many designs, one skill: each with its own run directory and session, at most max_parallel at a time, resumable after
// any death.
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { BatchEntry, BatchRecord } from '@genrtl/contracts/skill-batch.ts';
import { GenrtlError } from '@genrtl/contracts';
import { JobManifest } from '@genrtl/contracts/skill-run.ts';
import { readJson } from '@genrtl/disk/records.ts';
import { acquireWriterLock } from '@genrtl/disk/writer-lock.ts';
import { environmentOf, jobRequestOf, runRootOf, type RunSkillOptions, type SkillContext } from './options.ts';
import { resumeJob, runJob } from './orchestrator.ts';
import { newJobId, replaceJson, runDirAt } from './run-dir.ts';
import { readRegular } from '@genrtl/disk/regular-file.ts';

/** Faults of a plan that its refusal names. */
const NAMED_ISSUES = 10;

export const BatchPlan = z.strictObject({
  skill: z.string(),
  max_parallel: z.number().int().positive().max(256).default(2),
  entries: z.array(BatchEntry).min(1),
});
export type BatchPlan = z.infer<typeof BatchPlan>;

export interface BatchOptions extends Omit<RunSkillOptions, 'skill' | 'design' | 'database' | 'parameters'> {
  readonly plan: BatchPlan;
}

export interface BatchResult {
  readonly record: BatchRecord;
  readonly file: string;
}

/** A plan in YAML or JSON. Throws REQUEST_INVALID naming the field. */
export async function readBatchPlan(file: string): Promise<BatchPlan> {
  let document: unknown;
  try {
    document = parse(await readRegular(file, 'utf8'), { maxAliasCount: 50 });
  } catch (error) {
    throw new GenrtlError('REQUEST_INVALID', `${path.basename(file)} cannot be read: ${(error as Error).message}`);
  }
  const parsed = BatchPlan.safeParse(document);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new GenrtlError('REQUEST_INVALID', `${path.basename(file)}: ${issues.slice(0, NAMED_ISSUES).join('; ')}`);
}

const batchFile = (runRoot: string, id: string): string => path.join(runRoot, 'batches', id, 'batch.json');

/**
 * Brings an entry up to date with its last run directory: somebody may have selected, or a supervisor may have died.
 */
async function refresh(entry: BatchRecord['entries'][number], runRoot: string, context: SkillContext): Promise<void> {
  const last = entry.runs.at(-1);
  if (last === undefined) return;
  const manifest = await readJson(runDirAt(path.join(runRoot, last)).manifest, JobManifest);
  if (manifest === null) {
    entry.status = 'PENDING';
    return;
  }
  const result =
    manifest.status === 'RUNNING' ? await resumeJob(last, runRoot, null, environmentOf(context)) : manifest;
  // a lost supervisor says nothing about the design: the entry runs again, in a new run directory
  entry.status =
    result.error_type === 'SUPERVISOR_LOST' || result.error_type === 'CANCELLED' ? 'PENDING' : result.status;
  entry.error_type = entry.status === 'PENDING' ? null : result.error_type;
}

async function work(record: BatchRecord, options: BatchOptions, context: SkillContext): Promise<void> {
  const runRoot = runRootOf(context);
  const file = batchFile(runRoot, record.batch_id);
  // one save at a time; changes that come while one runs share the next
  let running: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | null = null;
  const save = (): Promise<void> => {
    waiting ??= running.then(() => {
      waiting = null;
      running = replaceJson(file, record, { durable: true });
      return running;
    });
    return waiting;
  };
  const queue = record.entries.filter((entry) => entry.status === 'PENDING');
  const worker = async (): Promise<void> => {
    for (let entry = queue.shift(); entry !== undefined && !context.signal.aborted; entry = queue.shift()) {
      const request = await jobRequestOf(
        {
          ...options,
          trust: false,
          skill: record.skill,
          design: entry.design,
          database: entry.database,
          parameters: entry.parameters,
        },
        context,
      );
      const jobId = newJobId(path.basename(record.skill), new Date());
      // the id is recorded before the run directory exists, so that a resume always finds it
      entry.runs.push(jobId);
      entry.status = 'RUNNING';
      await save();
      const result = await runJob(runRoot, { ...request, jobId }, environmentOf(context));
      entry.status = result.error_type === 'CANCELLED' ? 'PENDING' : result.status;
      entry.error_type = entry.status === 'PENDING' ? null : result.error_type;
      await save();
    }
  };
  await Promise.all(Array.from({ length: Math.min(record.max_parallel, queue.length) }, worker));
}

async function locked(
  record: BatchRecord,
  options: BatchOptions,
  context: SkillContext,
  prepare: () => Promise<void>,
): Promise<BatchResult> {
  // trusted once, before anything is written: a skill that changes in mid-batch is asked for again
  await jobRequestOf({ ...options, skill: record.skill }, context);
  const file = batchFile(runRootOf(context), record.batch_id);
  const lock = await acquireWriterLock(`${file}.lock`);
  try {
    await prepare();
    await replaceJson(file, record, { durable: true });
    await work(record, options, context);
    return { record, file };
  } finally {
    await lock.release();
  }
}

export async function runSkillBatch(options: BatchOptions, context: SkillContext): Promise<BatchResult> {
  const record: BatchRecord = {
    schema_version: 1,
    batch_id: `batch-${new Date().toISOString().replace(/[-:]/g, '').slice(0, 15)}-${randomBytes(3).toString('hex')}`,
    skill: options.plan.skill,
    max_parallel: options.plan.max_parallel,
    created_at: new Date().toISOString(),
    entries: options.plan.entries.map((entry) => ({ ...entry, runs: [], status: 'PENDING', error_type: null })),
  };
  return locked(record, options, context, () => Promise.resolve());
}

/**
 * Goes on with a batch by its id: finished entries stay, half-done ones run again; failed ones too with `retryFailed`.
 */
export async function resumeSkillBatch(
  batchId: string,
  options: Omit<BatchOptions, 'plan'> & { readonly retryFailed?: boolean | undefined },
  context: SkillContext,
): Promise<BatchResult> {
  const runRoot = runRootOf(context);
  const record = await readJson(batchFile(runRoot, path.basename(batchId)), BatchRecord);
  if (record === null)
    throw new GenrtlError('RUN_DIR_NOT_FOUND', `No batch '${batchId}' below ${runRoot}.`, {
      hint: 'Give the batch id that `skill batch` printed, and the same --run-root.',
    });
  const plan: BatchPlan = { skill: record.skill, max_parallel: record.max_parallel, entries: record.entries };
  return locked(record, { ...options, plan }, context, async () => {
    for (const entry of record.entries) {
      await refresh(entry, runRoot, context);
      if (options.retryFailed === true && entry.status === 'FAIL') entry.status = 'PENDING';
    }
  });
}
