// What can be asked of the AI module: one table of intents, and of the endpoints that take them. Validation, prompts,
// client menus and the configuration that is served all read from here.
import { z } from 'zod';
import { CONTEXT_HARD_CHARS, ITEM_CHARS } from './ai-limits.ts';

/** `streaming-text`: tokens as they come. `atomic-patch`: the whole answer once, as one patch. Never mixed in a run. */
export const RenderMode = z.enum(['streaming-text', 'atomic-patch']);
export type RenderMode = z.infer<typeof RenderMode>;

interface IntentSpec {
  /** how the answer is shown unless the request or the server's configuration says otherwise */
  readonly renderMode: RenderMode;
  /** the modes that a request may ask for */
  readonly renderModes: readonly RenderMode[];
  /** takes `context.ref`, and works through what is longer than the model's window */
  readonly lcg: boolean;
  /** refused without `selectionRef.snapshot` */
  readonly snapshot: 'required' | 'optional';
  /** what the person asks in words: refused without it where it is required */
  readonly instruction: 'required' | 'optional';
  /** hard limit of `context.text`, characters */
  readonly contextChars: number;
  /** hard limit of the texts of all `context` items together, characters */
  readonly itemChars: number;
  /** longest answer unless the request asks for less, tokens */
  readonly maxTokens: number;
}

const both: readonly RenderMode[] = ['streaming-text', 'atomic-patch'];
const text: Omit<IntentSpec, 'lcg'> = {
  renderMode: 'streaming-text',
  renderModes: ['streaming-text'],
  snapshot: 'optional',
  instruction: 'optional',
  contextChars: CONTEXT_HARD_CHARS,
  itemChars: ITEM_CHARS,
  maxTokens: 2_048,
};
const patch: Omit<IntentSpec, 'lcg'> = { ...text, renderMode: 'atomic-patch', renderModes: both, maxTokens: 8_192 };

export const AI_INTENTS = {
  ask: { ...text, lcg: true },
  summarize: { ...text, lcg: true },
  explain: { ...text, lcg: true },
  'continue-writing': { ...text, lcg: true },
  'complete-module': { ...text, lcg: false, maxTokens: 8_192 },
  'write-testbench': { ...text, lcg: false, maxTokens: 16_384 },
  complete: { ...text, lcg: false, maxTokens: 256 },
  chat: { ...text, lcg: false, itemChars: 200_000, maxTokens: 8_192 },
  rewrite: { ...patch, lcg: true },
  'fix-grammar': { ...patch, lcg: true },
  document: { ...patch, lcg: true },
  'convert-to-systemverilog': { ...patch, lcg: true },
  edit: { ...patch, lcg: false, snapshot: 'required', instruction: 'required' },
} as const satisfies Record<string, IntentSpec>;

export type AiIntent = keyof typeof AI_INTENTS;
export const AI_INTENT_NAMES = Object.keys(AI_INTENTS) as [AiIntent, ...AiIntent[]];
export const AiIntent = z.enum(AI_INTENT_NAMES);

export const intentSpec = (intent: AiIntent): IntentSpec => AI_INTENTS[intent];

interface EndpointSpec {
  readonly path: string;
  /** what the request may ask here; the first one unless it says */
  readonly intents: readonly [AiIntent, ...AiIntent[]];
  /** every answer of this endpoint is shown so */
  readonly renderMode?: RenderMode;
  readonly snapshot?: 'required';
}

const withMode = (mode: RenderMode): AiIntent[] =>
  AI_INTENT_NAMES.filter((intent) => intentSpec(intent).renderModes.includes(mode));

/** Intents that have a path of their own, `/api/ai/<intent>`. */
const OWN_PATH = AI_INTENT_NAMES.filter((intent) => intent !== 'chat' && intent !== 'edit');

export const AI_ENDPOINTS: Readonly<Record<string, EndpointSpec>> = {
  ...Object.fromEntries(OWN_PATH.map((intent) => [intent, { path: `/api/ai/${intent}`, intents: [intent] }] as const)),
  'stream-text': {
    path: '/api/ai/stream-text',
    intents: ['continue-writing', ...withMode('streaming-text').filter((name) => name !== 'chat' && name !== 'edit')],
    renderMode: 'streaming-text',
  },
  suggest: {
    path: '/api/ai/suggest',
    intents: ['rewrite', ...withMode('atomic-patch').filter((name) => name !== 'rewrite')],
    renderMode: 'atomic-patch',
    snapshot: 'required',
  },
  chat: { path: '/api/chat', intents: ['chat'], renderMode: 'streaming-text' },
  edit: { path: '/api/edit', intents: ['edit'] },
};

export const aiPath = (intent: AiIntent): string => AI_ENDPOINTS[intent]?.path ?? `/api/ai/${intent}`;
