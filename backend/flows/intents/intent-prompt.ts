// The prompt of an interactive intent: a template of ours, everything that others wrote fenced as data, the person's
// own words last.
import { splitSnapshot, type AiRequest, type ContextItem } from '@genrtl/contracts/http/ai.ts';
import { redactor } from '@genrtl/core/evidence/redact.ts';
import type { ModelPrompt } from '../../models/model.ts';
import { countTextTokens } from '../../models/tokens.ts';
import { fence, FENCE_RULE } from '../asking/fence.ts';
import type { FlowLimits } from '../context.ts';
import type { PromptTemplate } from '../flow.ts';

/** What every template begins with; part of each template's hash. */
export const BASE = `You help a hardware engineer inside genRTL, an environment in which chip specifications become verified RTL.
Be exact: name files, lines, signals and modules as they are; say what you do not know; invent no ports and no tool results.
You can see only what is given below. You cannot run tools, open files or fetch addresses.

${FENCE_RULE}`;

/** An answer that goes into the document as it is. */
export const BARE = `Answer with the text itself and nothing else: no introduction, no explanation, no code fence around it.`;

const redact = redactor();

/** Builds the prompt; what does not fit the model's window is left out from the oldest, and `truncated` says so. */
export function promptOf(
  template: PromptTemplate,
  request: AiRequest,
  contextText: string,
  limits: FlowLimits,
): { prompt: ModelPrompt; truncated: boolean } {
  const language = request.options.locale;
  const system = language === undefined ? template.text : `${template.text}\n\nAnswer in the language ${language}.`;
  const fixed = [selectionOf(request), wordsOf(request)].filter((part) => part !== '');
  const material = [
    ...request.context.items.map(itemText),
    contextText === '' ? '' : fence('context of the document', contextText),
  ].filter((part) => part !== '');
  const earlier = request.messages.slice(0, -1);
  let room =
    limits.maxInputTokens - countTextTokens(system) - fixed.reduce((sum, part) => sum + countTextTokens(part), 0);
  let truncated = false;
  const keep = <T>(parts: readonly T[], textOf: (part: T) => string): T[] => {
    // From the end: what stands nearest to the question counts most.
    const kept: T[] = [];
    for (const part of [...new Set(parts)].reverse()) {
      room -= countTextTokens(textOf(part));
      if (room < 0) {
        truncated = true;
        break;
      }
      kept.unshift(part);
    }
    return kept;
  };
  const shown = keep(material, (part) => part);
  let history = keep(earlier, (message) => message.content);
  while (history[0]?.role === 'assistant') history = history.slice(1);
  return {
    prompt: {
      service: 'assist',
      template: template.id,
      system,
      messages: [...history, { role: 'user', content: [...shown, ...fixed].join('\n\n') }],
      maxOutputTokens: limits.reservedOutputTokens,
      ...(request.options.temperature === undefined ? {} : { temperature: request.options.temperature }),
      ...(request.schema === null ? {} : { schema: request.schema }),
    },
    truncated,
  };
}

function itemText({ kind, name, path, lines, text }: ContextItem): string {
  const place =
    path === undefined ? name : lines === undefined ? path : `${path}:${String(lines.start)}-${String(lines.end)}`;
  const clean = redact(text);
  return fence(`${kind} ${place}`, lines === undefined ? clean : numbered(clean, lines.start));
}

/** With their numbers in the file, so that an answer can cite `path:line`. */
function numbered(text: string, first: number): string {
  return text
    .split('\n')
    .map((line, index) => `${String(first + index)}| ${line}`)
    .join('\n');
}

function selectionOf({ selectionRef }: AiRequest): string {
  if (selectionRef?.snapshot === undefined) return '';
  const { before, selected, after } = splitSnapshot(selectionRef.snapshot);
  return [
    before === '' ? '' : fence('text before the selection', before),
    fence('selection', selected),
    after === '' ? '' : fence('text after the selection', after),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** What the person asks comes last, and is no data. */
function wordsOf({ instruction, messages }: AiRequest): string {
  return messages.at(-1)?.content ?? instruction;
}
