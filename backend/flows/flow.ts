// What a flow is: named steps in their order, and the limits under which they run. Everything that asks a model is one;
// which runner executes it is the flow's own choice, never that of its steps. A new flow is a file and a line in
// `index.ts`.
import type { AiIntent, JobKind, MicroUsd, ModelService } from '@genrtl/contracts';
import type { AiRequest } from '@genrtl/contracts/http/ai.ts';
import type { ModelPrompt } from '../models/model.ts';
import type { Ctx, FlowLimits, InlineCtx, JobCtx } from './context.ts';

export interface Step<C extends Ctx = Ctx, I = unknown, O = unknown> {
  /** unique in its flow; recorded, so a step that does something else gets another name */
  readonly name: string;
  readonly type: 'llm' | 'tool' | 'branch' | 'map';
  /** the same input gives the same output */
  readonly deterministic: boolean;
  /** may be done again after it failed */
  readonly retryable: boolean;
  /** a finished one is not done again when the run goes on */
  readonly resumable: boolean;
  run(input: I, ctx: C): Promise<O>;
}

/**
 * A step whose flags nobody has to think about: a model's answer is never the same twice, and may be asked for again.
 */
export const ASKS_A_MODEL = { type: 'llm', deterministic: false, retryable: true, resumable: false } as const;
/** A pure function of its input. */
export const COMPUTES = { type: 'tool', deterministic: true, retryable: true, resumable: true } as const;

export interface PromptTemplate {
  /** `<name>@v<n>`: grows with every change of the text; a test compares the text with the recorded hash */
  readonly id: string;
  readonly text: string;
}

/** What a model may call while it answers. */
export interface ToolSet {
  /** `<name>@<version>` */
  readonly id: string;
  readonly tools: readonly string[];
}
export const NO_TOOLS: ToolSet = { id: 'none@1', tools: [] };

interface FlowParts<C extends Ctx> {
  readonly name: string;
  /** grows when steps, prompts or what becomes of an answer change */
  readonly version: number;
  readonly steps: readonly Step<C>[];
  /** of one question: over all models that are tried, and how long a wait between two tries may be */
  readonly retry: { readonly maxAttempts: number; readonly maxDelayMs: number };
  /** of the whole run in one process */
  readonly timeoutMs: number;
  /** what a run may cost at most, whatever its request says; null: what request, job and configuration say */
  readonly budget: MicroUsd | null;
  readonly tools: ToolSet;
  /** inputs and outputs of steps go to the object store: `failure` those of runs that fail, `always` all */
  readonly keepsPayloads: 'failure' | 'always' | 'never';
}

/** Answers at once, between a socket and a model; recorded behind. */
export interface InlineFlow extends FlowParts<InlineCtx> {
  readonly runner: 'inline';
  readonly intent: AiIntent;
  /** the first one, unless the configuration gives shares to others */
  readonly templates: readonly [PromptTemplate, ...PromptTemplate[]];
  /** the same question may get the same answer for a while */
  readonly cached: boolean;
  /**
   * The prompt of the run, where there is one that all depends on: its price and its fit are known before the run
   * begins, and its first attempt is recorded with it. null: steps make their prompts as they go.
   */
  readonly prompt:
    | ((
        request: AiRequest,
        contextText: string,
        limits: FlowLimits,
        template: PromptTemplate,
      ) => { readonly prompt: ModelPrompt; readonly truncated: boolean })
    | null;
}

/** A job: each effect is recorded, and a crash repeats nothing that was paid. */
export interface JobFlow<K extends JobKind = JobKind> extends FlowParts<JobCtx<K>> {
  readonly runner: 'durable';
  readonly kind: K;
  /** What it asks the router for; a request is refused before it is recorded when one of them has no model. */
  readonly services: readonly ModelService[];
}

export type Flow = InlineFlow | JobFlow;

export const flowId = (flow: Pick<Flow, 'name' | 'version'>): string => `${flow.name}@${String(flow.version)}`;

/** The steps of a flow, each of which takes what the one before it gives. */
export function steps<C extends Ctx, A, B>(a: Step<C, A, B>): readonly Step<C>[];
export function steps<C extends Ctx, A, B, D>(a: Step<C, A, B>, b: Step<C, B, D>): readonly Step<C>[];
export function steps<C extends Ctx, A, B, D, E>(
  a: Step<C, A, B>,
  b: Step<C, B, D>,
  c: Step<C, D, E>,
): readonly Step<C>[];
export function steps<C extends Ctx, A, B, D, E, F>(
  a: Step<C, A, B>,
  b: Step<C, B, D>,
  c: Step<C, D, E>,
  d: Step<C, E, F>,
): readonly Step<C>[];
export function steps(...all: Step[]): readonly Step[] {
  return all;
}

interface JobFlowOf<K extends JobKind> extends Pick<JobFlow<K>, 'version' | 'services' | 'steps'> {
  readonly kind: K;
}

/** A flow of the durable runner; its first step takes the request, its last one gives the job's output. */
export function jobFlow<K extends JobKind>({ kind, ...own }: JobFlowOf<K>): JobFlow<K> {
  return {
    runner: 'durable',
    kind,
    name: kind,
    retry: { maxAttempts: 24, maxDelayMs: 120_000 },
    timeoutMs: 2 * 3_600_000,
    budget: null,
    tools: NO_TOOLS,
    keepsPayloads: 'failure',
    ...own,
  };
}
