// Requests are written ahead: attempt and exact bytes reach the disk before the network.
import path from 'node:path';
import { z } from 'zod';
import { readJson, sha256, writeJson } from '@genrtl/disk/records.ts';
import type { WorkspacePaths } from '../workspace/paths.ts';

export const RecordedRequest = z.object({
  attempt: z.number().int().positive(),
  idempotency_key: z.string(),
  body: z.string(),
});
export type RecordedRequest = z.infer<typeof RecordedRequest>;

export interface RequestLog {
  /**
   * The request to send for this step: the recorded one when it has no recorded outcome yet, else a new one of the
   * next attempt.
   * `make` gets the attempt's number and returns the body's exact bytes.
   */
  prepare(make: (attempt: number) => Promise<string>, name?: string): Promise<RecordedRequest>;
}

/** Idempotency key of a job request. */
export function jobKey(jobId: string, stepId: string, attempt: number): string {
  return sha256(`${jobId}|${stepId}|${attempt}`);
}

/** `closedAttempts` is the number of attempts of this step that have a recorded outcome. */
export function createRequestLog(
  paths: WorkspacePaths,
  jobId: string,
  stepId: string,
  closedAttempts: number,
): RequestLog {
  return {
    prepare: async (make, name = 'request.json') => {
      const file = path.join(paths.run(jobId, stepId), name);
      const attempt = closedAttempts + 1;
      const recorded = await readJson(file, RecordedRequest);
      if (recorded?.attempt === attempt) return recorded;
      const request = { attempt, idempotency_key: jobKey(jobId, stepId, attempt), body: await make(attempt) };
      await writeJson(file, request);
      return request;
    },
  };
}
