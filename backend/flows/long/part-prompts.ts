// What is asked about one part of a long document, and how what was found is brought together.
import { splitSnapshot, type AiRequest } from '@genrtl/contracts/http/ai.ts';
import type { ModelPrompt } from '../../models/model.ts';
import { fence } from '../asking/fence.ts';
import type { FlowLimits } from '../context.ts';
import type { PromptTemplate } from '../flow.ts';
import { BASE } from '../intents/intent-prompt.ts';
import { partOutput, type LongPart, type LongStrategy } from './long-context.ts';

const DIGEST: PromptTemplate = {
  id: 'digest-part@v1',
  text: `${BASE}

The document is too long to be shown at once; you get one part of it, after a few lines that precede it. Others read the
other parts. Write down what this part says that matters for the engineer's request: facts, names, numbers, widths,
addresses, conditions, limits. The lines are numbered: cite the line of each fact as \`[line <number>]\`. Be short, keep every
fact, add nothing, do not answer the request. A part that says nothing about it: answer with “nothing”.`,
};

const COMBINE: PromptTemplate = {
  id: 'combine-digests@v1',
  text: `${BASE}

You get notes that were taken from consecutive parts of one long document. Bring them together into one set of notes that is
much shorter: join what belongs together, drop what is said twice and what does not matter for the engineer's request.
Keep names, numbers and the citations \`[line <number>]\`.`,
};

const PART_RULE = `
The document is too long to be shown at once. You get one part of it, after a few lines that precede it and that somebody else
works on. Do the task on this part alone, from its first to its last line, and answer with the whole part as it is to be.`;

/** Their texts belong to their versions. */
export const LONG_TEMPLATES: readonly PromptTemplate[] = [DIGEST, COMBINE, { id: 'part-rule@v1', text: PART_RULE }];

/** Everything of a part's question but the part: what is the same for all of them stands first. */
export function partPrompt(
  strategy: LongStrategy,
  template: PromptTemplate,
  request: AiRequest,
  part: Pick<LongPart, 'text' | 'overlap' | 'lines' | 'tokens'>,
  limits: FlowLimits,
): ModelPrompt {
  const inPlace = strategy === 'in-place';
  const text = inPlace ? `${template.text}\n${PART_RULE}` : DIGEST.text;
  const wishes = wordsOf(request);
  const content = [
    inPlace ? '' : wishes,
    part.overlap.trim() === '' ? '' : fence('what precedes', part.overlap),
    fence('part of the document', inPlace ? part.text : numbered(part.text)),
    inPlace ? request.instruction : '',
  ];
  return {
    service: 'assist',
    template: inPlace ? `${template.id}+part-rule@v1` : DIGEST.id,
    system: inLanguage(text, request),
    messages: [{ role: 'user', content: content.filter((one) => one !== '').join('\n\n') }],
    maxOutputTokens: partOutput(strategy, part.tokens, limits.reservedOutputTokens),
    ...(request.options.temperature === undefined ? {} : { temperature: request.options.temperature }),
  };
}

export function combinePrompt(request: AiRequest, notes: string, limits: FlowLimits): ModelPrompt {
  return {
    service: 'assist',
    template: COMBINE.id,
    system: inLanguage(COMBINE.text, request),
    messages: [{ role: 'user', content: `${wordsOf(request)}\n\n${fence('notes', notes)}` }],
    maxOutputTokens: limits.reservedOutputTokens,
  };
}

function inLanguage(text: string, { options }: AiRequest): string {
  return options.locale === undefined ? text : `${text}\n\nAnswer in the language ${options.locale}.`;
}

/** What the engineer is after: the words, and the selection that they are about. */
function wordsOf({ intent, instruction, selectionRef }: AiRequest): string {
  const selected = selectionRef?.snapshot === undefined ? '' : splitSnapshot(selectionRef.snapshot).selected;
  const asked = instruction === '' ? `The request: ${intent} the document.` : `The request (${intent}): ${instruction}`;
  return selected.trim() === '' ? asked : `${asked}\n\n${fence('selection', selected)}`;
}

/** From 1 in each part: its notes hold wherever the part comes to stand. */
function numbered(text: string): string {
  return text
    .split(/\r\n|\n|\r/)
    .map((line, at) => `${String(at + 1)}| ${line}`)
    .join('\n');
}

/** Citations of a part's lines as lines of the document; what is no line of the part is cited no more. */
export function inDocument(notes: string, { first, last }: LongPart['lines']): string {
  return notes.replace(
    / ?\[lines? (\d{1,7})(?:\s?[-–]\s?(\d{1,7}))?\]/g,
    (_all, from: string, to: string | undefined) => {
      const start = first + Number(from) - 1;
      const end = to === undefined ? start : first + Number(to) - 1;
      if (start < first || end < start || end > last) return '';
      return to === undefined ? ` [line ${String(start)}]` : ` [line ${String(start)}-${String(end)}]`;
    },
  );
}
