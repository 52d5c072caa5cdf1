// A flow of an interactive intent: named steps that a runner executes in their order. A new one is a file here and a line in
// `index.ts`; what it may do and know comes through its context.
import type { AiIntent, AiRequest, RenderMode } from '@genrtl/contracts';
import type { ModelPrompt } from '../../models/model.ts';

export interface FlowLimits {
  /** the model's window, prompt and answer together; null: not declared */
  readonly maxModelTokens: number | null;
  readonly reservedOutputTokens: number;
  readonly maxInputTokens: number;
}

export interface FlowContext {
  readonly runId: string;
  readonly request: AiRequest;
  readonly renderMode: RenderMode;
  readonly signal: AbortSignal;
  readonly limits: FlowLimits;
  readonly featureFlags: Readonly<Record<string, boolean>>;
  /** what steps leave for later ones, by name */
  readonly kv: Map<string, unknown>;
  /** the text that `context.ref` names; '' without one */
  contextText(): Promise<string>;
  progress(name: string): void;
  /** something that the person should know beside the answer */
  artifact(kind: string, name: string, value: unknown): void;
  /** One settled answer, streamed on its way where the run streams. Throws MODEL_*, BUDGET_EXCEEDED, CANCELLED. */
  ask(step: string, prompt: ModelPrompt): Promise<string>;
}

export interface FlowStep {
  readonly name: string;
  readonly type: 'llm' | 'tool' | 'branch' | 'map';
  /** the same input gives the same output */
  readonly deterministic: boolean;
  /** may be done again after it failed */
  readonly retryable: boolean;
  /** a finished one is not done again when the run goes on */
  readonly resumable: boolean;
  run(input: unknown, context: FlowContext): Promise<unknown>;
}

export interface PromptTemplate {
  /** `<name>@v<n>`: grows with every change of the text; a test compares the text with the recorded hash */
  readonly id: string;
  readonly text: string;
}

export interface IntentFlow {
  readonly name: string;
  readonly version: number;
  readonly intent: AiIntent;
  readonly template: PromptTemplate;
  readonly steps: readonly FlowStep[];
  readonly retry: { readonly maxAttempts: number; readonly maxDelayMs: number };
  readonly timeoutMs: number;
  /** the same question may get the same answer for a while */
  readonly cached: boolean;
  /** the prompt of the run, also for what has to be known before it begins: its price and its fit */
  prompt(request: AiRequest, contextText: string, limits: FlowLimits): { prompt: ModelPrompt; truncated: boolean };
}

export const flowId = (flow: Pick<IntentFlow, 'name' | 'version'>): string => `${flow.name}@${String(flow.version)}`;
