// run, resume, status, undo, replay: the job from the terminal.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import {
  GenrtlError,
  UsdString,
  SPEC_EXTENSIONS,
  diagnosticsOf,
  notesOf,
  parseWaiver,
  statusOfError,
  toolPlace,
  type JobResult,
  type JobSettings,
  type JobUpdate,
  type Waiver,
} from '@genrtl/contracts';
import type { JobService, StartedJob } from '../../../job/service.ts';
import { exitCodeOf, type CliIo } from '../io.ts';
import { printDiagnostics, printNotes, unconfinedLine, waitText } from '../print.ts';
import { measuredLines } from '../measured-lines.ts';

const TAKE_OVER = ['--take-over', 'take the workspace from a client that is out of reach'] as const;

interface RunOptions {
  takeOver?: boolean;
  spec: string;
  workspace: string;
  maxUsd?: string;
  maxRepairs?: string;
  model?: string;
  lint?: string;
  sim?: string;
  accept?: string;
  trust?: boolean;
  yes?: boolean;
  waive: Waiver[];
  acceptBenchChanges?: boolean;
  acceptFileChanges?: boolean;
}

interface ResumeFlags {
  trust?: boolean;
  takeOver?: boolean;
  workspace: string;
  yes?: boolean;
  maxUsd?: string;
  waive: Waiver[];
  acceptBenchChanges?: boolean;
}

function usd(text: string, option: string): string {
  const parsed = UsdString.safeParse(text);
  if (!parsed.success || text.startsWith('-'))
    throw new GenrtlError('USAGE', `${option} takes an amount of dollars such as 20 or 0.50, not "${text}".`);
  return parsed.data;
}

function count(text: string, option: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 50)
    throw new GenrtlError('USAGE', `${option} takes a whole number from 0 to 50, not "${text}".`);
  return value;
}

/** Collects a repeatable `--waive`. */
const waiver = (text: string, earlier: Waiver[]): Waiver[] => [...earlier, parseWaiver(text)];
const WAIVE = ['--waive <waiver>', 'KIND:NAME=REASON: pass what was not measured; may be repeated'] as const;
const ACCEPT_FILE_CHANGES = ['--accept-file-changes', 'let the job change files that are not genRTL’s'] as const;
const ACCEPT_BENCH_CHANGES = ['--accept-bench-changes', 'let testbenches change in what they check'] as const;

function tool(text: string, action: 'lint' | 'simulate'): string {
  const place = toolPlace(text, action);
  if (!place) throw new GenrtlError('USAGE', `${text} is no tool that genRTL knows; see \`npx genrtl tools\`.`);
  return place.cloud ? `cloud:${place.id}` : place.id;
}

const TRUST = ['--trust', 'trust the commands of the project as they are now, as `project trust` does'] as const;

async function trustIfAsked(options: { workspace: string; trust?: boolean }, io: CliIo): Promise<void> {
  if (options.trust !== true) return;
  const { trustProject } = await import('../../../checks/project-checks.ts');
  await trustProject(path.resolve(io.cwd, options.workspace), io.env);
}

/** What nobody named by a flag: the project's own tools, else those of the settings. */
async function ownTools(
  workspace: string,
  io: CliIo,
  settings: { lint_tool: string; sim_tool: string },
): Promise<{ lint: string; sim: string }> {
  const known = { lint: settings.lint_tool, sim: settings.sim_tool };
  const cloud = toolPlace(known.lint, 'lint')?.cloud === true || toolPlace(known.sim, 'simulate')?.cloud === true;
  if (cloud || !existsSync(workspace)) return known;
  const [{ chosenTools }, { collectFilelists }] = await Promise.all([
    import('../../../checks/project-checks.ts'),
    import('../../../cbb/index.ts'),
  ]);
  const lists = await collectFilelists(workspace, io.env);
  return lists.rtl.length + lists.tb.length === 0 ? known : chosenTools(lists, settings);
}

async function settingsOf(options: RunOptions, io: CliIo): Promise<JobSettings> {
  const { readSettings } = await import('../../../project/effective.ts');
  const workspace = path.resolve(io.cwd, options.workspace);
  const defaults = await readSettings(io.env, workspace);
  const own = await ownTools(workspace, io, defaults);
  const gate = (chosen: 'auto' | 'ask'): 'auto' | 'ask' => (options.yes ? 'auto' : chosen);
  return {
    spec_path: path.resolve(io.cwd, options.spec),
    model: options.model ?? defaults.model,
    max_usd: options.maxUsd === undefined ? defaults.max_usd : usd(options.maxUsd, '--max-usd'),
    max_repairs: options.maxRepairs === undefined ? defaults.max_repairs : count(options.maxRepairs, '--max-repairs'),
    lint_tool: tool(options.lint ?? own.lint, 'lint'),
    sim_tool: tool(options.sim ?? own.sim, 'simulate'),
    accept_dir: options.accept === undefined ? null : path.resolve(io.cwd, options.accept),
    gates: {
      plan: gate(defaults.gates.plan),
      purchase: gate(defaults.gates.purchase),
      patch: gate(defaults.gates.patch),
    },
    waivers: options.waive,
    accept_bench_changes: options.acceptBenchChanges ?? false,
    accept_unconfined: options.yes ?? false,
    accept_file_changes: options.acceptFileChanges ?? false,
  };
}

function printUpdate(io: CliIo, update: JobUpdate): void {
  if (update.type === 'step') {
    const { step } = update;
    if (io.json) io.out(JSON.stringify({ event: 'step', ...step }));
    else {
      const mark = step.status === 'ok' ? '✓' : step.status === 'skipped' ? '–' : step.status === 'waiting' ? '…' : '✗';
      const cost = step.cost_usd === '0.00' ? '' : `  ${step.cost_usd} USD`;
      io.err(
        `${mark} ${step.step_id.padEnd(20)} ${String(step.duration_ms ?? 0).padStart(6)} ms  ${step.summary}${cost}`,
      );
    }
  } else if (update.type === 'waiting') {
    if (io.json) io.out(JSON.stringify({ event: 'waiting', step_id: update.step_id, waiting: update.waiting }));
    else if (update.waiting !== null) io.err(`… ${update.step_id} ${waitText(update.waiting)}`);
  } else if (update.type === 'notes') {
    const { spec_name, notes } = update;
    if (io.json) io.out(JSON.stringify({ event: 'import', spec_name, notes }));
    else printNotes(io, spec_name, notes);
  } else if (update.type === 'gate' && io.json)
    io.out(JSON.stringify({ event: 'gate', gate: update.gate, step_id: update.step_id }));
}

const EXIT: Partial<Record<JobResult['status'], number>> = {
  done: 0,
  needs_input: 6,
  budget_exceeded: 5,
  cancelled: 130,
};

function exitOf(result: JobResult): number {
  return EXIT[result.status] ?? (result.error ? exitCodeOf(GenrtlError.fromBody(result.error)) : 1);
}

function printResult(io: CliIo, result: JobResult): void {
  if (io.json) io.out(JSON.stringify(result));
  else {
    printDiagnostics(
      io,
      result.diagnostics.filter((diagnostic) => diagnostic.severity === 'error'),
    );
    io.err(`${result.status}: ${costText(result)}`);
    for (const line of measuredLines(result)) io.err(`  ${line}`);
    if (result.confined === 'unconfined') io.err(`  ${unconfinedLine(result.unconfined_reason)}`);
    for (const file of result.files) io.err(`  ${file}`);
    if (result.error)
      io.err(`${result.error.code}: ${result.error.message}${result.error.hint ? `\n  ${result.error.hint}` : ''}`);
  }
  io.exit(exitOf(result));
}

const costText = ({ cost_usd, cost_stale }: Pick<JobResult, 'cost_usd' | 'cost_stale'>): string =>
  `${cost_usd} USD${cost_stale === true ? ' (last known)' : ''}`;

/** A refusal in the shape of a job's result; `job` is the one that was to go on, null for one that never began. */
function refusal(error: GenrtlError, job: JobResult | null): JobResult {
  const none = {
    job_id: null,
    steps: [],
    spec_notes: [],
    tests: null,
    strength: null,
    untried: [],
    waivers: [],
    bench_changes: [],
    interface: null,
    reference: null,
    cost_usd: '0.00',
    files: [],
    confined: null,
  };
  const notes = notesOf(error);
  return {
    ...(job ?? none),
    ...(notes.length === 0 ? {} : { spec_notes: notes }),
    event: 'result',
    status: statusOfError(error.code),
    diagnostics: diagnosticsOf(error),
    error: error.toBody(),
  };
}

/** What a person at the terminal is asked at once. */
const ASKED: ReadonlySet<string> = new Set(['APPROVAL_NEEDED', 'CONFINEMENT_UNAVAILABLE', 'FILE_OWNED']);

async function follow(
  io: CliIo,
  jobs: JobService,
  workspace: string,
  begin: () => Promise<StartedJob>,
  present: () => Promise<JobResult | null> = async () => null,
): Promise<void> {
  let result: JobResult;
  try {
    const started = await begin();
    const cancel = (): void => {
      void jobs.cancel(workspace);
    };
    io.signal.addEventListener('abort', cancel, { once: true });
    if (io.signal.aborted) cancel();
    result = await started.finished;
    io.signal.removeEventListener('abort', cancel);
  } catch (error) {
    result = refusal(GenrtlError.of(error), await present().catch(() => null));
    // a job that began has told them itself
    if (!io.json) printNotes(io, 'specification', notesOf(GenrtlError.of(error)));
  }
  if (
    ASKED.has(result.error?.code ?? '') &&
    result.error &&
    io.interactive &&
    !io.json &&
    (await confirm(result.error.message))
  ) {
    return follow(
      io,
      jobs,
      workspace,
      () => jobs.resume(workspace, { approve: 'gate', maxUsd: null }, (update) => printUpdate(io, update)),
      () => presentResult(jobs, workspace),
    );
  }
  printResult(io, result);
}

async function presentResult(jobs: JobService, workspace: string): Promise<JobResult | null> {
  const [{ resultOf }, state] = await Promise.all([import('../../../job/job-service.ts'), jobs.state(workspace)]);
  return state === null ? null : resultOf(state);
}

async function confirm(question: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} Go on? [y/N] `)).trim());
  } finally {
    lines.close();
  }
}

async function jobService(io: CliIo, takeOver = false): Promise<JobService> {
  const [{ createJobService }, { connectBackend }] = await Promise.all([
    import('../../../job/job-service.ts'),
    import('../../../processes/backend.ts'),
  ]);
  return createJobService({
    env: io.env,
    takeOver,
    connect: () =>
      connectBackend(io.env, {
        onStarting: () => {
          if (!io.json) io.err('starting the embedded backend …');
        },
      }),
  });
}

export function registerJob(program: Command, io: CliIo): void {
  program
    .command('run')
    .description('turn a specification into verified RTL')
    .requiredOption('--spec <file>', `specification (${SPEC_EXTENSIONS.join(' ')})`)
    .requiredOption('--workspace <dir>', 'folder for sources and job state')
    .option('--max-usd <n>', 'hard cap over models and packages')
    .option('--max-repairs <n>', 'repair turns at most')
    .option(
      '--model <id>',
      'model for all services, e.g. openai/gpt-5.1; set OPENAI_API_KEY, ANTHROPIC_API_KEY or OPENAI_BASE_URL',
    )
    .option('--lint <tool>', 'lint tool (default verilator); cloud or cloud:TOOL: on the backend')
    .option('--sim <tool>', 'simulator (default icarus); cloud or cloud:TOOL: on the backend')
    .option('--accept <dir>', 'sealed acceptance tests')
    .option('--yes', 'pass every approval gate; not what was left untried, nor changes of testbenches')
    .option(...WAIVE, waiver, [])
    .option(...ACCEPT_BENCH_CHANGES)
    .option(...ACCEPT_FILE_CHANGES)
    .option(...TRUST)
    .option(...TAKE_OVER)
    .action(async (options: RunOptions) => {
      const jobs = await jobService(io, options.takeOver);
      const workspace = path.resolve(io.cwd, options.workspace);
      await follow(io, jobs, workspace, async () => {
        await trustIfAsked(options, io);
        return jobs.start(workspace, await settingsOf(options, io), (update) => printUpdate(io, update));
      });
    });

  program
    .command('resume')
    .description('continue a stopped job')
    .requiredOption('--workspace <dir>', 'folder of the job')
    .option('--yes', 'approve what the job waits for and what follows')
    .option('--max-usd <n>', 'raise the cap')
    .option(...WAIVE, waiver, [])
    .option(...ACCEPT_BENCH_CHANGES)
    .option(...TRUST)
    .option(...TAKE_OVER)
    .action(async (options: ResumeFlags) => {
      const jobs = await jobService(io, options.takeOver);
      const workspace = path.resolve(io.cwd, options.workspace);
      await follow(
        io,
        jobs,
        workspace,
        async () => {
          await trustIfAsked(options, io);
          return jobs.resume(
            workspace,
            {
              approve: options.yes ? 'all' : 'none',
              maxUsd: options.maxUsd === undefined ? null : usd(options.maxUsd, '--max-usd'),
              waivers: options.waive,
              acceptBenchChanges: options.acceptBenchChanges ?? false,
            },
            (update) => printUpdate(io, update),
          );
        },
        () => presentResult(jobs, workspace),
      );
    });

  program
    .command('status')
    .description('show the job of a workspace')
    .requiredOption('--workspace <dir>', 'folder of the job')
    .action(async (options: { workspace: string }) => {
      const { resultOf } = await import('../../../job/job-service.ts');
      const state = await (await jobService(io)).state(path.resolve(io.cwd, options.workspace));
      if (!state) throw new GenrtlError('NO_JOB', 'There is no job in this workspace.');
      if (io.json) io.out(JSON.stringify(resultOf(state)));
      else {
        for (const step of state.steps) printUpdate(io, { type: 'step', step });
        const waits = state.steps.at(-1)?.waiting;
        if (waits !== undefined) io.err(`${state.steps.at(-1)?.step_id ?? ''} ${waitText(waits)}`);
        io.err(
          `${state.status}: ${costText(state)} of ${state.settings.max_usd}${state.error ? `; ${state.error.code}: ${state.error.message}` : ''}`,
        );
      }
    });

  program
    .command('undo')
    .description('restore the files that the job touched')
    .requiredOption('--workspace <dir>', 'folder of the job')
    .option(...TAKE_OVER)
    .action(async (options: { workspace: string; takeOver?: boolean }) => {
      const restored = await (await jobService(io, options.takeOver)).undo(path.resolve(io.cwd, options.workspace));
      if (io.json) io.out(JSON.stringify({ event: 'result', status: 'done', files: restored }));
      else for (const file of restored) io.err(`restored ${file}`);
    });

  program
    .command('replay')
    .description('repeat the tool runs of a job and compare')
    .requiredOption('--workspace <dir>', 'folder of the job')
    .option('--yes', 'run it without a sandbox where none can be had')
    .action(async (options: { workspace: string; yes?: boolean }) => {
      const { replayJob } = await import('../../../processes/run-replay.ts');
      const workspace = path.resolve(io.cwd, options.workspace);
      const runs = await replayJob(workspace, io.env, options.yes === true, io.signal);
      const same = runs.every((run) => run.same);
      if (io.json) io.out(JSON.stringify({ event: 'result', status: same ? 'done' : 'failed', runs }));
      else for (const run of runs) io.err(`${run.same ? '✓' : '✗'} ${run.step_id}${run.same ? '' : `\n${run.output}`}`);
      io.exit(same ? 0 : 1);
    });
}
