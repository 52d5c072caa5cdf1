// What the router offers: a prompt goes out, a priced answer comes back. Knows nothing of jobs.
import type {
  CbbManifest,
  GenrtlError,
  JobRequest,
  MicroUsd,
  ModelService,
  ModelUsage,
  ModelView,
} from '@genrtl/contracts';

/** Everything that a provider needs for one upstream call; serialisable, hashed into the attempt's record. */
export interface ModelPrompt {
  readonly service: ModelService;
  /** prompt template id and version, e.g. "plan@1" */
  readonly template: string;
  readonly system: string;
  readonly messages: readonly {
    readonly role: 'user' | 'assistant';
    readonly content: string;
    /** offsets in `content`, ascending, up to which later calls of the same job say the same: cache breakpoints */
    readonly stable?: readonly number[];
  }[];
  /** JSON schema that the answer must satisfy, when the answer is data */
  readonly schema?: Record<string, unknown>;
  readonly maxOutputTokens: number;
  /** absent: the server's own */
  readonly temperature?: number;
  /** the same facts of a job unformatted, for the built-in composer only; never sent to a network */
  readonly composer?: {
    readonly spec: string;
    readonly specName: string;
    readonly request: JobRequest;
    /** the workspace's sources, for implement; absent means an empty workspace */
    readonly files?: readonly { readonly path: string; readonly text: string }[];
  };
}

export interface ModelAnswer {
  readonly text: string;
  readonly usage: ModelUsage;
}

/** A model that the router chose and priced. */
export interface RoutedModel {
  readonly id: string;
  readonly provider: ModelView['provider'];
  readonly rateCard: string;
  /** the model that was asked for, where a plan had this one answer */
  readonly insteadOf?: NonNullable<ModelUsage['instead_of']>;
}

/** One upstream attempt and its price; holds no state about jobs. Implemented in backend/models. */
export interface ModelRouter {
  list(): ModelView[];
  /** Ordered: first choice, then fallbacks. Throws MODEL_UNKNOWN, MODEL_UNPRICED, AI_NEEDS_MODEL. */
  choose(service: ModelService, requested: string | null): RoutedModel[];
  /** Null where nobody declared it. */
  window(model: RoutedModel): { readonly context: number | null; readonly maxOutput: number | null };
  /** Upper bound of the cost: the whole prompt uncached plus maxOutputTokens. */
  maxCost(model: RoutedModel, prompt: ModelPrompt): MicroUsd;
  /** What a call with these counts costs, nothing of it cached. */
  costOf(model: RoutedModel, tokens: { readonly input: number; readonly output: number }): MicroUsd;
  /** A call of this model follows at once: its connection begins now. Absent where there is none. */
  expect?(model: RoutedModel): void;
  /**
   * Exactly one upstream request. Throws GenrtlError MODEL_*, SPEC_* (composer), CANCELLED.
   * An error raised after the provider began to work carries what was used as `details.usage` (a ModelUsage, estimated
   * when the provider sent none); without it nothing was consumed.
   */
  call(
    model: RoutedModel,
    prompt: ModelPrompt,
    options: {
      readonly signal: AbortSignal;
      /** a promise holds the stream back until it resolves */
      readonly onToken: (text: string) => void | Promise<void>;
      readonly catalog: readonly CbbManifest[];
    },
  ): Promise<ModelAnswer>;
  /**
   * Why this model would not be tried now, or null: MODEL_UNAVAILABLE with `details.not_tried` and `retry_after_ms`.
   * `call` throws the same, so asking first only saves the record of an attempt.
   */
  refusal(model: RoutedModel): GenrtlError | null;
  /** Delay before attempt n+1 on the same model, or null: give up and try the next model. n counts from 1. */
  retryDelayMs(error: unknown, n: number): number | null;
}
