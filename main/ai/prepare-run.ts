// A request of the AI module made ready to leave: files by allow-list, secrets taken out, lengths within the intent's
// limits, and the whole written down.
import { AI_ENDPOINTS, GenrtlError, intentSpec, type SentFile, type SentKind } from '@genrtl/contracts';
import { AiRequestBody, readAiRequest } from '@genrtl/contracts/http/ai.ts';
import type { BackendClient } from '../cloud/backend-client.ts';
import { Outgoing } from '../cloud/outgoing.ts';
import type { RunRequest } from './follow-run.ts';
import { leavingRules, requireMayLeave } from './may-leave.ts';
import { noteSent } from './sent-log.ts';

/** Fields that a person writes; everything else may be code. */
const PROSE: ReadonlySet<string> = new Set(['instruction', 'content', 'name']);

export interface RunOrder {
  readonly runId: string;
  /** name of AI_ENDPOINTS */
  readonly endpoint: string;
  readonly body: AiRequestBody;
  /** workspace that the request's paths lie in; null: it names none */
  readonly root: string | null;
  readonly threadId?: string;
}

export interface PreparedRun {
  readonly request: RunRequest;
  /** what was taken out, by stand-in: the answer carries the stand-ins */
  readonly originals: ReadonlyMap<string, string>;
  readonly redacted: number;
  readonly sent: readonly SentFile[];
  /** the context was cut at the intent's limit */
  readonly truncated: boolean;
}

/** Throws REQUEST_INVALID, REQUEST_TOO_LARGE, SELECTION_INVALID, CONTEXT_FORBIDDEN, PROJECT_INVALID, DISK_FULL. */
export async function prepareRun(client: BackendClient, order: RunOrder): Promise<PreparedRun> {
  const { runId, endpoint, root } = order;
  const place = AI_ENDPOINTS[endpoint];
  if (place === undefined) throw new GenrtlError('REQUEST_INVALID', `There is no endpoint ${endpoint}.`);
  if (root !== null) await requireFiles(root, order.body);
  const named: AiRequestBody = {
    ...order.body,
    client: { app: 'genRTL', ...order.body.client, runId },
    options: { ...order.body.options },
  };
  const clean = Outgoing.reversibleJson(named, client.secrets, PROSE);
  const fitted = await withinLimits(client, endpoint, AiRequestBody.parse(JSON.parse(clean.text)));
  const request = readAiRequest(endpoint, fitted.body);
  const text = JSON.stringify(fitted.body);
  const listed = (kind: SentKind, name: string, part: string): SentFile => {
    const out = Outgoing.text(part, []);
    return { attempt: 1, kind, path: name, bytes: out.bytes.length, sha256: out.sha256, redacted: marks(part) };
  };
  const sent: SentFile[] = [
    ...request.context.items.map((item) =>
      listed(
        item.kind === 'spec' ? 'spec' : item.kind === 'run' ? 'evidence' : 'source',
        item.path ?? item.name,
        item.text,
      ),
    ),
    ...(request.docId === null ? [] : [listed('source', request.docId, documentText(request))]),
    listed('request', 'request.json', text),
  ];
  if (root !== null)
    await noteSent(root, {
      at: new Date().toISOString(),
      run_id: runId,
      thread_id: order.threadId ?? null,
      intent: request.intent,
      backend: client.http.endpoint.url,
      model: request.options.preferredModel ?? null,
      files: sent,
    });
  return {
    request: { runId, path: place.path, body: text },
    originals: clean.originals,
    redacted: clean.redacted,
    sent,
    truncated: fitted.truncated,
  };
}

const marks = (text: string): number => text.match(/\[redacted(?:-\d+)?\]/g)?.length ?? 0;

function documentText({ context, selectionRef }: ReturnType<typeof readAiRequest>): string {
  return `${context.text}\n${selectionRef?.snapshot ?? ''}`;
}

async function requireFiles(root: string, body: AiRequestBody): Promise<void> {
  const given = body.context ?? body.doc?.context;
  const items = Array.isArray(given) ? given : (given?.items ?? []);
  const files = [body.doc?.id, ...items.map((item) => item.path)].filter((file) => file !== undefined);
  if (files.length === 0) return;
  const rules = await leavingRules(root);
  for (const file of new Set(files)) await requireMayLeave(rules, file);
}

/** A longer context goes as a blob where the intent works through such, and is cut where it does not. */
async function withinLimits(
  client: BackendClient,
  endpoint: string,
  body: AiRequestBody,
): Promise<{ readonly body: AiRequestBody; readonly truncated: boolean }> {
  const place = AI_ENDPOINTS[endpoint];
  const intent = place?.intents.find((name) => name === body.intent?.replaceAll('_', '-')) ?? place?.intents[0];
  const given = body.context ?? body.doc?.context;
  if (intent === undefined || given === undefined || Array.isArray(given) || given.text === undefined)
    return { body, truncated: false };
  const { contextChars, lcg } = intentSpec(intent);
  if (given.text.length <= contextChars) return { body, truncated: false };
  const { doc, ...rest } = body;
  const { context: _, ...document } = doc ?? {};
  const others = { ...rest, ...(doc === undefined ? {} : { doc: document }) };
  if (lcg) {
    const ref = await client.putBytes(Buffer.from(given.text, 'utf8'));
    const { text: __, ...kept } = given;
    return { body: { ...others, context: { ...kept, ref } }, truncated: false };
  }
  const text = given.text.slice(0, contextChars).replace(/[\uD800-\uDBFF]$/, '');
  return {
    body: { ...others, context: { ...given, text }, options: { ...body.options, truncated: true } },
    truncated: true,
  };
}
