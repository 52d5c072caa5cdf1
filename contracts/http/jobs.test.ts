import { expect, test } from 'vitest';
import { blobsOf, type JobRequest } from './jobs.ts';

const hash = (digit: string): string => digit.repeat(64);

test('the blobs of a request are told by the shapes of its fields, each once; texts that look like hashes are none', () => {
  const request: JobRequest = {
    kind: 'repair',
    job_id: 'j',
    step_id: 'repair_1',
    attempt: 1,
    workspace_id: hash('9'),
    model: null,
    cap_usd: '1',
    agents: hash('a'),
    spec: hash('1'),
    spec_name: 'spec.md',
    plan: hash('2'),
    files: [
      { path: 'a.sv', sha256: hash('3') },
      { path: 'b.sv', sha256: hash('1') },
    ],
    cbbs: [],
    evidence: hash('4'),
    feedback: [hash('8')],
  };
  expect(blobsOf(request).sort()).toEqual(['1', '2', '3', '4', 'a'].map(hash));
  const plan: JobRequest = { ...request, kind: 'plan', files: undefined, feedback: [] };
  expect(blobsOf(plan).sort()).toEqual(['1', 'a'].map(hash));
});
