// skill list|run|resume|batch|compare|stats|new|lint: options in, SkillPilot's results out; no logic of its own.
import path from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { GenrtlError } from '@genrtl/contracts';
import type { LauncherId, SkillHost } from '@genrtl/contracts/skill-contract.ts';
import { LAUNCHER_IDS, SKILL_HOSTS } from '@genrtl/contracts/skill-names.ts';
import type { LauncherSettings } from '@genrtl/contracts/skill-run.ts';
import type { SkillContext, SkillJobResult } from '../../../skills/index.ts';
import { writeAtomic } from '@genrtl/disk/records.ts';
import type { CliIo } from '../io.ts';
import { batchSummary, jobLines, listTable, statsText } from './skill-text.ts';

interface CommonOptions {
  runRoot?: string;
  skills?: string[];
}
interface SessionOptions {
  launcher: LauncherId;
  queue?: string;
  account?: string;
  cpus?: number;
  memoryMb?: number;
  queueTimeout?: number;
  launcherArg?: string[];
  tool?: string;
  pollMs?: number;
  heartbeatMs?: number;
  trust?: boolean;
}

/** The other commands start sooner without it. */
const loadSkills = () => import('../../../skills/index.ts');

const collect = (value: string, earlier: string[] | undefined): string[] => [...(earlier ?? []), value];
function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a positive whole number is needed');
  return value;
}

function contextOf(io: CliIo, options: CommonOptions): SkillContext {
  return {
    cwd: io.cwd,
    env: io.env,
    signal: io.signal,
    runRoot: options.runRoot,
    skillFolders: options.skills,
    onEvent: (event, runDir) => {
      if (io.json) io.out(JSON.stringify({ event: 'timeline', run_dir: runDir, entry: event }));
      else if (event.level !== 'INFO' || event.event === 'STATE_ENTERED')
        io.err(`${event.job_id}  ${event.event}  ${event.message}`);
    },
  };
}

async function launcherOf(options: SessionOptions): Promise<LauncherSettings> {
  if (!LAUNCHER_IDS.includes(options.launcher))
    throw new GenrtlError('USAGE', `'${options.launcher}' is no launcher; there are ${LAUNCHER_IDS.join(', ')}.`);
  const contracts = await import('@genrtl/contracts/skill-run.ts');
  return contracts.LauncherSettings.parse({
    id: options.launcher,
    queue: options.queue,
    account: options.account,
    cpus: options.cpus,
    memory_mb: options.memoryMb,
    queue_timeout_s: options.queueTimeout,
    extra: options.launcherArg,
  });
}

const withCommon = (command: Command): Command =>
  command
    .option('--run-root <dir>', 'where run directories are made (default: .genRTL/skill-runs)')
    .option('--skills <dir>', 'a folder with skills, searched first; may be repeated', collect);

const withSession = (command: Command): Command =>
  withCommon(command)
    .option('--launcher <id>', `how the tool is started: ${LAUNCHER_IDS.join(', ')}`, 'local')
    .option('--queue <name>', 'queue or partition of the scheduler')
    .option('--account <name>', 'account or project')
    .option('--cpus <n>', 'processors', positive)
    .option('--memory-mb <n>', 'memory', positive)
    .option('--queue-timeout <seconds>', 'longest wait in the queue', positive)
    .option('--launcher-arg <word>', 'a further argument of the submit command; may be repeated', collect)
    .option('--tool <path>', 'executable of the tool')
    .option('--poll-ms <n>', 'how often the tool looks for requests', positive)
    .option('--heartbeat-ms <n>', 'interval of the heartbeat', positive)
    .option('--trust', 'a skill of ./skills runs as it is now, here and from now on');

/** Prints a job's end and sets the exit code. */
async function report(io: CliIo, result: SkillJobResult): Promise<void> {
  const skills = await loadSkills();
  const summary = result.status === 'DONE' ? await skills.readSummary(result.run_dir) : null;
  const status =
    result.status === 'DONE'
      ? 'done'
      : result.status === 'WAITING_SELECTION'
        ? 'needs_input'
        : result.error_type === 'CANCELLED'
          ? 'cancelled'
          : 'failed';
  const { status: jobStatus, ...rest } = result;
  if (io.json) io.out(JSON.stringify({ event: 'result', status, job_status: jobStatus, ...rest, summary }));
  else jobLines(result, summary).forEach((line) => io.out(line));
  io.exit(skills.exitCodeOfJob(result));
}

function result(io: CliIo, value: Record<string, unknown>, text: string): void {
  io.out(io.json ? JSON.stringify({ event: 'result', status: 'done', ...value }) : text);
}

function registerJobs(group: Command, io: CliIo): void {
  withSession(
    group.command('run').argument('<skill>', 'name, or path of a skill folder').description('run a skill on a design'),
  )
    .option('--design <name>', 'name of the design in the summary')
    .option('--db <name>', 'database: a name to look for, or a path')
    .option('--search <dir>', 'where databases are looked for (default: the current folder); may be repeated', collect)
    .option('--param <name=value>', 'a parameter of the skill; may be repeated', collect)
    .option('--params <file>', 'parameters as YAML or JSON')
    .action(
      async (
        skill: string,
        options: CommonOptions &
          SessionOptions & { design?: string; db?: string; search?: string[]; param?: string[]; params?: string },
      ) => {
        const skills = await loadSkills();
        const context = contextOf(io, options);
        const launcher = await launcherOf(options);
        const parameters = await skills.readParameters(
          await skills.parameterSchema(skill, context),
          options.param ?? [],
          options.params ?? null,
          io.cwd,
        );
        await report(
          io,
          await skills.runSkillJob(
            {
              skill,
              design: options.design,
              database: options.db,
              searchPaths: options.search,
              parameters,
              launcher,
              tool: options.tool,
              pollMs: options.pollMs,
              heartbeatMs: options.heartbeatMs,
              trust: options.trust,
            },
            context,
          ),
        );
      },
    );

  withCommon(
    group
      .command('resume')
      .argument('<job>', 'job id or run directory')
      .description('choose a database, or close a job whose supervisor died'),
  )
    .option('--select <candidate>', 'number or path of the candidate')
    .action(async (job: string, options: CommonOptions & { select?: string }) => {
      const skills = await loadSkills();
      await report(io, await skills.resumeSkillJob(job, options.select ?? null, contextOf(io, options)));
    });

  withSession(
    group
      .command('batch')
      .argument('[plan]', 'YAML file: skill, max_parallel, entries')
      .description('run one skill on many designs'),
  )
    .option('--resume <batch>', 'go on with a batch by its id')
    .option('--retry-failed', 'with --resume: run failed entries again')
    .option('--search <dir>', 'where databases are looked for; may be repeated', collect)
    .action(
      async (
        plan: string | undefined,
        options: CommonOptions & SessionOptions & { resume?: string; retryFailed?: boolean; search?: string[] },
      ) => {
        const skills = await loadSkills();
        const context = contextOf(io, options);
        const session = {
          launcher: await launcherOf(options),
          tool: options.tool,
          pollMs: options.pollMs,
          heartbeatMs: options.heartbeatMs,
          trust: options.trust,
          searchPaths: options.search,
        };
        if ((plan === undefined) === (options.resume === undefined))
          throw new GenrtlError('USAGE', 'Name a plan, or a batch with --resume.');
        const done =
          plan === undefined
            ? await skills.resumeSkillBatch(
                options.resume ?? '',
                { ...session, retryFailed: options.retryFailed },
                context,
              )
            : await skills.runSkillBatch(
                { ...session, plan: await skills.readBatchPlan(path.resolve(io.cwd, plan)) },
                context,
              );
        const { text, status, exitCode } = batchSummary(done, io.signal.aborted);
        io.out(
          io.json
            ? JSON.stringify({
                event: 'result',
                status,
                batch_id: done.record.batch_id,
                file: done.file,
                entries: done.record.entries,
              })
            : text,
        );
        io.exit(exitCode);
      },
    );
}

function registerReports(group: Command, io: CliIo): void {
  withCommon(
    group
      .command('compare')
      .argument('[runs...]', 'job ids or run directories; the first is the baseline')
      .description('compare summaries'),
  )
    .option('--batch <id>', 'all finished jobs of a batch')
    .option('--threshold <rule>', 'such as wns>=0 or cells<=+5%; may be repeated; exit 1 when broken', collect)
    .option('--csv <file>', 'write CSV')
    .option('--html <file>', 'write an HTML page with charts')
    .action(
      async (
        runs: string[],
        options: CommonOptions & { batch?: string; threshold?: string[]; csv?: string; html?: string },
      ) => {
        const skills = await loadSkills();
        const context = contextOf(io, options);
        const comparison = await skills.compareRuns({
          runs,
          batch: options.batch,
          thresholds: options.threshold,
          runRoot: skills.runRootOf(context),
        });
        if (options.csv !== undefined)
          await writeAtomic(path.resolve(io.cwd, options.csv), skills.comparisonCsv(comparison));
        if (options.html !== undefined)
          await writeAtomic(path.resolve(io.cwd, options.html), skills.comparisonHtml(comparison));
        const broken = !skills.comparisonPasses(comparison);
        if (io.json) io.out(JSON.stringify({ event: 'result', status: broken ? 'failed' : 'done', comparison }));
        else io.out(skills.comparisonText(comparison));
        io.exit(broken ? 1 : 0);
      },
    );

  withCommon(group.command('stats').description('what many run directories say together'))
    .argument('[roots...]', 'further run roots')
    .option('--skill <name>', 'only this skill')
    .action(async (roots: string[], options: CommonOptions & { skill?: string }) => {
      const skills = await loadSkills();
      const stats = await skills.skillStats(
        [skills.runRootOf(contextOf(io, options)), ...roots.map((root) => path.resolve(io.cwd, root))],
        { skill: options.skill },
      );
      result(io, { stats }, statsText(stats));
    });
}

function registerAssets(group: Command, io: CliIo): void {
  withCommon(group.command('list').description('skills that are found')).action(async (options: CommonOptions) => {
    const skills = await loadSkills();
    const found = await skills.listSkills(contextOf(io, options));
    result(
      io,
      {
        skills: found.map(({ name, folder, skill, diagnostics, origin, trusted, hidesShipped, installed, sha256 }) => ({
          name,
          folder,
          origin,
          trusted,
          hides_shipped: hidesShipped,
          installed,
          sha256,
          contract: skill?.contract ?? null,
          metrics: skill?.metrics ?? [],
          diagnostics,
        })),
      },
      listTable(found),
    );
  });

  withCommon(
    group
      .command('trust')
      .argument('<skill>', 'name of a skill in ./skills')
      .description('let a skill of the workspace run on this machine, as it is now'),
  ).action(async (name: string, options: CommonOptions) => {
    const skills = await loadSkills();
    const trusted = await skills.trustSkillByName(name, null, contextOf(io, options));
    result(io, { skill: name, ...trusted }, `${name} may run here until it changes: ${trusted.folder}`);
  });

  group
    .command('new')
    .argument('<name>')
    .description('make a skill to start from')
    .option('--host <host>', `one of ${SKILL_HOSTS.join(', ')}`, 'tclsh')
    .option('--into <dir>', 'folder for skills', 'skills')
    .action(async (name: string, options: { host: SkillHost; into: string }) => {
      const skills = await loadSkills();
      const folder = await skills.newSkill({ name, host: options.host, into: path.resolve(io.cwd, options.into) });
      result(io, { folder }, `made ${folder}; try: genrtl skill lint ${folder}`);
    });

  withCommon(
    group
      .command('lint')
      .argument('<skill...>', 'names or paths')
      .description('check skills and run their offline tests'),
  ).action(async (names: string[], options: CommonOptions) => {
    const skills = await loadSkills();
    const results = [];
    for (const name of names) results.push(await skills.lintSkillByName(name, contextOf(io, options)));
    const passed = results.every((each) => each.passed);
    const diagnostics = results.flatMap((each) =>
      each.diagnostics.map((finding) => ({ ...finding, file: `${each.skill}/${finding.file ?? ''}` })),
    );
    if (io.json)
      io.out(
        JSON.stringify({
          event: 'result',
          status: passed ? 'done' : 'failed',
          diagnostics,
          skills: results.map(({ skill, passed: ok, tests }) => ({ skill, passed: ok, tests })),
        }),
      );
    else {
      diagnostics.forEach((each) => io.out(`${each.file}:${each.line ?? 1}: ${each.severity}: ${each.message}`));
      results.forEach((each) =>
        io.out(`${each.passed ? 'passed' : 'FAILED'}  ${each.skill} (${each.tests.length} tests)`),
      );
    }
    io.exit(passed ? 0 : 1);
  });
}

export function registerSkill(program: Command, io: CliIo): void {
  const group = program.command('skill').description('deterministic skills on EDA tools');
  registerJobs(group, io);
  registerReports(group, io);
  registerAssets(group, io);
}
