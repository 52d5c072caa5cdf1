// A counter as specification, plan and source, a model server that answers by a script, and a flow's context over it.
import type { GenrtlError, JobRequest, Plan, Resolution } from '@genrtl/contracts';
import { memoryContext } from '../../test/fakes/models/phase-context.ts';
import type { BlobStore, MemoryContext } from '../../test/fakes/models/phase-context.ts';
import { startFakeModels } from '../../test/fakes/models/server.ts';
import type { FakeModels } from '../../test/fakes/models/server.ts';
import type { FakeAnswer, FakeRequest } from '../../test/fakes/models/script.ts';
import type { manifest } from './asking/manifest-fixture.ts';
import type { JobCtx } from './context.ts';
import { createModelRouter } from '../models/index.ts';

export const KEY = 'sk-flows-0123456789';
export const SPEC = '# Counter\n\nAn 8-bit counter `count` that counts up when `en` is high. 复位低有效。\n';
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
export const PLAN: Plan = {
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
export const SOURCE =
  'module counter (input logic clk, rst_n, en, output logic [7:0] count);\n  always_ff @(posedge clk or negedge rst_n)\n    if (!rst_n) count <= 0;\n    else if (en) count <= count + 2;\nendmodule\n';
export const CREATE = `--- /dev/null\n+++ b/src/counter.sv\n@@ -0,0 +1,5 @@\n${SOURCE.trimEnd()
  .split('\n')
  .map((line) => `+${line}`)
  .join('\n')}\n`;
export const MEND =
  '--- a/src/counter.sv\n+++ b/src/counter.sv\n@@ -3,3 +3,3 @@\n     if (!rst_n) count <= 0;\n-    else if (en) count <= count + 2;\n+    else if (en) count <= count + 1;\n endmodule\n';
export const WRONG_PLACE = '--- a/src/counter.sv\n+++ b/src/counter.sv\n@@ -1,1 +1,1 @@\n-nothing like this\n+x\n';

/** The server of the present test. */
export let fake: FakeModels | undefined;
export async function closeFake(): Promise<void> {
  await fake?.close();
  fake = undefined;
}

export const text = (answer: string): FakeAnswer => ({
  kind: 'text',
  text: answer,
  chunking: { mode: 'awkward', upTo: 40 },
});

/** Answers in turn; the last one repeats. */
export function inTurn(...answers: string[]): (request: FakeRequest) => FakeAnswer {
  return (request) => text(answers[Math.min(request.number, answers.length) - 1] ?? '');
}

interface Setup {
  request: JobRequest;
  blobs: BlobStore;
  script: (request: FakeRequest) => FakeAnswer;
  catalog?: ReturnType<typeof manifest>[];
  resolve?: () => Resolution;
  /** tokens of prompt and answer; absent: not declared */
  window?: number;
}

export async function context({ request, blobs, script, catalog, resolve, window }: Setup): Promise<MemoryContext> {
  fake = await startFakeModels({ script });
  const router = createModelRouter({
    env: {
      OPENAI_BASE_URL: fake.openaiUrl,
      OPENAI_API_KEY: KEY,
      GENRTL_MODEL: 'local',
      GENRTL_MODEL_PRICES: JSON.stringify({ local: { input: '1', output: '1', context: window } }),
    },
  });
  return memoryContext({ router, request, blobs, ...(catalog ? { catalog } : {}), ...(resolve ? { resolve } : {}) });
}

export const common = {
  job_id: 'job',
  step_id: 'plan_1',
  attempt: 1,
  workspace_id: 'w',
  model: null,
  cap_usd: '1',
  spec_name: 'spec.md',
} as const;
export const planRequest = (blobs: BlobStore, feedback: string[] = []): JobRequest => ({
  kind: 'plan',
  ...common,
  spec: blobs.put(SPEC),
  feedback,
});
export const implementRequest = (
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

export async function failure(flow: (context: JobCtx) => Promise<unknown>, given: JobCtx): Promise<GenrtlError> {
  return flow(given).then(
    (value) => {
      throw new Error(`expected a failure, got ${JSON.stringify(value)}`);
    },
    (error: unknown) => error as GenrtlError,
  );
}
