// repair: evidence decides whether the right place is mended.
import { afterEach, describe, expect, it } from 'vitest';
import type { EvidenceBundle, JobRequest } from '@genrtl/contracts';
import { BlobStore } from '../../../test/fakes/models/phase-context.ts';
import type { MemoryContext } from '../../../test/fakes/models/phase-context.ts';
import {
  MEND,
  PLAN,
  SOURCE,
  SPEC,
  WRONG_PLACE,
  closeFake,
  common,
  context,
  failure,
  fake,
  text,
} from '../counter-fixture.ts';
import { runJob } from '../run-steps.ts';
import { FLOWS } from '../index.ts';

afterEach(closeFake);

describe('repair', () => {
  const evidence: EvidenceBundle = {
    job_id: 'job',
    step_id: 'sim_1',
    tool: 'icarus',
    tool_version: '11.0',
    cmd: ['vvp'],
    exit_code: 0,
    diagnostics: [
      {
        tool: 'icarus',
        severity: 'error',
        message: 'FAIL signal=count time=125',
        file: 'tb/tb_counter.sv',
        line: 42,
        time: '125',
      },
    ],
    snippets: [],
    notes: { cbb_installed: [], policy: 'DO_NOT_EDIT_VENDOR_CBB' },
  };
  const repair = async (bundle: EvidenceBundle): Promise<MemoryContext> => {
    const blobs = new BlobStore();
    const request: JobRequest = {
      kind: 'repair',
      ...common,
      spec: blobs.put(SPEC),
      plan: blobs.put(JSON.stringify(PLAN)),
      files: [{ path: 'src/counter.sv', sha256: blobs.put(SOURCE) }],
      cbbs: [],
      evidence: blobs.put(JSON.stringify(bundle)),
      feedback: [],
    };
    const informed = /tb\/tb_counter\.sv:42: .*signal=count.*time=125/;
    return context({ request, blobs, script: (asked) => text(informed.test(asked.text) ? MEND : WRONG_PLACE) });
  };

  it('mends from evidence that names line, signal and time', async () => {
    expect(await runJob(FLOWS, await repair(evidence))).toMatchObject({
      kind: 'repair',
      patch: expect.stringContaining('count + 1'),
    });
    expect(fake!.requests).toHaveLength(1);
  });

  it('the same model fails when the evidence is blanked', async () => {
    const error = await failure(
      (given) => runJob(FLOWS, given),
      await repair({ ...evidence, diagnostics: [{ tool: 'icarus', severity: 'error', message: 'failed' }] }),
    );
    expect(error.code).toBe('PATCH_HUNK_FAILED');
  });
});
