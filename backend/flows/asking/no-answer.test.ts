// Answers that hold no usable text, as servers sent them: asked again with a hint; what a server does not take is left
// out; a prompt that it cut is said.
import { afterEach, describe, expect, it } from 'vitest';
import type { JobRequest } from '@genrtl/contracts';
import { createModelRouter } from '../../models/index.ts';
import { BlobStore, memoryContext } from '../../../test/fakes/models/phase-context.ts';
import type { MemoryContext } from '../../../test/fakes/models/phase-context.ts';
import type { FakeAnswer, FakeRequest } from '../../../test/fakes/models/script.ts';
import { startFakeModels } from '../../../test/fakes/models/server.ts';
import type { FakeModels } from '../../../test/fakes/models/server.ts';
import { runJob } from '../run-steps.ts';
import { FLOWS } from '../index.ts';

const module = { name: 'blink', purpose: '', ports: [], parameters: [], clocks: [], resets: [], instances: [] };
const PLAN = {
  title: 'Blink',
  summary: '',
  top: { ...module, ports: [{ name: 'led', direction: 'output', width: '1', description: '' }] },
  modules: [],
  cbb_requirements: [],
  verification: { checks: [{ id: 'C1', text: 'blinks' }] },
  files: [
    { path: 'src/blink.sv', purpose: '' },
    { path: 'tb/tb_blink.sv', purpose: '' },
  ],
  assumptions: [],
  questions: [],
};
const GOOD: FakeAnswer = { kind: 'text', text: JSON.stringify(PLAN) };

let fake: FakeModels | undefined;
afterEach(async () => {
  await fake?.close();
  fake = undefined;
});

async function planned(script: (request: FakeRequest) => FakeAnswer, spec = '# Blink\n\nA LED blinks.\n') {
  fake = await startFakeModels({ script });
  const blobs = new BlobStore();
  const request: JobRequest = {
    kind: 'plan',
    job_id: 'job',
    step_id: 'plan_1',
    attempt: 1,
    workspace_id: 'w',
    model: null,
    cap_usd: '1',
    spec: blobs.put(spec),
    spec_name: 'spec.md',
    feedback: [],
  };
  const router = createModelRouter({
    env: {
      OPENAI_BASE_URL: fake.openaiUrl,
      GENRTL_MODEL: 'local',
      GENRTL_MODEL_PRICES: '{"local":{"input":"1","output":"1"}}',
    },
  });
  const given: MemoryContext = memoryContext({ router, request, blobs });
  return { output: await runJob(FLOWS, given), log: given.course, requests: fake.requests };
}

const stream = (...chunks: string[]): FakeAnswer => ({
  kind: 'raw',
  headers: { 'content-type': 'text/event-stream' },
  body: chunks.map((chunk) => `data: ${chunk}\n\n`).join(''),
});
const first = (answer: FakeAnswer) => (request: FakeRequest) => (request.number === 1 ? answer : GOOD);

describe('asked again with a hint', () => {
  it.each([
    [
      'finish_reason length (vLLM)',
      stream(
        '{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"local","choices":[{"index":0,"delta":{"role":"assistant","content":"{\\"title\\": \\"Bl"},"finish_reason":null}]}',
        '{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"local","choices":[{"index":0,"delta":{"content":""},"finish_reason":"length","stop_reason":null}]}',
        '[DONE]',
      ),
      'cut off at its limit',
    ],
    [
      'tool calls only (Ollama)',
      stream(
        '{"id":"chatcmpl-2","object":"chat.completion.chunk","created":1,"model":"local","system_fingerprint":"fp_ollama","choices":[{"index":0,"delta":{"role":"assistant","content":"","tool_calls":[{"id":"call_x","index":0,"type":"function","function":{"name":"write_file","arguments":"{\\"path\\":\\"src/a.sv\\"}"}}]},"finish_reason":"tool_calls"}]}',
        '[DONE]',
      ),
      'no tools here',
    ],
    [
      'reasoning only (vLLM with a reasoning parser)',
      stream(
        '{"id":"chatcmpl-3","object":"chat.completion.chunk","created":1,"model":"local","choices":[{"index":0,"delta":{"role":"assistant","reasoning_content":"The plan is {…}."},"logprobs":null,"finish_reason":null}]}',
        '{"id":"chatcmpl-3","object":"chat.completion.chunk","created":1,"model":"local","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}]}',
        '[DONE]',
      ),
      'only reasoning',
    ],
    [
      'nothing at all',
      stream(
        '{"id":"chatcmpl-4","object":"chat.completion.chunk","created":1,"model":"local","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"stop"}]}',
        '[DONE]',
      ),
      'was empty',
    ],
  ])('%s', async (_name, answer, hint) => {
    const { output, log, requests } = await planned(first(answer));
    expect(output).toMatchObject({ kind: 'plan', plan: { title: 'Blink' } });
    expect(requests).toHaveLength(2);
    expect(requests[1]?.messages.at(-1)?.content).toContain(hint);
    expect(log).toContainEqual(expect.stringContaining(hint));
  });
  it('and given up with the reason after two more chances', async () => {
    await expect(planned(() => ({ kind: 'text', text: '{"title": ', stop: 'length' }))).rejects.toMatchObject({
      code: 'MODEL_TRUNCATED',
    });
    expect(fake?.requests).toHaveLength(3);
  });
});

describe('what a server does not take', () => {
  it.each([
    [
      'stream_options',
      400,
      '{"object":"error","message":"[{\'type\': \'extra_forbidden\', \'loc\': (\'body\', \'stream_options\'), \'msg\': \'Extra inputs are not permitted\'}]","type":"BadRequestError","param":null,"code":400}',
    ],
    [
      'response_format',
      422,
      '{"error":{"message":"response_format.type json_schema is not supported by this model","type":"invalid_request_error"}}',
    ],
  ] as const)('%s is left out, at once and from then on', async (field, status, body) => {
    const script = ({ body: sent }: FakeRequest): FakeAnswer =>
      sent[field] === undefined ? GOOD : { kind: 'status', status, body };
    const { output, requests } = await planned(script);
    expect(output).toMatchObject({ kind: 'plan' });
    expect(requests.map((request) => request.body[field] !== undefined)).toEqual([true, false]);
  });
  it('other refusals stay refusals', async () => {
    await expect(
      planned(() => ({ kind: 'status', status: 400, message: 'temperature must be below 2' })),
    ).rejects.toMatchObject({ code: 'MODEL_MALFORMED' });
    expect(fake?.requests).toHaveLength(1);
  });
});

it('a prompt that the server cut is said, whatever the answer', async () => {
  const spec = `# Blink\n\n${'The LED blinks once a second, and so on. '.repeat(1500)}\n`;
  await expect(
    planned(() => ({ ...GOOD, usage: { input: 4096, output: 100 } }) as FakeAnswer, spec),
  ).rejects.toMatchObject({
    code: 'MODEL_CONTEXT_EXCEEDED',
    message: expect.stringContaining('read 4096 tokens') as string,
  });
});
