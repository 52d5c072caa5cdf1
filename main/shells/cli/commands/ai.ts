// ai: the AI module's questions and rewrites, streamed to the terminal.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { Argument, type Command } from 'commander';
import { AI_INTENTS, ERRORS, formatUsd, GenrtlError, parseUsd, type AiIntent, type ErrorCode } from '@genrtl/contracts';
import { endsStream, ITEM_CHARS } from '@genrtl/contracts/ai-limits.ts';
import type { AiEvent, AiUsage } from '@genrtl/contracts/ai-events.ts';
import type { AiRequestBody } from '@genrtl/contracts/http/ai.ts';
import type { LongProgress } from '@genrtl/core/ai/long-progress.ts';
import type { CliIo } from '../io.ts';
import { withBackend } from '../with-backend.ts';

interface Options {
  readonly file?: string[];
  readonly workspace?: string;
  readonly model?: string;
  readonly maxUsd?: string;
  readonly locale?: string;
}

/**
 * As they are typed, and what is asked. `question`: the words are the question; else they say how to work on the text.
 */
const ASKED: Readonly<Record<string, { readonly intent: AiIntent; readonly question?: true }>> = {
  ask: { intent: 'ask', question: true },
  summarize: { intent: 'summarize' },
  rewrite: { intent: 'rewrite' },
  'continue-writing': { intent: 'continue-writing' },
  'fix-grammar': { intent: 'fix-grammar' },
  explain: { intent: 'explain' },
  document: { intent: 'document' },
  convert: { intent: 'convert-to-systemverilog' },
};

const MAX_INPUT_BYTES = 10 << 20;

export function registerAi(program: Command, io: CliIo): void {
  program
    .command('ai')
    .description('ask about a design or its documents, or have a text worked on; the answer is streamed')
    .addArgument(
      new Argument('<what>', 'convert writes SystemVerilog, document adds comments').choices(Object.keys(ASKED)),
    )
    .argument('[words...]', 'the question, or how to work on the text')
    .option('--file <file...>', 'files to work on; - is the standard input')
    .option('--workspace <dir>', 'the project that the files belong to (default: this folder)')
    .option('--model <id>', 'a model of the backend')
    .option('--max-usd <n>', 'what the answer may cost')
    .option('--locale <tag>', 'language of the answer, such as en or zh-CN')
    .action((what: string, words: string[], options: Options) => run(io, what, words.join(' ').trim(), options));
}

async function run(io: CliIo, what: string, words: string, options: Options): Promise<void> {
  const { intent, question } = ASKED[what] ?? { intent: 'ask' as const };
  if (options.maxUsd !== undefined && !/^\d{1,6}(\.\d{1,6})?$/.test(options.maxUsd))
    throw new GenrtlError('USAGE', 'Give --max-usd as dollars, for example 0.50.');
  const [{ AiRuns }, { NO_ANSWER, withEvent }, { isMilestone, withPart }, { randomUUID }, { clean }] =
    await Promise.all([
      import('../../../ai/ai-runs.ts'),
      import('@genrtl/core/ai/answer-text.ts'),
      import('@genrtl/core/ai/long-progress.ts'),
      import('node:crypto'),
      import('../../../ai/ask/context-items.ts'),
    ]);
  const { root, files } = await readInput(io, options);
  if (question !== undefined && words === '') throw new GenrtlError('USAGE', 'Write the question after ask.');
  if (question === undefined && files.length === 0)
    throw new GenrtlError('USAGE', `Name the text that ${what} works on with --file, or pipe it in with --file -.`);
  const streams = AI_INTENTS[intent].renderModes.some((mode) => mode === 'streaming-text');
  const text = files.map((file) => clean(file.text)).join('\n');
  // More than a question's items hold goes as one document, which is worked on in parts.
  const inParts = question === undefined || text.length > ITEM_CHARS;
  const body: AiRequestBody = {
    intent,
    ...(words === '' ? {} : { instruction: clean(words) }),
    ...(inParts
      ? { context: { text }, ...(files[0]?.path === undefined ? {} : { doc: { id: files[0].path } }) }
      : {
          context: files.map((file) => ({
            kind: 'file' as const,
            name: file.path ?? 'standard input',
            ...(file.path === undefined ? {} : { path: file.path }),
            text: clean(file.text),
          })),
        }),
    options: {
      ...(streams ? { renderMode: 'streaming-text' as const } : {}),
      ...(options.model === undefined ? {} : { preferredModel: options.model }),
      ...(options.maxUsd === undefined ? {} : { budgetUsd: options.maxUsd }),
      ...(options.locale === undefined ? {} : { locale: options.locale }),
      cancelOnDisconnect: true,
    },
  };
  await withBackend(io, async (client) => {
    const runs = new AiRuns(async () => client);
    const runId = randomUUID();
    let answer = NO_ANSWER;
    let progress: LongProgress | null = null;
    /** what ended it, where `final` follows: the money */
    let spent: AiEvent | null = null;
    const usage: AiUsage[] = [];
    const end = await new Promise<AiEvent>((resolve, reject) => {
      const cancel = (): void => void runs.cancel(runId);
      io.signal.addEventListener('abort', cancel, { once: true });
      runs
        .start({ runId, endpoint: intent, body, root }, (event) => {
          const before = answer;
          answer = withEvent(answer, event);
          const reached = withPart(progress, event);
          if (!io.json && reached !== null && reached !== progress)
            tellProgress(io, event, reached, isMilestone(reached));
          progress = reached;
          if (event.type === 'usage') {
            const { type: _, seq: __, runId: ___, ...counted } = event;
            usage.push(counted);
          }
          if (io.json) io.out(JSON.stringify({ event: 'ai', ...event }));
          else if (answer.text.startsWith(before.text)) io.write(clean(answer.text.slice(before.text.length)));
          else {
            io.err('\nThe answer begins anew: another attempt replaces what was written so far.');
            io.write(clean(answer.text));
          }
          if (event.type === 'error') spent = event;
          if (endsStream(event)) {
            io.signal.removeEventListener('abort', cancel);
            resolve(spent ?? event);
          }
        })
        .then(({ truncated }) => {
          if (truncated) io.err('The text was cut at the limit of this request.');
          if (io.signal.aborted) cancel();
        }, reject);
    });
    await runs.close();
    finish(io, { runId, answer: answer.text, model: answer.model, usage, end, streamed: !io.json });
  });
}

function tellProgress(io: CliIo, event: AiEvent, progress: LongProgress, milestone: boolean): void {
  const { parts, reused, done, inputTokens, costUsd } = progress;
  if (event.type === 'plan') {
    const known = reused === 0 ? '' : `, ${reused} of them known from before`;
    const price = inputTokens === null || costUsd === null ? '' : `; about ${inputTokens} tokens, ${costUsd} USD`;
    io.err(`The text is long and is worked on in ${parts} parts${known}${price}.`);
  } else if (milestone) io.err(`${done} of ${parts} parts are done.`);
}

interface Ended {
  readonly runId: string;
  readonly answer: string;
  readonly model: string | null;
  readonly usage: readonly AiUsage[];
  readonly end: AiEvent;
  readonly streamed: boolean;
}

function finish(io: CliIo, { runId, answer, model, usage, end, streamed }: Ended): void {
  const cost = formatUsd(usage.reduce((sum, one) => sum + parseUsd(one.cost_usd), 0));
  const status =
    end.type === 'error' ? 'failed' : end.type === 'final' && end.status === 'cancelled' ? 'cancelled' : 'done';
  if (streamed) {
    if (answer !== '' && !answer.endsWith('\n')) io.write('\n');
    for (const one of usage)
      io.err(
        `${one.model}: ${one.input_tokens} + ${one.output_tokens} tokens, ${one.cost_usd} USD${one.estimated === true ? ' (estimated)' : ''}`,
      );
    if (end.type === 'error') io.err(`${end.code}: ${end.message}${end.hint === undefined ? '' : `\n  ${end.hint}`}`);
    if (status === 'cancelled') io.err('Cancelled.');
  } else {
    const error = end.type !== 'error' ? {} : { error: bodyOf(end) };
    io.out(
      JSON.stringify({ event: 'result', status, run_id: runId, text: answer, model, usage, cost_usd: cost, ...error }),
    );
  }
  if (end.type === 'error') io.exit(ERRORS[end.code as ErrorCode]?.exit ?? 4);
  else if (status === 'cancelled') io.exit(130);
}

function bodyOf({ type: _, seq: __, runId: ___, ...error }: Extract<AiEvent, { type: 'error' }>): object {
  return error;
}

interface Input {
  /** where what is sent is written down; null: no project */
  readonly root: string | null;
  readonly files: readonly { readonly path?: string; readonly text: string }[];
}

/** Throws USAGE for what cannot be read or lies outside, CONTEXT_FORBIDDEN for what stays on the machine. */
async function readInput(io: CliIo, { file: names = [], workspace }: Options): Promise<Input> {
  const [{ realRoot }, { readRegular }, { leavingRules, requireMayLeave }] = await Promise.all([
    import('@genrtl/disk/real-root.ts'),
    import('@genrtl/disk/regular-file.ts'),
    import('../../../ai/may-leave.ts'),
  ]);
  const folder = await realRoot(path.resolve(io.cwd, workspace ?? '.'));
  const isProject =
    workspace !== undefined || ['.genRTL', 'genrtl.yaml'].some((name) => existsSync(path.join(folder, name)));
  const rules = await leavingRules(folder);
  const files: { path?: string; text: string }[] = [];
  for (const name of names) {
    if (name === '-') {
      files.push({ text: await standardInput() });
      continue;
    }
    const relative = path.relative(folder, path.resolve(io.cwd, name)).split(path.sep).join('/');
    if (relative.startsWith('../') || path.isAbsolute(relative))
      throw new GenrtlError('USAGE', `${name} lies outside ${folder}.`, { hint: 'Name its project with --workspace.' });
    const absolute = await requireMayLeave(rules, relative);
    const bytes = await readRegular(absolute).catch((cause: unknown) => {
      throw new GenrtlError('USAGE', `${name} cannot be read.`, { cause });
    });
    if (bytes.length > MAX_INPUT_BYTES) throw new GenrtlError('USAGE', `${name} is larger than 10 MB.`);
    if (bytes.includes(0)) throw new GenrtlError('USAGE', `${name} is no text.`);
    files.push({ path: relative, text: bytes.toString('utf8') });
  }
  return { root: isProject ? folder : null, files };
}

async function standardInput(): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MAX_INPUT_BYTES) throw new GenrtlError('USAGE', 'The standard input is larger than 10 MB.');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
