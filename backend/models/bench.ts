// Cost of the streaming adapter: CPU of this thread per token event, against reading the same bytes with node:http
// alone.
import http from 'node:http';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ModelPrompt } from './model.ts';
import { readModelConfig } from './config.ts';
import { buildModelRouter } from './router.ts';

export interface StreamingBench {
  readonly events: number;
  /** CPU microseconds of the reading thread per event */
  readonly rawMicros: number;
  readonly adapterMicros: number;
  /** adapter against raw; 1 would be free */
  readonly ratio: number;
}

const PROMPT: ModelPrompt = {
  service: 'plan',
  template: 'bench@1',
  system: '',
  messages: [{ role: 'user', content: 'go' }],
  maxOutputTokens: 1,
  composer: {
    spec: '',
    specName: '',
    request: {
      kind: 'design',
      job_id: 'bench',
      step_id: 'plan_1',
      attempt: 1,
      workspace_id: 'w',
      model: null,
      cap_usd: '0',
      spec: '0'.repeat(64),
      spec_name: '',
    },
  },
};

/** Runs both three times, alternating, and keeps the best of each. Prints one line. */
export async function benchStreaming(events = 20_000): Promise<StreamingBench> {
  const worker = new Worker(new URL('./bench-server.ts', import.meta.url), { workerData: { events } });
  try {
    const [port] = (await once(worker, 'message')) as [number];
    const url = `http://127.0.0.1:${String(port)}/v1`;
    const router = buildModelRouter({
      config: readModelConfig({
        OPENAI_BASE_URL: url,
        GENRTL_MODEL: 'bench',
        GENRTL_MODEL_PRICES: '{"bench":{"input":"0","output":"0"}}',
      }),
      composer: { call: () => Promise.reject(new Error('not part of the benchmark')) },
    });
    const [model] = router.choose('plan', null);
    if (model === undefined) throw new Error('no model');
    let seen = 0;
    const adapter = async (): Promise<void> => {
      await router.call(model, PROMPT, {
        signal: new AbortController().signal,
        onToken: () => {
          seen += 1;
        },
        catalog: [],
      });
    };
    let raw = Infinity;
    let adapted = Infinity;
    for (let round = 0; round < 3; round += 1) {
      raw = Math.min(raw, await cpu(() => readRaw(url)));
      adapted = Math.min(adapted, await cpu(adapter));
    }
    if (seen !== 3 * events) throw new Error(`lost tokens: ${String(seen)} of ${String(3 * events)}`);
    const result = { events, rawMicros: raw / events, adapterMicros: adapted / events, ratio: adapted / raw };
    console.log(
      `model streaming: ${result.adapterMicros.toFixed(2)} µs CPU an event, node:http alone ${result.rawMicros.toFixed(2)} µs: ratio ${result.ratio.toFixed(1)}`,
    );
    return result;
  } finally {
    await worker.terminate();
  }
}

async function cpu(work: () => Promise<void>): Promise<number> {
  const before = process.threadCpuUsage();
  await work();
  const used = process.threadCpuUsage(before);
  return used.user + used.system;
}

async function readRaw(url: string): Promise<void> {
  const request = http.request(`${url}/chat/completions`, { method: 'POST', agent: false });
  request.end();
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.resume();
  await once(response, 'end');
}
