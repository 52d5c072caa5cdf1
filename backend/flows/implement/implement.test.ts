// implement: the sources that a model sees, and diffs that have to apply.
import { afterEach, describe, expect, it } from 'vitest';
import { BlobStore } from '../../../test/fakes/models/phase-context.ts';
import type { FakeAnswer } from '../../../test/fakes/models/script.ts';
import { manifest } from '../asking/manifest-fixture.ts';
import {
  CREATE,
  MEND,
  SOURCE,
  WRONG_PLACE,
  closeFake,
  context,
  failure,
  fake,
  implementRequest,
  inTurn,
  text,
} from '../counter-fixture.ts';
import { runJob } from '../run-steps.ts';
import { FLOWS } from '../index.ts';

afterEach(closeFake);

describe('implement', () => {
  it('sends plan, port lists and sources; hands on an exact diff', async () => {
    const blobs = new BlobStore();
    const bench = 'module tb_counter; endmodule\n';
    const request = implementRequest(blobs, {
      files: [{ path: 'tb/tb_counter.sv', sha256: blobs.put(bench) }],
      cbbs: [{ cbb_id: 'cbb_test', version: '1.0.0' }],
      feedback: ['src/x.sv: hunk 1: no place'],
    });
    const given = await context({
      request,
      blobs,
      catalog: [manifest({ version: '2.0.0', toplevel: 'newer' }), manifest()],
      script: () => text(`Sure.\n\`\`\`diff\n${CREATE}\`\`\``),
    });
    expect(await runJob(FLOWS, given)).toEqual({ kind: 'implement', patch: CREATE });
    const sent = fake!.requests[0]!.text;
    expect(sent).toContain('"title": "Counter"');
    expect(sent).toContain('module cbb_top #(');
    expect(sent).not.toContain('module newer');
    expect(sent).toContain('DATA file tb/tb_counter.sv');
    expect(sent).toContain('src/x.sv: hunk 1: no place');
    expect(sent).toContain('FAIL signal=<name> time=<ns>');
  });

  it('a diff that does not apply goes back with the reason for each hunk', async () => {
    const blobs = new BlobStore();
    const request = implementRequest(blobs, { files: [{ path: 'src/counter.sv', sha256: blobs.put(SOURCE) }] });
    const given = await context({ request, blobs, script: inTurn(WRONG_PLACE, 'No diff today.', MEND) });
    expect(await runJob(FLOWS, given)).toMatchObject({
      kind: 'implement',
      patch: expect.stringContaining('+    else if (en) count <= count + 1;'),
    });
    expect(fake!.requests[1]!.messages[2]!.content).toMatch(/src\/counter\.sv: hunk 1: .*PATCH_HUNK_FAILED/);
    expect(fake!.requests[2]!.messages[4]!.content).toContain('PATCH_NO_DIFF');
    expect(given.course.filter((line) => line.startsWith('retry'))).toHaveLength(2);
  });

  it('fails with the refusal’s code after two more chances', async () => {
    const blobs = new BlobStore();
    const request = implementRequest(blobs, { files: [{ path: 'src/counter.sv', sha256: blobs.put(SOURCE) }] });
    const given = await context({ request, blobs, script: () => text(WRONG_PLACE) });
    expect(await failure((given) => runJob(FLOWS, given), given)).toMatchObject({
      code: 'PATCH_HUNK_FAILED',
      details: { reasons: [expect.stringContaining('src/counter.sv')] },
    });
    expect(fake!.requests).toHaveLength(3);
  });

  it('an answer that was cut off at its limit stands as far as it goes; only the rest is asked for', async () => {
    const blobs = new BlobStore();
    const request = implementRequest(blobs, { files: [] });
    const bench = '--- /dev/null\n+++ b/tb/tb_counter.sv\n@@ -0,0 +1 @@\n+module tb_counter; endmodule\n';
    const answers: FakeAnswer[] = [
      { kind: 'text', text: `${CREATE}${bench.slice(0, 60)}`, stop: 'length' },
      { kind: 'text', text: '--- /dev/null\n+++ b/tb/tb_c', stop: 'length' },
      text(bench),
    ];
    const given = await context({ request, blobs, script: ({ number }) => answers[number - 1] ?? text('') });
    expect(await runJob(FLOWS, given)).toEqual({
      kind: 'implement',
      patch: `${CREATE}${bench.replace('@@ -0,0 +1 @@', '@@ -0,0 +1,1 @@')}`,
    });
    const [, second, third] = fake!.requests;
    expect(second!.messages[1]!.content).toContain('+++ b/src/counter.sv');
    expect(second!.messages[2]!.content).toMatch(/taken as you gave them:[^]*src\/counter\.sv[^]*remaining files only/);
    expect(second!.messages[2]!.content).toContain('- tb/tb_counter.sv');
    // nothing of the second stands: what stood before does
    expect(third!.messages.at(-1)!.content).toContain('cut off at its limit');
  });

  it('an unknown package version is refused before anything is paid', async () => {
    const blobs = new BlobStore();
    const given = await context({
      request: implementRequest(blobs, { cbbs: [{ cbb_id: 'cbb_test', version: '9.9.9' }] }),
      blobs,
      catalog: [manifest()],
      script: () => text(CREATE),
    });
    expect((await failure((given) => runJob(FLOWS, given), given)).code).toBe('CBB_NOT_FOUND');
    expect(fake!.requests).toHaveLength(0);
  });

  it('a blob that is no plan is REQUEST_INVALID', async () => {
    const blobs = new BlobStore();
    const given = await context({
      request: implementRequest(blobs, { plan: blobs.put('{"title":1}') }),
      blobs,
      script: () => text(CREATE),
    });
    expect((await failure((given) => runJob(FLOWS, given), given)).code).toBe('REQUEST_INVALID');
  });
});
