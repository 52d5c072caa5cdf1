// design: plan, quotes and code in one job.
import { afterEach, describe, expect, it } from 'vitest';
import type { Plan, Resolution } from '@genrtl/contracts';
import { BlobStore } from '../../../test/fakes/models/phase-context.ts';
import type { MemoryContext } from '../../../test/fakes/models/phase-context.ts';
import { manifest } from '../asking/manifest-fixture.ts';
import { CREATE, PLAN, SPEC, closeFake, common, context, failure, fake, inTurn } from '../counter-fixture.ts';
import { runJob } from '../run-steps.ts';
import { FLOWS } from '../index.ts';

afterEach(closeFake);

describe('design', () => {
  const quote = {
    cbb_id: 'cbb_test',
    version: '1.0.0',
    price_usd: '0.50',
    sha256: 'a'.repeat(64),
    owned: false,
    compatibility: { tools: [], notes: '' },
    entrypoints: { top: '', tb: '', filelist: '' },
  };
  const wanting: Plan = {
    ...PLAN,
    cbb_requirements: [{ id: 'r1', function: 'cbb_test', needs_tb: false }],
    top: { ...PLAN.top, instances: [{ name: 'u_test', of: 'cbb_top', cbb: 'cbb_test' }] },
  };
  const design = async (resolution: Resolution): Promise<MemoryContext> => {
    const blobs = new BlobStore();
    return context({
      request: { kind: 'design', ...common, spec: blobs.put(SPEC) },
      blobs,
      catalog: [manifest()],
      resolve: () => resolution,
      script: inTurn(JSON.stringify(wanting), CREATE),
    });
  };

  it('plans, quotes and implements in one job', async () => {
    const given = await design({ requirement_id: 'r1', status: 'found', quote, candidates: [] });
    expect(await runJob(FLOWS, given)).toEqual({
      kind: 'design',
      plan: wanting,
      quotes: [{ requirement_id: 'r1', quote }],
      patch: CREATE,
    });
    expect(given.course).toEqual([
      'phase plan',
      'call plan compatible/local',
      'phase resolve',
      'phase implement',
      'call implement compatible/local',
    ]);
    expect(fake!.requests[1]!.text).toContain('module cbb_top #(');
  });

  it('a package that is not there ends the job before code is paid for', async () => {
    const given = await design({ requirement_id: 'r1', status: 'not_found', quote: null, candidates: [] });
    expect((await failure((given) => runJob(FLOWS, given), given)).code).toBe('CBB_NOT_FOUND');
    const tie = await design({
      requirement_id: 'r1',
      status: 'ambiguous',
      quote: null,
      candidates: [
        { cbb_id: 'cbb_a', version: '1.0.0', title: '' },
        { cbb_id: 'cbb_b', version: '1.0.0', title: '' },
      ],
    });
    expect(await failure((given) => runJob(FLOWS, given), tie)).toMatchObject({
      code: 'CBB_AMBIGUOUS',
      message: expect.stringContaining('cbb_a, cbb_b'),
    });
    expect(fake!.requests).toHaveLength(1);
  });
});
