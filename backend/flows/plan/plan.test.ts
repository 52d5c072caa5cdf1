// plan: what is sent, which answers count, what is asked again.
import { afterEach, describe, expect, it } from 'vitest';
import { BlobStore } from '../../../test/fakes/models/phase-context.ts';
import { manifest } from '../asking/manifest-fixture.ts';
import { KEY, PLAN, closeFake, common, context, failure, fake, inTurn, planRequest, text } from '../counter-fixture.ts';
import { runJob } from '../run-steps.ts';
import { FLOWS } from '../index.ts';

afterEach(closeFake);

describe('plan', () => {
  it('sends specification, packages and contradictions; accepts decorated JSON with nulls', async () => {
    const blobs = new BlobStore();
    const wire = {
      ...PLAN,
      top: { ...PLAN.top, instances: [] },
      verification: { checks: [{ id: 'c1', text: 'counts', spec_line: null }] },
    };
    const given = await context({
      request: planRequest(blobs, ['port en is missing']),
      blobs,
      catalog: [manifest({ function: 'up counter' })],
      script: () => text(`Here:\n\`\`\`json\n${JSON.stringify(wire)}\n\`\`\``),
    });
    expect(await runJob(FLOWS, given)).toEqual({
      kind: 'plan',
      plan: { ...PLAN, verification: { checks: [{ id: 'c1', text: 'counts' }] } },
    });
    expect(given.course).toEqual(['phase plan', 'call plan compatible/local']);
    const sent = fake!.requests[0]!;
    expect(sent.text).toContain('3| An 8-bit counter `count`');
    expect(sent.text).toContain('复位低有效');
    expect(sent.text).toContain('cbb_test 1.0.0 | up counter');
    expect(sent.text).toContain('- port en is missing');
    expect(JSON.stringify(sent.body)).not.toContain(KEY);
  });

  it('a wrong plan is asked again with the reasons, in the same conversation', async () => {
    const blobs = new BlobStore();
    const bad = { ...PLAN, top: { ...PLAN.top, name: '' } };
    const given = await context({
      request: planRequest(blobs),
      blobs,
      script: inTurn('I would rather talk.', JSON.stringify(bad), JSON.stringify(PLAN)),
    });
    expect(await runJob(FLOWS, given)).toMatchObject({ kind: 'plan', plan: { title: 'Counter' } });
    expect(given.course.filter((line) => line.startsWith('call'))).toEqual([
      'call plan compatible/local',
      'call plan_2 compatible/local',
      'call plan_3 compatible/local',
    ]);
    const [, second, third] = fake!.requests;
    expect(second!.messages.map((message) => message.role)).toEqual(['user', 'assistant', 'user']);
    expect(second!.messages[1]!.content).toBe('I would rather talk.');
    expect(second!.messages[2]!.content).toContain('holds no JSON object');
    expect(third!.messages).toHaveLength(5);
    expect(third!.messages[4]!.content).toContain('name');
  });

  it('is PLAN_INVALID with its problems after two more chances', async () => {
    const blobs = new BlobStore();
    const given = await context({ request: planRequest(blobs), blobs, script: () => text('{"title":1}') });
    const error = await failure((given) => runJob(FLOWS, given), given);
    expect(error.code).toBe('PLAN_INVALID');
    expect((error.details?.['problems'] as string[]).length).toBeGreaterThan(0);
    expect(fake!.requests).toHaveLength(3);
  });

  it('a package that the registry does not have is asked about, then left to the registry', async () => {
    const blobs = new BlobStore();
    const inventive = { ...PLAN, cbb_requirements: [{ id: 'r1', function: 'cbb_teleport', needs_tb: false }] };
    const mended = await context({
      request: planRequest(blobs),
      blobs,
      catalog: [manifest()],
      script: inTurn(JSON.stringify(inventive), JSON.stringify(PLAN)),
    });
    expect(await runJob(FLOWS, mended)).toEqual({ kind: 'plan', plan: PLAN });
    expect(fake!.requests[1]!.messages[2]!.content).toContain('r1: there is no package "cbb_teleport"');
    await fake!.close();
    const stubborn = await context({
      request: planRequest(blobs),
      blobs,
      catalog: [manifest()],
      script: () => text(JSON.stringify(inventive)),
    });
    expect(await runJob(FLOWS, stubborn)).toEqual({ kind: 'plan', plan: inventive });
    expect(fake!.requests).toHaveLength(3);
  });

  it('numbers that a package cannot serve go back with the reason', async () => {
    const blobs = new BlobStore();
    const wide = { ...PLAN, cbb_requirements: [{ id: 'r1', function: 'cbb_test', width: 4096, needs_tb: false }] };
    const given = await context({
      request: planRequest(blobs),
      blobs,
      catalog: [manifest()],
      script: inTurn(JSON.stringify(wide), JSON.stringify(PLAN)),
    });
    await runJob(FLOWS, given);
    expect(fake!.requests[1]!.messages[2]!.content).toMatch(/r1: cbb_test cannot serve it: .*4096/);
  });

  it.each([
    ['', 'SPEC_EMPTY'],
    ['\n \n', 'SPEC_EMPTY'],
    ['a\0b\u0001\u0002', 'SPEC_BINARY'],
  ])('an unreadable specification %j costs nothing', async (spec, code) => {
    const blobs = new BlobStore();
    const given = await context({
      request: { kind: 'plan', ...common, spec: blobs.put(spec), feedback: [] },
      blobs,
      script: () => text('never'),
    });
    expect((await failure((given) => runJob(FLOWS, given), given)).code).toBe(code);
    expect(fake!.requests).toHaveLength(0);
  });

  it('a blob that was never sent is NOT_FOUND', async () => {
    const given = await context({
      request: { kind: 'plan', ...common, spec: '0'.repeat(64), feedback: [] },
      blobs: new BlobStore(),
      script: () => text('never'),
    });
    expect((await failure((given) => runJob(FLOWS, given), given)).code).toBe('NOT_FOUND');
  });
});
