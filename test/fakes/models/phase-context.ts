// What a job's phases may do, in memory and without durability: for tests of flows through the real router.
import { createHash } from 'node:crypto';
import { GenrtlError } from '@genrtl/contracts';
import type { CbbManifest, JobRequest, Requirement, Resolution } from '@genrtl/contracts';
import type { JobCtx } from '../../../backend/flows/context.ts';
import { smallestWindow } from '../../../backend/flows/asking/window.ts';
import type { ModelAnswer, ModelPrompt, ModelRouter } from '../../../backend/models/model.ts';

export interface MemoryContext extends JobCtx {
  /** in order: `phase plan`, `call plan openai/gpt-5.1`, `retry …` */
  readonly course: string[];
  readonly answers: ModelAnswer[];
  readonly prompts: ModelPrompt[];
}

export interface MemoryContextOptions {
  readonly router: ModelRouter;
  readonly request: JobRequest;
  readonly blobs: BlobStore;
  readonly catalog?: readonly CbbManifest[];
  readonly resolve?: (requirement: Requirement) => Resolution;
  readonly signal?: AbortSignal;
}

/** Texts by hash. */
export class BlobStore {
  readonly #texts = new Map<string, string>();

  /** Returns the text's hash. */
  put(text: string): string {
    const sha256 = createHash('sha256').update(text).digest('hex');
    this.#texts.set(sha256, text);
    return sha256;
  }

  get(sha256: string): string {
    const text = this.#texts.get(sha256);
    if (text === undefined) throw new GenrtlError('NOT_FOUND', `The blob ${sha256} was not sent.`);
    return text;
  }
}

export function memoryContext({
  router,
  request,
  blobs,
  catalog = [],
  resolve,
  signal = new AbortController().signal,
}: MemoryContextOptions): MemoryContext {
  const course: string[] = [];
  const answers: ModelAnswer[] = [];
  const prompts: ModelPrompt[] = [];
  return {
    course,
    answers,
    prompts,
    request,
    signal,
    readText: (sha256) => Promise.resolve().then(() => blobs.get(sha256)),
    catalog: () => Promise.resolve(catalog),
    packageText: () => Promise.resolve([]),
    resolve: (requirements) =>
      Promise.resolve().then(() =>
        requirements.map((requirement) => {
          if (resolve === undefined) throw new Error('no registry in this test');
          return resolve(requirement);
        }),
      ),
    window: (service) => Promise.resolve().then(() => smallestWindow(router, router.choose(service, request.model))),
    runTool: () => Promise.reject(new Error('no tools in this test')),
    measureStrength: () => Promise.reject(new Error('no tools in this test')),
    runId: 'run_in_memory',
    kv: new Map(),
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    budget: { limit: null, spent: 0 },
    featureFlags: {},
    emit(event) {
      if (event.type === 'progress') course.push(`phase ${event.name}`);
      if (event.type === 'retry') course.push(`retry ${event.reason}`);
      if (event.type === 'context')
        course.push(`left out ${event.left_out.map(({ path, shown }) => `${path} (${shown})`).join(' ')}`);
    },
    async ask(name, prompt) {
      let last: unknown;
      for (const model of router.choose(prompt.service, request.model)) {
        course.push(`call ${name} ${model.id}`);
        prompts.push(prompt);
        try {
          const answer = await router.call(model, prompt, { signal, onToken: () => undefined, catalog });
          answers.push(answer);
          return answer;
        } catch (error) {
          last = error;
        }
      }
      throw last;
    },
  };
}
