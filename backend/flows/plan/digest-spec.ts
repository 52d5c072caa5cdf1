// A specification that is longer than the planner's window, read part by part into excerpts that keep the lines'
// numbers: what the plan cites of them points into the specification itself.
import { GenrtlError } from '@genrtl/contracts';
import { documentFormat } from '@genrtl/core/chunks/chunk.ts';
import { ask, type Checked } from '../asking/ask.ts';
import { fence, FENCE_RULE } from '../asking/fence.ts';
import { outputAllowance, promptRoom, tokensOf } from '../asking/window.ts';
import type { JobCtx } from '../context.ts';
import type { PromptTemplate } from '../flow.ts';
import { splitText } from '../long/split-text.ts';

export const DIGEST_TEMPLATE: PromptTemplate = {
  id: 'spec-digest@v1',
  text: `You read a chip specification for a planning engineer who has no room for all of it. You get one part; others read the
others. Give the lines that decide the design: ports, parameters, clocks, resets, registers and their fields, timing, states,
what happens at limits and on errors, what must never happen. Tables of ports and registers row by row.

Each line of your answer is the number of the line that it stands on, a bar, and what that line says, shortened where nothing is
lost: \`<number>| <text>\`. Names, numbers, widths and conditions exactly as they stand there. Nothing else: no heading, no
remark, nothing that the part does not say. A part that decides nothing: answer with the word nothing.

${FENCE_RULE}`,
};

/** Parts are not larger, whatever the window: a model that reads little at once forgets little. */
const PART_TOKENS = 6_000;
const OVERLAP_RATIO = 0.08;
const NUMBER_TOKENS = 6;
const SLACK = 1.25;
const LEAST_OUTPUT = 512;
const MAX_ROUNDS = 3;

interface Excerpt {
  readonly line: number;
  readonly text: string;
}

/**
 * Lines `<number>| <text>`, ascending, of at most so many tokens. Throws MODEL_CONTEXT_EXCEEDED, and what asking
 * throws.
 */
export async function digestSpec(context: JobCtx, name: string, spec: string, room: number): Promise<string> {
  let excerpts: Excerpt[] = spec.split(/\r\n|\n|\r/).map((text, at) => ({ line: at + 1, text }));
  let size = tokensOf(shown(excerpts));
  for (let round = 1; round <= MAX_ROUNDS; round += 1) {
    excerpts = await oneRound(context, name, excerpts, room, round);
    const text = shown(excerpts);
    const now = tokensOf(text);
    if (now <= room) return text;
    if (now >= size) break;
    size = now;
  }
  throw new GenrtlError(
    'MODEL_CONTEXT_EXCEEDED',
    `What the specification demands does not fit the model: ${String(tokensOf(shown(excerpts)))} tokens of excerpts, ${String(Math.floor(room))} are there.`,
    { hint: 'Use a model with a longer context, or divide the specification.' },
  );
}

const shown = (excerpts: readonly Excerpt[]): string =>
  excerpts.map(({ line, text }) => `${String(line)}| ${text}`).join('\n');

async function oneRound(
  context: JobCtx,
  name: string,
  lines: readonly Excerpt[],
  room: number,
  round: number,
): Promise<Excerpt[]> {
  const window = await context.window('plan');
  const text = lines.map((line) => line.text).join('\n');
  const whole = tokensOf(text);
  const wanted = Math.min(PART_TOKENS, promptRoom(window, outputAllowance(window, PART_TOKENS)));
  const bound = Math.floor((wanted - tokensOf(DIGEST_TEMPLATE.text) - 100) / SLACK);
  if (bound < LEAST_OUTPUT)
    throw new GenrtlError('MODEL_CONTEXT_EXCEEDED', 'The model takes too little for any part of the specification.');
  const format = documentFormat(round === 1 ? name : 'excerpts.md', '');
  const order = { text, format, bound, target: bound, overlapRatio: OVERLAP_RATIO, lineTokens: NUMBER_TOKENS };
  const parts = (await splitText(order)).cuts.filter(({ tokens }) => tokens > 0);
  context.emit({ type: 'progress', name: `reading ${String(parts.length)} parts, ${String(whole)} tokens` });
  const share = Math.max(60, Math.floor((room * 0.8) / Math.max(1, parts.length)));
  const found: Excerpt[] = [];
  // One after the other: a step that begins in another order after a crash would be another step.
  for (const [nth, part] of parts.entries()) {
    const own = lines.slice(part.lines.first - 1, part.lines.last);
    const [overlapStart, start] = part.at;
    const before = text.slice(overlapStart, start);
    const message = [
      before.trim() === '' ? '' : fence('what precedes', before),
      fence(`specification ${name}, part`, shown(own)),
      `At most about ${String(Math.floor(share * 0.7))} words.`,
    ].filter((one) => one !== '');
    const prompt = {
      service: 'plan' as const,
      template: DIGEST_TEMPLATE.id,
      system: DIGEST_TEMPLATE.text,
      messages: [{ role: 'user' as const, content: message.join('\n\n') }],
      maxOutputTokens: outputAllowance(window, Math.max(LEAST_OUTPUT, share * 2)),
    };
    found.push(
      ...(await ask({
        context,
        name: `digest_${String(round)}_${String(nth + 1)}`,
        prompt,
        check: (answer) => excerptsIn(answer.text, own),
        complain: (problems) => `${problems.join('\n')} Give lines of the form <number>| <text>, or the word nothing.`,
      })),
    );
  }
  return found.sort((one, other) => one.line - other.line);
}

/** Lines that bear the number of a line of the part; what bears another one was not read there. */
function excerptsIn(answer: string, part: readonly Excerpt[]): Checked<Excerpt[]> {
  const known = new Set(part.map(({ line }) => line));
  const found: Excerpt[] = [];
  for (const line of answer.split('\n')) {
    const [, number, text = ''] = /^\s{0,8}(?:L|line )?(\d{1,8})\s?\|\s?(.*)$/i.exec(line) ?? [];
    if (number !== undefined && known.has(Number(number)) && text.trim() !== '')
      found.push({ line: Number(number), text: text.trim() });
  }
  if (found.length > 0 || /^\W*nothing\W*$/i.test(answer.trim())) return { ok: true, value: found };
  const problem = 'No line of your answer bears the number of a line of the part.';
  return { ok: false, problems: [problem], error: () => new GenrtlError('MODEL_MALFORMED', problem) };
}
