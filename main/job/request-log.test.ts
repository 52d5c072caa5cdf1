// What the write-ahead rule promises: the bytes that were written are the bytes that are sent again.
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { workspacePaths, type WorkspacePaths } from '../workspace/paths.ts';
import { createRequestLog, jobKey } from './request-log.ts';
import { checkoutKey } from '../cbb/checkout-key.ts';

let root: string;
let paths: WorkspacePaths;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'genrtl-log-'));
  paths = workspacePaths(root);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('a request', () => {
  it('is on disk before it is returned, with the key that the design fixes', async () => {
    const request = await createRequestLog(paths, 'job_1', 'plan_1', 0).prepare(() => Promise.resolve('{"a":1}'));
    expect(request).toEqual({ attempt: 1, idempotency_key: sha256('job_1|plan_1|1'), body: '{"a":1}' });
    expect(JSON.parse(readFileSync(path.join(paths.run('job_1', 'plan_1'), 'request.json'), 'utf8'))).toEqual(request);
  });

  it('of an attempt without outcome is sent again byte for byte, whatever would be built now', async () => {
    const first = await createRequestLog(paths, 'job_1', 'plan_1', 0).prepare(() => Promise.resolve('as it was'));
    const again = await createRequestLog(paths, 'job_1', 'plan_1', 0).prepare(() =>
      Promise.reject(new Error('built twice')),
    );
    expect(again).toEqual(first);
  });

  it('grows its attempt only after a recorded outcome', async () => {
    await createRequestLog(paths, 'job_1', 'plan_1', 0).prepare(() => Promise.resolve('first'));
    const next = await createRequestLog(paths, 'job_1', 'plan_1', 1).prepare((attempt) =>
      Promise.resolve(`body of ${attempt}`),
    );
    expect(next).toEqual({ attempt: 2, idempotency_key: sha256('job_1|plan_1|2'), body: 'body of 2' });
  });

  it('that could not be built leaves nothing behind', async () => {
    const log = createRequestLog(paths, 'job_1', 'plan_1', 0);
    await expect(log.prepare(() => Promise.reject(new Error('no spec')))).rejects.toThrow('no spec');
    expect((await log.prepare(() => Promise.resolve('now'))).body).toBe('now');
  });
});

it('keys are lowercase hex over fields joined by one bar; a purchase’s key does not know the attempt', () => {
  expect(jobKey('j', 's', 3)).toBe(sha256('j|s|3'));
  expect(checkoutKey('j', 'cbb_fifo_sync', '1.0.0', 'ws')).toBe(sha256('j|cbb_fifo_sync|1.0.0|ws'));
});
