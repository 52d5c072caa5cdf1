// An answer about a document that is longer than the model takes: parts first, several at a time, then what they gave
// brought together. What was paid for a part is kept, and asked for again only where the part has changed.
import { createHash } from 'node:crypto';
import { GenrtlError } from '@genrtl/contracts';
import { countPromptTokens } from '../../models/progress.ts';
import { countTextTokens } from '../../models/tokens.ts';
import { unfenced } from '../answers/unfenced.ts';
import type { InlineCtx } from '../context.ts';
import { promptOf } from '../intents/intent-prompt.ts';
import { inOrder } from './in-order.ts';
import type { LongContext, LongPart } from './long-context.ts';
import { combinePrompt, inDocument, partPrompt } from './part-prompts.ts';

/** Providers find a prompt's beginning again from so many tokens on; parallel first calls would all miss it. */
const CACHED_PREFIX_TOKENS = 1_024;
const MAX_ROUNDS = 6;
/** Tokens of parts are told in pieces, not one by one. */
const TOLD_CHARS = 400;
const SHOWN_SUMMARY_CHARS = 2_000;
/** Of the room for the last question, what the end of a document takes that is to be continued. */
const TAIL_SHARE = 0.5;

/** Throws MODEL_*, BUDGET_EXCEEDED, CANCELLED; LONG_CONTEXT_STALLED when notes do not get shorter. */
export async function answerLong(ctx: InlineCtx, long: LongContext): Promise<string> {
  tellPlan(ctx, long);
  return long.strategy === 'in-place' ? replaceInPlace(ctx, long) : answerFromNotes(ctx, long);
}

function tellPlan(ctx: InlineCtx, long: LongContext): void {
  ctx.emit({
    type: 'plan',
    chunks: long.parts.map(({ id, blocks, tokens, lines }) => ({
      id,
      range: `b${String(blocks.first)}..b${String(blocks.last)}`,
      tokens,
      lines: { start: lines.first, end: lines.last },
    })),
    strategy: 'map-reduce',
    model: ctx.models[0] ?? 'auto',
    inputTokens: long.inputTokens,
    costUsd: ctx.inUsd(long.cost),
    reused: long.known.size,
    concurrency: long.concurrency,
    boundaryErrorRate: long.boundaryErrorRate,
  });
  if (long.cutBlocks > 0)
    ctx.emit({ type: 'artifact', kind: 'notice', name: 'block_cut', value: { parts: long.cutBlocks } });
}

async function replaceInPlace(ctx: InlineCtx, long: LongContext): Promise<string> {
  const streams = ctx.renderMode === 'streaming-text';
  let whole = '';
  const add = (text: string): void => {
    if (whole === '' && streams) ctx.emit({ type: 'reduce:start' });
    whole += text;
    if (streams && text !== '') ctx.emit({ type: 'reduce:token', text });
  };
  await answerParts(ctx, long, long.parts, (part, answer) => {
    add(`${part.before}${answer}${part.after}`);
  });
  if (!streams) ctx.emit({ type: 'reduce:start' });
  ctx.emit({ type: 'reduce:end', text: whole });
  return whole;
}

async function answerFromNotes(ctx: InlineCtx, long: LongContext): Promise<string> {
  const { request, template, limits } = ctx;
  const prompt = (text: string) => promptOf(template, request, text, limits);
  const room = limits.maxInputTokens - countPromptTokens(prompt('').prompt);
  let tail = '';
  let { parts } = long;
  if (long.strategy === 'window') {
    const from = tailStart(parts, room * TAIL_SHARE);
    tail = parts
      .slice(from)
      .map(({ before, text, after }) => `${before}${text}${after}`)
      .join('');
    parts = parts.slice(0, from);
  }
  const notes: string[] = [];
  await answerParts(ctx, long, parts, ({ id, lines }, answer) => {
    const said = answer.trim();
    if (said !== '' && !/^[“"'`]*nothing[.”"'`]*$/i.test(said))
      notes.push(`## Part ${id}, lines ${String(lines.first)} to ${String(lines.last)}\n${said}`);
  });
  const gathered = await shortened(ctx, notes, room - countTextTokens(tail));
  const text =
    long.strategy === 'window'
      ? `Notes of what precedes:\n${gathered}\n\nThe text from here on is verbatim:\n${tail}`
      : `Notes that were taken from all parts of the document, in its order:\n${gathered === '' ? 'nothing' : gathered}`;
  ctx.emit({ type: 'reduce:start' });
  const { prompt: asked } = prompt(text);
  const { text: answer } = await ctx.ask('reduce', asked, { show: 'reduce', reuse: hashOf(asked) });
  ctx.emit({ type: 'reduce:end', text: answer });
  return answer;
}

/** The first part of those at the end that fit. */
function tailStart(parts: readonly LongPart[], room: number): number {
  let from = parts.length;
  let tokens = 0;
  for (let at = parts.length - 1; at >= 0; at -= 1) {
    tokens += parts[at]?.tokens ?? 0;
    if (tokens > room && from < parts.length) break;
    from = at;
    if (tokens > room) break;
  }
  return from;
}

async function answerParts(
  ctx: InlineCtx,
  long: LongContext,
  parts: readonly LongPart[],
  take: (part: LongPart, answer: string) => void,
): Promise<void> {
  const { request, template, limits } = ctx;
  const [first] = parts;
  const shared =
    first === undefined
      ? 0
      : countTextTokens(
          partPrompt(long.strategy, template, request, { ...first, overlap: '', text: '' }, limits).system,
        );
  await inOrder(
    parts,
    { concurrency: long.concurrency, leads: shared >= CACHED_PREFIX_TOKENS },
    (part) => answerPart(ctx, long, part),
    take,
  );
}

async function answerPart(ctx: InlineCtx, long: LongContext, part: LongPart): Promise<string> {
  if (part.text === '') return '';
  const { request, template, limits } = ctx;
  const prompt = partPrompt(long.strategy, template, request, part, limits);
  let waiting = '';
  const tell = (least: number): void => {
    if (waiting.length < least) return;
    ctx.emit({ type: 'map:token', chunkId: part.id, text: waiting });
    waiting = '';
  };
  const { text } = await ctx.ask(`map_${part.id}`, prompt, {
    reuse: part.hash,
    show: {
      begin() {
        waiting = '';
        ctx.emit({ type: 'map:start', chunkId: part.id });
      },
      piece(piece) {
        waiting += piece;
        tell(TOLD_CHARS);
      },
    },
  });
  tell(1);
  const answer =
    long.strategy === 'in-place' ? unfenced(text, part.text).replace(/^\n+|\s+$/g, '') : inDocument(text, part.lines);
  ctx.emit({ type: 'map:end', chunkId: part.id, summary: answer.slice(0, SHOWN_SUMMARY_CHARS).toWellFormed() });
  return answer;
}

/** Notes that fit: round by round brought together, each of which has to make them shorter. */
async function shortened(ctx: InlineCtx, notes: readonly string[], room: number): Promise<string> {
  let current = [...notes];
  let tokens = countTextTokens(current.join('\n\n'));
  for (let round = 1; tokens > room; round += 1) {
    const groups = grouped(current, Math.max(256, room * 0.8));
    ctx.emit({ type: 'progress', name: `combining_${String(round)}` });
    const next: string[] = [];
    await inOrder(
      groups,
      { concurrency: 4, leads: false },
      async (group) => {
        const prompt = combinePrompt(ctx.request, group, ctx.limits);
        const name = `combine_${String(round)}_${hashOf(prompt).slice(0, 12)}`;
        return (await ctx.ask(name, prompt, { show: {}, reuse: hashOf(prompt) })).text;
      },
      (_group, answer) => next.push(answer.trim()),
    );
    const now = countTextTokens(next.join('\n\n'));
    if (now >= tokens || round >= MAX_ROUNDS)
      throw new GenrtlError(
        'LONG_CONTEXT_STALLED',
        `The notes of ${String(notes.length)} parts do not get short enough: ${String(now)} tokens after ${String(round)} rounds, ${String(Math.max(0, Math.floor(room)))} are there.`,
      );
    current = next;
    tokens = now;
  }
  return current.join('\n\n');
}

/** Consecutive notes, as many together as fit; one that is too long alone is cut at its end. */
function grouped(notes: readonly string[], room: number): string[] {
  const groups: string[] = [];
  let group = '';
  let tokens = 0;
  for (const note of notes) {
    const size = countTextTokens(note);
    if (group !== '' && tokens + size > room) {
      groups.push(group);
      group = '';
      tokens = 0;
    }
    group = group === '' ? note : `${group}\n\n${note}`;
    tokens += size;
  }
  if (group !== '') groups.push(group);
  return groups;
}

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
