// The AI module over HTTP: what a request holds in either form, and how a run is shown. Intents and endpoints stand in
// ai-intents.ts, events in ai-events.ts.
import { z } from 'zod';
import { AiUsage } from '../ai-events.ts';
import {
  AI_ENDPOINTS,
  AiIntent,
  intentSpec,
  RenderMode,
  type AiIntent as Intent,
  type RenderMode as Mode,
} from '../ai-intents.ts';
import { SELECTION_END, SELECTION_START, SNAPSHOT_CHARS } from '../ai-limits.ts';
import { ErrorBody } from '../error-body.ts';
import { GenrtlError } from '../errors.ts';
import { UsdString } from '../money.ts';
import { Instant, Sha256 } from '../primitives.ts';

/** The client's own id of a run; the same id with the same body is the same run. */
export const AiRunId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'letters, digits, “-” and “_”, at most 64');

/** Text from people, files and models: anything but control characters other than line ends and tabs. */
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
const PlainText = z.string().refine((text) => !CONTROL.test(text), 'control characters are not taken');
const shortText = (max: number) => PlainText.max(max);

export const SelectionRef = z.object({
  mode: z.enum(['selection', 'block', 'around_cursor']).optional(),
  blockIds: z.array(shortText(200)).max(500).optional(),
  /** text around and of the selection, which stands between `[START_SELECTION]` and `[END_SELECTION]` */
  snapshot: PlainText.max(SNAPSHOT_CHARS).optional(),
  snapshotHash: shortText(200).optional(),
});
export type SelectionRef = z.infer<typeof SelectionRef>;

/** Something of the workspace that the person put beside the question. */
export const ContextItem = z.object({
  kind: z.enum(['file', 'module', 'problem', 'run', 'spec', 'selection']),
  name: shortText(300),
  /** relative to the workspace, so that an answer can cite `path:line` */
  path: shortText(1024).optional(),
  /** first and last line of `text` in `path`, counted from 1 */
  lines: z.object({ start: z.number().int().positive(), end: z.number().int().positive() }).optional(),
  text: PlainText,
});
export type ContextItem = z.infer<typeof ContextItem>;

const ContextText = z.object({
  text: PlainText.optional(),
  /** a blob's sha256, at most 10 MB of text, in the place of `text` */
  ref: Sha256.optional(),
  chars: z.number().int().nonnegative().optional(),
  items: z.array(ContextItem).max(64).optional(),
});

export const ChatMessage = z.object({ role: z.enum(['user', 'assistant']), content: PlainText.max(64_000) });
export type ChatMessage = z.infer<typeof ChatMessage>;

/** Hints that the server heeds within its own rules. */
export const AiOptions = z.object({
  temperature: z.number().min(0).max(2).optional(),
  maxTokens: z.number().int().min(1).max(200_000).optional(),
  /** language of the answer, BCP 47 */
  locale: z
    .string()
    .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}$/)
    .optional(),
  /** the client cut the context at its hard limit */
  truncated: z.boolean().optional(),
  /** `auto`, or a model's id */
  preferredModel: shortText(300).optional(),
  maxInputTokensHint: z.number().int().positive().optional(),
  renderMode: RenderMode.optional(),
  /** a lost connection ends the run at once instead of after the grace */
  cancelOnDisconnect: z.boolean().optional(),
  /** `none`: text is neither stored nor cached; the run can be followed for the grace only */
  retention: z.enum(['default', 'none']).optional(),
  /** ask the model even though the answer to the same question is known */
  refresh: z.boolean().optional(),
  /** the most that this run may cost */
  budgetUsd: UsdString.optional(),
});
export type AiOptions = z.infer<typeof AiOptions>;

/** Both forms of a request: `doc.context` or `context`, `doc.selectionRef` or `selectionRef`, `fix_grammar` or -. */
export const AiRequestBody = z.object({
  intent: shortText(64).optional(),
  flow: shortText(64).optional(),
  client: z.object({ runId: AiRunId.optional(), app: shortText(200).optional() }).optional(),
  runId: AiRunId.optional(),
  doc: z
    .object({
      id: shortText(300).optional(),
      version: z.number().int().nonnegative().optional(),
      selectionRef: SelectionRef.optional(),
      context: ContextText.optional(),
    })
    .optional(),
  selectionRef: SelectionRef.optional(),
  context: z.union([z.array(ContextItem).max(64), ContextText]).optional(),
  /** what the person asks in words */
  instruction: shortText(8_000).optional(),
  messages: z.array(ChatMessage).max(400).optional(),
  options: AiOptions.optional(),
  /** JSON schema of the answer */
  schema: z.record(z.string(), z.unknown()).optional(),
});
export type AiRequestBody = z.infer<typeof AiRequestBody>;

/** A request in the one form that flows read. */
export interface AiRequest {
  readonly intent: Intent;
  /** `<flow>@<version>` that the client asked for, or null */
  readonly flow: string | null;
  readonly runId: string | null;
  readonly docId: string | null;
  readonly docVersion: number | null;
  readonly selectionRef: SelectionRef | null;
  readonly context: { readonly text: string; readonly ref: string | null; readonly items: readonly ContextItem[] };
  readonly instruction: string;
  readonly messages: readonly ChatMessage[];
  readonly options: AiOptions;
  /** what the request or the endpoint asks for; null: the flow's own */
  readonly renderMode: Mode | null;
  readonly schema: Record<string, unknown> | null;
}

/** Throws REQUEST_INVALID, REQUEST_TOO_LARGE, SELECTION_INVALID. */
export function readAiRequest(endpoint: keyof typeof AI_ENDPOINTS, body: AiRequestBody): AiRequest {
  const place = AI_ENDPOINTS[endpoint];
  if (place === undefined) throw new GenrtlError('NOT_FOUND', 'No such endpoint');
  const named = body.intent?.replaceAll('_', '-') ?? place.intents[0];
  const parsed = AiIntent.safeParse(named);
  const intent = parsed.success && place.intents.includes(parsed.data) ? parsed.data : null;
  if (intent === null) throw invalid(`intent: ${place.path} takes ${place.intents.join(', ')}`);
  const spec = intentSpec(intent);
  const selectionRef = body.selectionRef ?? body.doc?.selectionRef ?? null;
  if (selectionRef?.snapshot !== undefined) splitSnapshot(selectionRef.snapshot);
  else if (spec.snapshot === 'required' || place.snapshot === 'required')
    throw invalid('selectionRef.snapshot: is needed here');
  const context = contextOf(body);
  if (context.text.length > spec.contextChars)
    throw new GenrtlError(
      'REQUEST_TOO_LARGE',
      `context.text: has ${String(context.text.length)} characters, the limit is ${String(spec.contextChars)}`,
    );
  if (context.ref !== null && !spec.lcg) throw invalid(`context.ref: ${intent} takes context.text only`);
  if (context.ref !== null && context.text !== '') throw invalid('context: give text or ref, not both');
  const itemChars = context.items.reduce((sum, item) => sum + item.text.length, 0);
  if (itemChars > spec.itemChars)
    throw new GenrtlError(
      'REQUEST_TOO_LARGE',
      `context: its items have ${String(itemChars)} characters, the limit is ${String(spec.itemChars)}`,
    );
  const instruction = body.instruction?.trim() ?? '';
  if (spec.instruction === 'required' && instruction === '') throw invalid('instruction: is needed here');
  const messages = body.messages ?? [];
  if (intent === 'chat') requireConversation(messages);
  else {
    if (messages.length > 0) throw invalid('messages: only a chat has them');
    const anything = context.text !== '' || context.ref !== null || context.items.length > 0 || instruction !== '';
    if (!anything && selectionRef?.snapshot === undefined) throw invalid('context: there is nothing to work on');
  }
  const renderMode = body.options?.renderMode ?? place.renderMode ?? null;
  if (renderMode !== null && !spec.renderModes.includes(renderMode))
    throw invalid(`options.renderMode: ${intent} cannot be shown as ${renderMode}`);
  if (place.renderMode !== undefined && renderMode !== place.renderMode)
    throw invalid(`options.renderMode: ${place.path} answers as ${place.renderMode}`);
  return {
    intent,
    flow: body.flow ?? null,
    runId: body.client?.runId ?? body.runId ?? null,
    docId: body.doc?.id ?? null,
    docVersion: body.doc?.version ?? null,
    selectionRef,
    context,
    instruction,
    messages,
    options: body.options ?? {},
    renderMode,
    schema: body.schema ?? null,
  };
}

function contextOf(body: AiRequestBody): AiRequest['context'] {
  const given = body.context ?? body.doc?.context ?? {};
  if (Array.isArray(given)) return { text: body.doc?.context?.text ?? '', ref: null, items: given };
  return { text: given.text ?? '', ref: given.ref ?? null, items: given.items ?? [] };
}

function requireConversation(messages: readonly ChatMessage[]): void {
  if (messages.at(-1)?.role !== 'user') throw invalid('messages: the last one is the person’s');
  if (messages.some((message) => message.role === 'user' && message.content.trim() === ''))
    throw invalid('messages: an empty one');
}

/** The parts of a snapshot. SELECTION_INVALID unless each mark stands there exactly once, in their order. */
export function splitSnapshot(snapshot: string): { before: string; selected: string; after: string } {
  const start = snapshot.indexOf(SELECTION_START);
  const end = snapshot.indexOf(SELECTION_END);
  const once = (mark: string, at: number): boolean => at >= 0 && !snapshot.includes(mark, at + mark.length);
  if (!once(SELECTION_START, start) || !once(SELECTION_END, end) || end < start)
    throw new GenrtlError(
      'SELECTION_INVALID',
      `selectionRef.snapshot: needs ${SELECTION_START} and ${SELECTION_END} exactly once each, in this order`,
      { hint: 'Select the text again.' },
    );
  return {
    before: snapshot.slice(0, start),
    selected: snapshot.slice(start + SELECTION_START.length, end),
    after: snapshot.slice(end + SELECTION_END.length),
  };
}

const invalid = (message: string): GenrtlError => new GenrtlError('REQUEST_INVALID', message);

export const AiRunStatus = z.enum(['running', 'succeeded', 'cancelled', 'failed']);

export const AiRunView = z.object({
  runId: z.string(),
  intent: AiIntent,
  flow: z.string(),
  status: AiRunStatus,
  renderMode: RenderMode,
  docVersion: z.number().int().nullable(),
  attempt: z.number().int().positive(),
  model: z.string().nullable(),
  /** the last attempt's text; null while it runs, and where nothing is retained */
  text: z.string().nullable(),
  error: ErrorBody.nullable(),
  usage: z.array(AiUsage),
  /** what the account paid */
  costUsd: UsdString,
  lastSeq: z.number().int().nonnegative(),
  createdAt: Instant,
  endedAt: Instant.nullable(),
});
export type AiRunView = z.infer<typeof AiRunView>;

/** Goes on after the last good step: `resume_from` names a step of the flow; missing: the one that failed. */
export const AiResume = z.object({ resume_from: shortText(64).optional() });

/** What clients need to know of the server's configuration. */
export const AiConfigView = z.object({
  models: z.array(
    z.object({ id: z.string(), maxModelTokens: z.number().int().nullable(), reservedOutputTokens: z.number().int() }),
  ),
  /** null: no model is configured, and every request answers AI_NEEDS_MODEL */
  defaultModel: z.string().nullable(),
  limits: z.object({ softChars: z.number().int(), hardChars: z.number().int(), refBytes: z.number().int() }),
  /** by path */
  renderModes: z.record(z.string(), RenderMode),
  flows: z.array(z.object({ intent: AiIntent, flow: z.string(), lcg: z.boolean() })),
});
export type AiConfigView = z.infer<typeof AiConfigView>;
