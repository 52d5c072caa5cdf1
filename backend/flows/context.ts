// What the steps of a flow may do and know: everything that they read, ask and tell goes through their context.
import type { AiEvent } from '@genrtl/contracts/ai-events.ts';
import type { AiRequest } from '@genrtl/contracts/http/ai.ts';
import type {
  CbbManifest,
  CloudStrengthOutput,
  CloudStrengthRequest,
  CloudVerifyOutput,
  CloudVerifyRequest,
  JobKind,
  JobRequestOf,
  MicroUsd,
  ModelService,
  RenderMode,
  Requirement,
  Resolution,
} from '@genrtl/contracts';
import type { ModelAnswer, ModelPrompt } from '../models/model.ts';
import type { Log } from '../processes/log.ts';
import type { ModelWindow } from './asking/window.ts';
import type { PromptTemplate } from './flow.ts';
import type { LongContext } from './long/long-context.ts';

export interface FlowLimits {
  /** the model's window, prompt and answer together; null: not declared */
  readonly maxModelTokens: number | null;
  readonly reservedOutputTokens: number;
  readonly maxInputTokens: number;
}

/** An event without what the run itself knows. */
export type Draft<E = AiEvent> = E extends AiEvent ? Omit<E, 'seq' | 'runId'> : never;

/** How far the run is, and what the person should know beside the answer. */
export type FlowEvent =
  | { readonly type: 'progress'; readonly name: string }
  | { readonly type: 'artifact'; readonly kind: string; readonly name: string; readonly value: unknown }
  | { readonly type: 'retry'; readonly reason: string }
  | {
      readonly type: 'context';
      readonly left_out: readonly { readonly path: string; readonly shown: 'heads' | 'nothing' }[];
    }
  | Draft<Extract<AiEvent, { type: 'plan' | `map:${string}` | `reduce:${string}` }>>;

export interface AskOptions {
  /**
   * What the person sees of the answer while it comes, in a run that streams: its text (`text`, unless said), the text
   * of a long context (`reduce`), nothing but what the listener makes of it. Calls that are listened to may run side by
   * side.
   */
  readonly show?: 'text' | 'reduce' | AnswerListener;
  /**
   * Hash of what decides the answer beside account, flow, template, model and options: an answer that was paid under it
   * is given again for nothing. Without it the model is asked every time.
   */
  readonly reuse?: string;
}

export interface AnswerListener {
  /** An attempt begins; what an earlier one said is void. */
  begin?(): void;
  piece?(text: string): void;
}

export interface Ctx {
  readonly runId: string;
  readonly signal: AbortSignal;
  /** what steps leave for later ones, by name; not recorded, so only what a deterministic step makes again */
  readonly kv: Map<string, unknown>;
  readonly log: Log;
  readonly budget: { readonly limit: MicroUsd | null; readonly spent: number };
  readonly featureFlags: Readonly<Record<string, boolean>>;
  emit(event: FlowEvent): void | Promise<void>;
  /**
   * One settled answer: each upstream attempt is recorded ahead, held, then captured or voided. `name` is unique within
   * the run and the same whenever it is run again. Throws MODEL_*, BUDGET_EXCEEDED, BUDGET_RESERVED, CANCELLED.
   */
  ask(name: string, prompt: ModelPrompt, options?: AskOptions): Promise<ModelAnswer>;
}

/** Of the inline runner. */
export interface InlineCtx extends Ctx {
  readonly request: AiRequest;
  readonly renderMode: RenderMode;
  readonly template: PromptTemplate;
  readonly limits: FlowLimits;
  /** ids, first choice first */
  readonly models: readonly string[];
  /** the document in parts, where it is longer than the models take */
  readonly long: LongContext | null;
  inUsd(amount: MicroUsd): string;
  /** the text that `context.ref` names, or `context.text` */
  contextText(): Promise<string>;
  emit(event: FlowEvent): void;
}

/** Of the durable runner; every call is recorded, and replayed in its order after a crash. */
export interface JobCtx<K extends JobKind = JobKind> extends Ctx {
  readonly request: JobRequestOf<K>;
  /** Text of a blob; NOT_FOUND when the client never sent it. */
  readText(sha256: string): Promise<string>;
  /** The latest version of every published package, plus the versions named. */
  catalog(): Promise<readonly CbbManifest[]>;
  /** RTL sources of a package version, for prompts of real models: port lists and usage, never edited. */
  packageText(cbbId: string, version: string): Promise<{ path: string; text: string }[]>;
  /** Prices and hashes of the packages that a plan asks for, from the registry; `design` jobs only. */
  resolve(requirements: readonly Requirement[]): Promise<Resolution[]>;
  /**
   * The smallest window among the models that would be asked. Throws MODEL_UNKNOWN, MODEL_UNPRICED, SPEC_NEEDS_MODEL.
   */
  window(service: ModelService): Promise<ModelWindow>;
  /**
   * A tool in the server's sandbox. Throws CONFINEMENT_UNAVAILABLE, TOOL_MISSING, REQUEST_TOO_LARGE, USAGE, CANCELLED.
   */
  runTool(request: CloudVerifyRequest): Promise<CloudVerifyOutput>;
  /** The same for how strong benches are; DESIGN_FAILED when one does not pass on the design as it is, TOOL_TIMEOUT. */
  measureStrength(request: CloudStrengthRequest): Promise<CloudStrengthOutput>;
  /** Told in this order, and before whatever the run records next. */
  emit(event: FlowEvent): void;
}
