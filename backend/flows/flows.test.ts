// Whole flows over the wire: prompts out, answers checked, wrong ones asked again.
import { afterEach, describe, expect, it } from 'vitest';
import type { EvidenceBundle, GenrtlError, JobRequest, Plan, Resolution } from '@genrtl/contracts';
import { BlobStore, memoryContext } from '../../test/fakes/models/phase-context.ts';
import type { MemoryContext } from '../../test/fakes/models/phase-context.ts';
import { startFakeModels } from '../../test/fakes/models/server.ts';
import type { FakeModels } from '../../test/fakes/models/server.ts';
import type { FakeAnswer, FakeRequest } from '../../test/fakes/models/script.ts';
import type { PhaseContext } from './context.ts';
import { manifest } from './asking/manifest-fixture.ts';
import { FLOWS } from './index.ts';
import { runFlow } from './define-flow.ts';
import { createModelRouter } from '../models/index.ts';

const KEY = 'sk-flows-0123456789';
const SPEC = '# Counter\n\nAn 8-bit counter `count` that counts up when `en` is high. 复位低有效。\n';
const module = (name: string): Plan['top'] => ({
  name,
  purpose: 'counts',
  ports: [
    { name: 'clk', direction: 'input', width: '1', description: '' },
    { name: 'rst_n', direction: 'input', width: '1', description: '' },
    { name: 'en', direction: 'input', width: '1', description: '' },
    { name: 'count', direction: 'output', width: '8', description: '' },
  ],
  parameters: [],
  clocks: ['clk'],
  resets: [{ name: 'rst_n', active: 'low', async: true }],
  instances: [],
});
const PLAN: Plan = {
  title: 'Counter',
  summary: 'Counts.',
  top: module('counter'),
  modules: [],
  cbb_requirements: [],
  verification: { checks: [{ id: 'c1', text: 'counts', spec_line: 3 }] },
  files: [
    { path: 'src/counter.sv', purpose: 'the counter' },
    { path: 'tb/tb_counter.sv', purpose: 'its testbench' },
  ],
  assumptions: [],
  questions: [],
};
const SOURCE =
  'module counter (input logic clk, rst_n, en, output logic [7:0] count);\n  always_ff @(posedge clk or negedge rst_n)\n    if (!rst_n) count <= 0;\n    else if (en) count <= count + 2;\nendmodule\n';
const CREATE = `--- /dev/null\n+++ b/src/counter.sv\n@@ -0,0 +1,5 @@\n${SOURCE.trimEnd()
  .split('\n')
  .map((line) => `+${line}`)
  .join('\n')}\n`;
const MEND =
  '--- a/src/counter.sv\n+++ b/src/counter.sv\n@@ -3,3 +3,3 @@\n     if (!rst_n) count <= 0;\n-    else if (en) count <= count + 2;\n+    else if (en) count <= count + 1;\n endmodule\n';
const WRONG_PLACE = '--- a/src/counter.sv\n+++ b/src/counter.sv\n@@ -1,1 +1,1 @@\n-nothing like this\n+x\n';

let fake: FakeModels | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

const text = (answer: string): FakeAnswer => ({ kind: 'text', text: answer, chunking: { mode: 'awkward', upTo: 40 } });

/** Answers in turn; the last one repeats. */
function inTurn(...answers: string[]): (request: FakeRequest) => FakeAnswer {
  return (request) => text(answers[Math.min(request.number, answers.length) - 1]!);
}

interface Setup {
  request: JobRequest;
  blobs: BlobStore;
  script: (request: FakeRequest) => FakeAnswer;
  catalog?: ReturnType<typeof manifest>[];
  resolve?: () => Resolution;
}

async function context({ request, blobs, script, catalog, resolve }: Setup): Promise<MemoryContext> {
  fake = await startFakeModels({ script });
  const router = createModelRouter({
    env: {
      OPENAI_BASE_URL: fake.openaiUrl,
      OPENAI_API_KEY: KEY,
      GENRTL_MODEL: 'local',
      GENRTL_MODEL_PRICES: '{"local":{"input":"1","output":"1"}}',
    },
  });
  return memoryContext({ router, request, blobs, ...(catalog ? { catalog } : {}), ...(resolve ? { resolve } : {}) });
}

const common = {
  job_id: 'job',
  step_id: 'plan_1',
  attempt: 1,
  workspace_id: 'w',
  model: null,
  cap_usd: '1',
  spec_name: 'spec.md',
} as const;
const planRequest = (blobs: BlobStore, feedback: string[] = []): JobRequest => ({
  kind: 'plan',
  ...common,
  spec: blobs.put(SPEC),
  feedback,
});
const implementRequest = (
  blobs: BlobStore,
  over: Partial<Extract<JobRequest, { kind: 'implement' }>> = {},
): JobRequest => ({
  kind: 'implement',
  ...common,
  spec: blobs.put(SPEC),
  plan: blobs.put(JSON.stringify(PLAN)),
  files: [],
  cbbs: [],
  feedback: [],
  ...over,
});

async function failure(flow: (context: PhaseContext) => Promise<unknown>, given: PhaseContext): Promise<GenrtlError> {
  return flow(given).then(
    (value) => {
      throw new Error(`expected a failure, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => error as GenrtlError,
  );
}

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
    expect(await runFlow(FLOWS, given)).toEqual({
      kind: 'plan',
      plan: { ...PLAN, verification: { checks: [{ id: 'c1', text: 'counts' }] } },
    });
    expect(given.log).toEqual(['phase plan', 'call plan compatible/local']);
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
    expect(await runFlow(FLOWS, given)).toMatchObject({ kind: 'plan', plan: { title: 'Counter' } });
    expect(given.log.filter((line) => line.startsWith('call'))).toEqual([
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
    const error = await failure((given) => runFlow(FLOWS, given), given);
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
    expect(await runFlow(FLOWS, mended)).toEqual({ kind: 'plan', plan: PLAN });
    expect(fake!.requests[1]!.messages[2]!.content).toContain('r1: there is no package "cbb_teleport"');
    await fake!.close();
    const stubborn = await context({
      request: planRequest(blobs),
      blobs,
      catalog: [manifest()],
      script: () => text(JSON.stringify(inventive)),
    });
    expect(await runFlow(FLOWS, stubborn)).toEqual({ kind: 'plan', plan: inventive });
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
    await runFlow(FLOWS, given);
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
    expect((await failure((given) => runFlow(FLOWS, given), given)).code).toBe(code);
    expect(fake!.requests).toHaveLength(0);
  });

  it('a blob that was never sent is NOT_FOUND', async () => {
    const given = await context({
      request: { kind: 'plan', ...common, spec: '0'.repeat(64), feedback: [] },
      blobs: new BlobStore(),
      script: () => text('never'),
    });
    expect((await failure((given) => runFlow(FLOWS, given), given)).code).toBe('NOT_FOUND');
  });
});

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
    expect(await runFlow(FLOWS, given)).toEqual({ kind: 'implement', patch: CREATE });
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
    expect(await runFlow(FLOWS, given)).toMatchObject({
      kind: 'implement',
      patch: expect.stringContaining('+    else if (en) count <= count + 1;'),
    });
    expect(fake!.requests[1]!.messages[2]!.content).toMatch(/src\/counter\.sv: hunk 1: .*PATCH_HUNK_FAILED/);
    expect(fake!.requests[2]!.messages[4]!.content).toContain('PATCH_NO_DIFF');
    expect(given.log.filter((line) => line.startsWith('retry'))).toHaveLength(2);
  });

  it('fails with the refusal’s code after two more chances', async () => {
    const blobs = new BlobStore();
    const request = implementRequest(blobs, { files: [{ path: 'src/counter.sv', sha256: blobs.put(SOURCE) }] });
    const given = await context({ request, blobs, script: () => text(WRONG_PLACE) });
    expect(await failure((given) => runFlow(FLOWS, given), given)).toMatchObject({
      code: 'PATCH_HUNK_FAILED',
      details: { reasons: [expect.stringContaining('src/counter.sv')] },
    });
    expect(fake!.requests).toHaveLength(3);
  });

  it('an unknown package version is refused before anything is paid', async () => {
    const blobs = new BlobStore();
    const given = await context({
      request: implementRequest(blobs, { cbbs: [{ cbb_id: 'cbb_test', version: '9.9.9' }] }),
      blobs,
      catalog: [manifest()],
      script: () => text(CREATE),
    });
    expect((await failure((given) => runFlow(FLOWS, given), given)).code).toBe('CBB_NOT_FOUND');
    expect(fake!.requests).toHaveLength(0);
  });

  it('a blob that is no plan is REQUEST_INVALID', async () => {
    const blobs = new BlobStore();
    const given = await context({
      request: implementRequest(blobs, { plan: blobs.put('{"title":1}') }),
      blobs,
      script: () => text(CREATE),
    });
    expect((await failure((given) => runFlow(FLOWS, given), given)).code).toBe('REQUEST_INVALID');
  });
});

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
    expect(await runFlow(FLOWS, await repair(evidence))).toMatchObject({
      kind: 'repair',
      patch: expect.stringContaining('count + 1'),
    });
    expect(fake!.requests).toHaveLength(1);
  });

  it('the same model fails when the evidence is blanked', async () => {
    const error = await failure(
      (given) => runFlow(FLOWS, given),
      await repair({ ...evidence, diagnostics: [{ tool: 'icarus', severity: 'error', message: 'failed' }] }),
    );
    expect(error.code).toBe('PATCH_HUNK_FAILED');
  });
});

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
    expect(await runFlow(FLOWS, given)).toEqual({
      kind: 'design',
      plan: wanting,
      quotes: [{ requirement_id: 'r1', quote }],
      patch: CREATE,
    });
    expect(given.log).toEqual([
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
    expect((await failure((given) => runFlow(FLOWS, given), given)).code).toBe('CBB_NOT_FOUND');
    const tie = await design({
      requirement_id: 'r1',
      status: 'ambiguous',
      quote: null,
      candidates: [
        { cbb_id: 'cbb_a', version: '1.0.0', title: '' },
        { cbb_id: 'cbb_b', version: '1.0.0', title: '' },
      ],
    });
    expect(await failure((given) => runFlow(FLOWS, given), tie)).toMatchObject({
      code: 'CBB_AMBIGUOUS',
      message: expect.stringContaining('cbb_a, cbb_b'),
    });
    expect(fake!.requests).toHaveLength(1);
  });
});
